"""Playlist files that are there already, whoever wrote them: read, matched to the collection, checked, mended.

    bytes --reading--> Entry --places--> paths that it may mean --matching--> the track that it means
    Match --checking--> Finding --mending--> bytes

Such a file is somebody else's text. It is read up to a size, lists in it are not followed, addresses are not asked,
and no file that an entry names is opened: the catalogue is asked for it, and the file system whether it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.exports import Entry
    from essentialist.playlist_files.lines import Lines


@dataclass(frozen=True, slots=True)
class PlaylistFile:
    """A playlist as it was read.

    `places` say which bytes of the `content` name the file of each entry, None where none do, and are () where the
    format does not tell. Locations are as written where the format is made of `lines`, with surrogate escapes for bytes
    that are not UTF-8; the other formats have URIs there, and their locations are what those lead to.
    """

    path: Path
    title: str
    entries: tuple[Entry, ...]
    content: bytes = b""
    places: tuple[slice | None, ...] = ()
    lines: Lines | None = None

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return self.path.parent


def spoken(entry: Entry) -> str:
    """An entry for people: what it names, else what it says."""
    return entry.location or " - ".join(part for part in (entry.artist, entry.title) if part)
