"""M3U in UTF-8, the playlist that everything reads.

No byte order mark: of eleven players measured, seven lose the first track to it or show a bogus one. No blank line,
which Jellyfin takes for a track, and nothing but `#EXTM3U` on the first line.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from essentialist.errors import ExportError
from essentialist.exports import Entry, Exporter, Rendered
from essentialist.exports._entries import (
    MAX_BYTES,
    called,
    known_seconds,
    named_plainly,
    parted,
    plain_location,
    text,
    whole_seconds,
)

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist


def render(playlist: Playlist, locations: Locations) -> Rendered:
    """Write the list, leaving out files that the path style cannot name."""
    lines = ["#EXTM3U"]
    if title := text(playlist.title):
        lines.append(f"#PLAYLIST:{title}")
    tracks = named_plainly(playlist, locations)
    for track, line in tracks.lines:
        lines += (f"#EXTINF:{whole_seconds(track)},{called(track)}", line)
    return tracks.rendered("".join(f"{line}\n" for line in lines).encode())


def read(content: bytes, folder: Path) -> tuple[Entry, ...]:
    """List the entries; plain paths are joined to `folder`, URIs of files are decoded."""
    if len(content) > MAX_BYTES or b"\0" in content:
        raise ExportError("this is no M3U playlist: it is binary or far too long; choose another file")
    entries: list[Entry] = []
    said = Entry("")
    for line in re.split(rb"\r\n?|\n", content.removeprefix(codecs.BOM_UTF8)):
        stripped = line.strip(b" \t")
        if stripped.upper().startswith(b"#EXTINF:"):
            said = _said(stripped.decode(errors="replace"))
        elif stripped and not stripped.startswith(b"#"):
            entries.append(Entry(plain_location(stripped, folder), said.title, said.artist, "", said.duration))
            said = Entry("")
    return tuple(entries)


def _said(line: str) -> Entry:
    seconds, _, name = line.partition(":")[2].partition(",")
    return Entry("", *parted(name), duration=known_seconds(seconds.strip().split(" ", 1)[0]))


EXPORTER = Exporter(
    suffix=".m3u8",
    title="M3U playlist",
    mime="audio/x-mpegurl",  # the MIME type of HLS would make VLC look for a stream
    signature=re.compile(rb"(?:\xef\xbb\xbf)?#EXTM3U"),
    render=render,
    read=read,
    is_plain_text=True,
)
