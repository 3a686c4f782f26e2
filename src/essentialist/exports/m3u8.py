"""M3U in UTF-8, the playlist that everything reads.

No byte order mark: of eleven players measured, seven lose the first track to it or show a bogus one. No blank line,
which Jellyfin takes for a track, and nothing but `#EXTM3U` on the first line.
"""

from __future__ import annotations

import codecs
import math
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from essentialist.errors import ExportError, Inexpressible
from essentialist.exports import Exporter, Rendered, Skipped

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist
    from essentialist.track import Track

MAX_BYTES = 64 * 1024 * 1024  # some 500,000 entries; more is something else

_LINE_BREAKERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNPAIRED = re.compile(r"[\ud800-\udfff]")
_FILE_URI = re.compile(rb"file:(?://(?:localhost)?(?=/))?(?=/(?!/))", re.IGNORECASE)
_URI = re.compile(rb"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def render(playlist: Playlist, locations: Locations) -> Rendered:
    """Write the list, leaving out files that the path style cannot name."""
    lines = ["#EXTM3U"]
    if title := text(playlist.title):
        lines.append(f"#PLAYLIST:{title}")
    skipped: list[Skipped] = []
    downgraded: list[Path] = []
    for track in playlist.tracks:
        try:
            line = locations.line(track.path)
        except Inexpressible as error:
            skipped.append(Skipped(track.path, str(error)))
            continue
        if locations.downgraded(line):
            downgraded.append(track.path)
        lines += (_extinf(track), line)
    content = "".join(f"{line}\n" for line in lines).encode("utf-8")
    return Rendered(content, tuple(skipped), tuple(downgraded))


def read(content: bytes, folder: Path) -> tuple[str, ...]:
    """List what the entries name; plain paths are joined to `folder`, URIs of files are decoded."""
    if len(content) > MAX_BYTES or b"\0" in content:
        raise ExportError("this is no M3U playlist: it is binary or far too long; choose another file")
    lines = (line.strip(b" \t") for line in re.split(rb"\r\n?|\n", content.removeprefix(codecs.BOM_UTF8)))
    return tuple(_entry(line, folder) for line in lines if line and not line.startswith(b"#"))


def text(words: str) -> str:
    """Make a title safe for one line: runs of line breaks and control characters become one space."""
    return _UNPAIRED.sub("\N{REPLACEMENT CHARACTER}", _LINE_BREAKERS.sub(" ", words)).strip()


def _extinf(track: Track) -> str:
    seconds = -1 if track.duration is None or not math.isfinite(track.duration) else round(track.duration)
    artist, title = text(track.artist), text(track.title)
    return f"#EXTINF:{seconds},{artist} - {title}" if artist else f"#EXTINF:{seconds},{title}"


def _entry(line: bytes, folder: Path) -> str:
    scheme = _FILE_URI.match(line)
    if scheme:
        path = unquote_to_bytes(line[scheme.end() :])
        if b"\0" in path:
            raise ExportError("this is no M3U playlist: an entry names a NUL byte; choose another file")
        return os.fsdecode(path)
    if _URI.match(line):
        return os.fsdecode(line)
    return os.path.join(folder, os.fsdecode(line))


EXPORTER = Exporter(
    suffix=".m3u8",
    title="M3U playlist",
    mime="audio/x-mpegurl",  # the MIME type of HLS would make VLC look for a stream
    signature=re.compile(rb"(?:\xef\xbb\xbf)?#EXTM3U"),
    render=render,
    read=read,
)
