"""PLS: `File1=`, `Title1=` and `Length1=` in any order, numbered."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from essentialist.errors import PlaylistError
from essentialist.exports import Entry
from essentialist.playlist_files.lines import MOST_ENTRIES, At
from essentialist.playlist_files.m3u import length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from essentialist.playlist_files.lines import Lines

KEY: Final = re.compile(r"\s*(file|title|length)(\d{1,9})\s*=(.*)", re.IGNORECASE)
SECONDS: Final = re.compile(r"\s*-?\d{1,9}(?:\.\d{1,9})?\s*")


def entries(lines: Lines) -> Iterator[tuple[At, Entry]]:
    """Where every entry names its file, and the entry, in the order of its number."""
    said: defaultdict[int, dict[str, str]] = defaultdict(dict)
    places: dict[int, At] = {}
    for number, line in enumerate(lines.lines):
        found = KEY.match(line.rstrip("\r\n"))
        if found:
            if len(said) > MOST_ENTRIES:
                raise PlaylistError(f"it has more than {MOST_ENTRIES:,} entries")
            said[int(found[2])][found[1].lower()] = found[3]
            if found[1].lower() == "file":
                places[int(found[2])] = At(number, found.start(3))
    for each in sorted(places):
        known = said[each]
        artist, dash, name = lines.readable(known.get("title", "").strip()).partition(" - ")
        seconds = known.get("length", "")
        entry = Entry(
            known["file"],
            title=name if dash else artist,
            artist=artist if dash else "",
            duration=length(seconds) if SECONDS.fullmatch(seconds) else None,
        )
        yield places[each], entry
