"""A playlist file that a visitor brings: read as far as a playlist goes, and matched to the library."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Final

from essentialist.errors import EssentialistError, PlaylistError
from essentialist.playlist import Playlist
from essentialist.playlist_files import spoken
from essentialist.playlist_files.matching import Collection
from essentialist.playlist_files.reading import is_playlist_name, parse
from essentialist.web.options import MOST_MEGABYTES
from essentialist.web.views.taking import music_folder

if TYPE_CHECKING:
    from essentialist.playlist_files.matching import Matched
    from essentialist.web.studio import Studio

MOST_ENTRIES: Final = 20_000
MOST_SHOWN: Final = 500  # entries that mean nothing here
LONGEST: Final = 300  # characters of an entry that are shown


def matched(studio: Studio, name: str, content: bytes) -> Matched:
    """What the entries mean; relative paths start from the music folder. PlaylistError for what is no playlist."""
    plain = PurePosixPath(PureWindowsPath(name).name).name
    if not is_playlist_name(plain) or len(content) > MOST_MEGABYTES << 20:
        raise PlaylistError(f"A playlist of at most {MOST_MEGABYTES} MB is wanted, such as a .m3u8.")
    try:
        file = parse(content, music_folder(studio) / plain)
    except EssentialistError as error:
        raise PlaylistError(f"{plain} cannot be read as a playlist: {str(error).rstrip('.')}.") from error
    if len(file.entries) > MOST_ENTRIES:
        raise PlaylistError(f"{plain} has {len(file.entries):,} entries; at most {MOST_ENTRIES:,} are matched here.")
    return Collection(studio.library.catalog).match(file)


def unknown(found: Matched) -> list[str]:
    """The entries that mean no track here, for people."""
    return [spoken(entry)[:LONGEST] for entry in found.unknown[:MOST_SHOWN]]


def playlist(found: Matched) -> Playlist:
    """The tracks that were found."""
    return Playlist(found.title[:100], found.tracks, {track.id: "listed" for track in found.tracks})
