"""Read any playlist file into its entries; its suffix says which format it is."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from essentialist.errors import EssentialistError, PlaylistError
from essentialist.exports import Entry, exporters
from essentialist.playlist_files import PlaylistFile, lines, m3u, pls
from essentialist.playlist_files.lines import MOST_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

T = TypeVar("T")

MOST_BYTES: Final = 64 * 1024 * 1024
LINED: Final[Mapping[str, Callable[[lines.Lines], Iterator[tuple[lines.At, Entry]]]]] = {
    ".m3u8": m3u.entries,
    ".m3u": m3u.entries,
    ".pls": pls.entries,
}
"""Formats made of lines, which are read more leniently than we write them."""


def read_playlist(path: Path) -> PlaylistFile:
    """Read a playlist. Raises PlaylistError for a file that cannot be read or is no playlist."""
    if not is_playlist_name(path.name):
        raise PlaylistError(f"{path} is no playlist that can be read. Give one that ends in {', '.join(suffixes())}.")
    content = content_of(path)
    try:
        return parse(content, Path(os.path.abspath(path)))
    except EssentialistError as error:
        raise PlaylistError(f"{path} cannot be read as a playlist: {str(error).rstrip('.')}.") from error


def content_of(path: Path) -> bytes:
    """A playlist's bytes, as far as it has no more than any playlist."""
    try:
        if not path.is_file() and path.exists():
            raise PlaylistError(f"{path} is no file. Name a playlist.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise PlaylistError(f"Cannot read the playlist {path}: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise PlaylistError(f"{path} is far too long for a playlist. Name another file.")
    return content


def parse(content: bytes, path: Path) -> PlaylistFile:
    """Read the bytes of a playlist that lies at this path; raises an EssentialistError for what is none."""
    suffix = path.suffix.lower()
    if suffix in LINED:
        text = lines.read(content)
        found = bounded(LINED[suffix](text))
        title = "" if suffix == ".pls" else m3u.title(text)
        places = text.places([at for at, _ in found])
        return PlaylistFile(path, title, tuple(entry for _, entry in found), content, places, text)
    exporter = next(each for each in exporters() if each.suffix == suffix)
    entries = bounded(exporter.read(content, path.parent))
    return PlaylistFile(path, "", entries, content, exporter.places(content) if exporter.places else ())


def bounded(entries: Iterable[T]) -> tuple[T, ...]:
    """All entries, if they are as many as a playlist may have."""
    found = tuple(islice(entries, MOST_ENTRIES + 1))
    if len(found) > MOST_ENTRIES:
        raise PlaylistError(f"it has more than {MOST_ENTRIES:,} entries")
    return found


def is_playlist_name(name: str) -> bool:
    """Whether a file's suffix is that of a playlist which can be read."""
    return name.lower().endswith(suffixes())


def suffixes() -> tuple[str, ...]:
    """The suffixes of the playlists that can be read."""
    return tuple(sorted({*LINED, *(each.suffix for each in exporters())}))
