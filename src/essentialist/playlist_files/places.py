r"""Where an entry may lead: from a location, as somebody's player wrote it, to paths of this machine.

music/a.mp3, /music/a.mp3      as they stand, from the folder of the playlist
file:///music/a%20b.mp3        decoded
music\a.mp3                    as it stands, for a name may hold a `\`; then with `/`
music/a%20b.mp3                as it stands; then decoded, as VLC writes it
bytes that are not UTF-8       as they stand; then as Windows-1252
D:\a.mp3, \\NAS\a.mp3          nowhere here; its names are of use
http://…                       nowhere here; its names are of use
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import unquote_to_bytes, urlsplit

from essentialist.playlist_files.lines import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Kind = Literal["path", "uri", "windows", "address"]

_FILE_URI: Final = re.compile(r"file:(?://(?P<host>[^/\\]*))?(?=[/\\])", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
_SEPARATORS: Final = re.compile(r"[\\/]+")
_ESCAPED: Final = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Place:
    """The absolute paths that an entry may mean, the plainest reading first, and how it was written.

    `tails` are readings of its names, folders and file, for what is looked for elsewhere.
    """

    kind: Kind
    paths: tuple[str, ...]
    tails: tuple[tuple[str, ...], ...]


def place_of(location: str, folder: Path) -> Place:
    """Read a location of a playlist in this folder. Pure: nothing is looked at."""
    if not location:
        return Place("path", (), ())
    uri = _FILE_URI.match(location)
    if uri:
        path = os.fsdecode(unquote_to_bytes(os.fsencode(location[uri.end() :])))
        if uri["host"] and uri["host"].lower() != "localhost":
            return Place("windows", (), (names(path),))
        if _DRIVE.match(path[1:]):
            return Place("windows", (), (names(path),))
        path = re.sub(r"^(?:\\|/+)", "/", path)
        return Place("uri", openable([path]), (names(path),))
    if _ADDRESS.match(location):
        return Place("address", (), (names(address_path(location)),))
    if _DRIVE.match(location) or location.startswith("\\\\"):
        return Place("windows", (), tuple(names(each) for each in spellings(location)))
    written = [os.path.join(folder, each) for each in spellings(location)]
    return Place("path", openable(written), tuple(dict.fromkeys(map(names, spellings(location)))))


def spellings(location: str) -> Iterator[str]:
    """A plain path as it stands, then as it may be meant."""
    yield location
    legacy = readable(location)
    if legacy != location:
        yield legacy
    if "\\" in location:
        yield legacy.replace("\\", "/")
    if _ESCAPED.search(location):
        yield os.fsdecode(unquote_to_bytes(os.fsencode(location))).replace("\\", "/")


def openable(paths: Sequence[str]) -> tuple[str, ...]:
    """Absolute paths, once each. A `..` stays: after a symbolic link it leads where only the file system knows."""
    return tuple(dict.fromkeys(path for path in paths if "\0" not in path))


def names(path: str) -> tuple[str, ...]:
    """The folders and the file that a path names, whatever its separators, without a drive."""
    found = [name for name in _SEPARATORS.split(path) if name not in {"", ".", ".."}]
    return tuple(found[1:] if found and re.fullmatch(r"[A-Za-z]:", found[0]) else found)


def address_path(location: str) -> str:
    """The path of an address of the web, decoded; "" for what is none."""
    try:
        path = urlsplit(location).path
    except ValueError:
        return ""
    return os.fsdecode(unquote_to_bytes(os.fsencode(path)))
