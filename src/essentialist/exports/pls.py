"""PLS 2: the INI-like list of Winamp, which players of internet radio read; names files as M3U does."""

from __future__ import annotations

import codecs
import os
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
    whole_seconds,
)

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist

_KEY = re.compile(rb"(file|title|length)([0-9]{1,9})[ \t]*=", re.IGNORECASE)


def render(playlist: Playlist, locations: Locations) -> Rendered:
    """Write the list, leaving out files that the path style cannot name."""
    lines = ["[playlist]"]
    tracks = named_plainly(playlist, locations)
    for number, (track, line) in enumerate(tracks.lines, 1):
        lines += (f"File{number}={line}", f"Title{number}={called(track)}", f"Length{number}={whole_seconds(track)}")
    lines += (f"NumberOfEntries={len(tracks.lines)}", "Version=2")
    return tracks.rendered("".join(f"{line}\n" for line in lines).encode())


def read(content: bytes, folder: Path) -> tuple[Entry, ...]:
    """List the entries in the order of their numbers."""
    if len(content) > MAX_BYTES or b"\0" in content:
        raise ExportError("this is no PLS playlist: it is binary or far too long; choose another file")
    said: dict[int, dict[bytes, bytes]] = {}
    for line in re.split(rb"\r\n?|\n", content.removeprefix(codecs.BOM_UTF8)):
        key = _KEY.match(line)
        if key:
            said.setdefault(int(key[2]), {})[key[1].lower()] = line[key.end() :].strip(b" \t")
    return tuple(
        Entry(
            plain_location(known[b"file"], folder),
            *parted(os.fsdecode(known.get(b"title", b""))),
            duration=known_seconds(os.fsdecode(known.get(b"length", b""))),
        )
        for _, known in sorted(said.items())
        if known.get(b"file")
    )


EXPORTER = Exporter(
    suffix=".pls",
    title="PLS playlist",
    mime="audio/x-scpls",
    signature=re.compile(rb"(?:\xef\xbb\xbf)?\s*\[playlist\]", re.IGNORECASE),
    render=render,
    read=read,
    is_plain_text=True,
)
