"""What the playlist formats share: texts that fit a line, and what an entry names."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from essentialist.errors import ExportError, Inexpressible
from essentialist.exports import Rendered, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist
    from essentialist.track import Track

MAX_BYTES: Final = 64 * 1024 * 1024  # some 500,000 entries; more is something else

MAX_ENTRIES: Final = 1_000_000

ARTIST: Final = " - "  # between artist and title

_LINE_BREAKERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NO_CHARACTER = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_FILE_URI = re.compile(rb"file:(?://(?:localhost)?(?=/))?(?=/(?!/))", re.IGNORECASE)
_URI = re.compile(rb"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_WINDOWS = re.compile(rb"[a-z]:[\\/]|\\\\", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """The tracks that can be named, each with the text that names it, and what could not be."""

    lines: tuple[tuple[Track, str], ...]
    skipped: tuple[Skipped, ...]
    downgraded: tuple[Path, ...] = ()

    def rendered(self, content: bytes) -> Rendered:
        """The playlist with what is to be reported of it."""
        return Rendered(content, self.skipped, self.downgraded)


def named(playlist: Playlist, name: Callable[[Path], str]) -> Named:
    """Name each track by a method of `Locations`, leaving out files that it cannot name."""
    lines: list[tuple[Track, str]] = []
    skipped: list[Skipped] = []
    for track in playlist.tracks:
        try:
            lines.append((track, name(track.path)))
        except Inexpressible as error:
            skipped.append(Skipped(track.path, str(error)))
    return Named(tuple(lines), tuple(skipped))


def named_plainly(playlist: Playlist, locations: Locations) -> Named:
    """Name each track by a line of M3U or PLS, and remember which lines `auto` made URIs."""
    tracks = named(playlist, locations.line)
    return replace(tracks, downgraded=tuple(track.path for track, line in tracks.lines if locations.downgraded(line)))


def image(playlist: Playlist, track: Track, locations: Locations) -> str:
    """The URI reference of the cover beside a track, "" where there is none."""
    cover = playlist.covers.get(os.path.dirname(track.path)) if playlist.covers else None
    try:
        return locations.reference(cover) if cover else ""
    except Inexpressible:
        return ""


def text(words: str) -> str:
    """Make a text safe for one line, and for XML: runs of line breaks and control characters become one space."""
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", _LINE_BREAKERS.sub(" ", words)).strip()


def called(track: Track) -> str:
    """Artist and title as players show them."""
    artist, title = text(track.artist), text(track.title)
    return f"{artist}{ARTIST}{title}" if artist else title


def parted(name: str) -> tuple[str, str]:
    """Title and artist of what a list calls a track; the artist is "" where it has none."""
    artist, found, title = name.partition(ARTIST)
    return (title.strip(), artist.strip()) if found else (name.strip(), "")


def whole_seconds(track: Track) -> int:
    """The length for formats that write -1 where it is not known."""
    return -1 if track.duration is None or not math.isfinite(track.duration) else round(track.duration)


def milliseconds(track: Track) -> int | None:
    """The length for XSPF and JSPF."""
    length = math.nan if track.duration is None else track.duration * 1000
    return round(length) if math.isfinite(length) else None


def known_seconds(number: object, per_second: int = 1) -> float | None:
    """A length that a playlist gives, in s; None for what is none."""
    try:
        seconds = float(str(number)) / per_second
    except ValueError:
        return None
    return seconds if 0 <= seconds < math.inf else None


def plain_location(line: bytes, folder: Path) -> str:
    """What a line of M3U or PLS names: a path as it stands, or a URI."""
    if _FILE_URI.match(line):
        return _file_of(line)
    if _URI.match(line) or _WINDOWS.match(line):
        return os.fsdecode(line)
    return os.path.join(folder, os.fsdecode(line))


def uri_location(reference: str, folder: Path) -> str:
    """What a URI reference of XSPF or JSPF names; a relative one is decoded, too."""
    encoded = reference.encode("utf-8", errors="surrogateescape")
    if _FILE_URI.match(encoded):
        return _file_of(encoded)
    return reference if _URI.match(encoded) else os.path.join(folder, _decoded(encoded))


def _file_of(uri: bytes) -> str:
    """The path in a file URI; a drive is one only where its colon is not encoded, so that `/C:` can be a folder."""
    path = _FILE_URI.sub(b"", uri, count=1)
    return _decoded(path[1:] if _WINDOWS.match(path[1:]) else path)


def _decoded(path: bytes) -> str:
    decoded = unquote_to_bytes(path)
    if b"\0" in decoded:
        raise ExportError("this is no playlist: an entry names a NUL byte; choose another file")
    return os.fsdecode(decoded)
