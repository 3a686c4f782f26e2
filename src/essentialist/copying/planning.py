"""What is copied to where, as far as it fits; nothing is written yet."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from essentialist.catalogue.roots import root_of
from essentialist.copying import Item, Plan, Wanted
from essentialist.copying.forms import FORMS, KBIT_S
from essentialist.copying.names import Names, safe
from essentialist.errors import ExportError
from essentialist.files.covers import inside
from essentialist.playlist_files.checking import regular

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from essentialist.playlist import Playlist
    from essentialist.track import Track

HEAD: Final = 16_384  # bytes of tags and headers of a transcoded file, about
_SIZE: Final = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)


def parse_size(text: str) -> int:
    """Read "700MB", "8 GB" or "7.5GiB" as bytes; raises ExportError for anything else."""
    match = _SIZE.fullmatch(text.strip())
    size = 0
    if match:
        size = int(float(match[1]) * (1024 if match[3] else 1000) ** " kmgt".index(match[2].lower() or " "))
    if size <= 0:
        raise ExportError(f"{text!r} is no size; write one such as 8GB or 700MB")
    return size


def plan(playlist: Playlist, roots: Sequence[str], wanted: Wanted) -> Plan:
    """Give every file its place, in the order of the playlist; what goes beyond the limit is left out.

    Raises ExportError where nothing is left.
    """
    names = Names()
    items: list[Item] = []
    no_room: list[Track] = []
    missing: list[Path] = []
    outside: list[Path] = []
    left = wanted.limit
    folder = safe(playlist.title)
    tracks = tuple({track.id: track for track in playlist.tracks}.values())
    for track in tracks:
        status = regular(str(track.path))
        if status is None:
            missing.append(track.path)
            continue
        if root_of(track.path, roots) is None:
            outside.append(track.path)
            continue
        suffix = suffix_of(track, wanted)
        transcoded = suffix != track.path.suffix.lower()
        size = about(track, wanted) if transcoded else status.st_size
        if left is not None and size > left:
            no_room.append(track)
            continue
        left = None if left is None else left - size
        if wanted.numbered:
            stem = f"{len(items) + 1:0{max(3, len(str(len(tracks))))}} {spoken(track)}"
            target = names.free(folder, stem, suffix)
        else:
            *folders, _ = within(str(track.path), roots).split("/")
            target = names.free("/".join(map(safe, folders)), track.path.stem, suffix)
        items.append(Item(track, target, transcoded, size, status.st_mtime_ns))
    if not items:
        raise ExportError(_nothing(no_room, outside))
    return Plan(playlist.title, tuple(items), tuple(no_room), tuple(missing), tuple(outside))


def _nothing(no_room: Sequence[Track], outside: Sequence[Path]) -> str:
    """Why nothing is left to copy, and what to do."""
    if no_room:
        return "not even one track fits into the limit; give more room, or a smaller format"
    if outside:
        return f"{outside[0]} leads out of the folders that were analysed; analyse the folder that it leads to"
    return "no file of the playlist is there; is the drive with the music connected?"


def suffix_of(track: Track, wanted: Wanted) -> str:
    """The suffix that the copy gets; files of the wished format are copied as they are."""
    return track.path.suffix.lower() if wanted.form is None else FORMS[wanted.form].suffix


def about(track: Track, wanted: Wanted) -> int:
    """How many bytes a track will have when it is transcoded; its cover counts as in text, which Opus has."""
    kbit_s = wanted.kbit_s or KBIT_S[wanted.form or ""]
    try:
        cover = inside(track.path)
    except OSError:  # copying will tell
        cover = None
    return HEAD + round((track.duration or 0) * kbit_s * 125) + (len(cover.content) * 4 // 3 if cover else 0)


def within(path: str, roots: Sequence[str]) -> str:
    """A path from the innermost folder of the collection that it lies in; else its name."""
    for root in sorted(roots, key=len, reverse=True):
        if path.startswith(root.rstrip("/") + "/"):
            return path[len(root.rstrip("/")) + 1 :]
    return os.path.basename(path)


def spoken(track: Track) -> str:
    """A track as the name of a file."""
    return f"{track.artist} - {track.title}" if track.artist else track.title
