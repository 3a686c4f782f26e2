"""M3U as players write it: `#EXTINF:123,Artist - Title`, `#EXTALB:`, `#EXTART:`, then the line that names the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from essentialist.exports import Entry
from essentialist.playlist_files.lines import At

if TYPE_CHECKING:
    from collections.abc import Iterator

    from essentialist.playlist_files.lines import Lines

EXTINF: Final = re.compile(r"#EXTINF:\s*(-?\d{1,9}(?:\.\d{1,9})?)?(?:[^,\"]|\"[^\"]*\")*,(.*)", re.IGNORECASE)
SAID: Final = re.compile(r"#(EXTALB|EXTART|PLAYLIST):(.*)", re.IGNORECASE)


def title(lines: Lines) -> str:
    """What the list is called, "" where it does not say."""
    for line in lines.lines[:100]:
        said = SAID.match(line)
        if said and said[1].upper() == "PLAYLIST":
            return lines.readable(said[2].strip())
    return ""


def entries(lines: Lines) -> Iterator[tuple[At, Entry]]:
    """Where every entry names its file, and the entry with what the comments above it say."""
    known: dict[str, str] = {}
    seconds: float | None = None
    for number, line in enumerate(lines.lines):
        text = line.strip(" \t\r\n")
        if not text.startswith("#"):
            if text:
                yield At(number), Entry(text, duration=seconds, **known)
                known, seconds = {}, None
            continue
        extinf, said = EXTINF.match(text), SAID.match(text)
        if extinf:
            artist, dash, name = lines.readable(extinf[2].strip()).partition(" - ")
            known.update({"title": name.strip(), "artist": artist.strip()} if dash else {"title": artist})
            seconds = length(extinf[1])
        elif said and said[1].upper() != "PLAYLIST":
            known["album" if said[1].upper() == "EXTALB" else "artist"] = lines.readable(said[2].strip())


def length(text: str | None) -> float | None:
    """A length in s; None for none, or for the -1 and 0 of what is not known."""
    seconds = float(text or 0)
    return seconds if seconds > 0 else None
