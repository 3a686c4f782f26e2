"""The keys of the collection on the Camelot wheel: neighbours on it mix well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.camelot import WHEEL, camelot
from essentialist.query.columns import ABSENT

if TYPE_CHECKING:
    from essentialist.query import Columns, Texts

_TONICS: Final = {
    "minor": ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"),
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
}
NAMES: Final = {camelot(tonic, scale): f"{tonic} {scale}" for scale, tonics in _TONICS.items() for tonic in tonics}
"""The key of each place on the wheel, as most write it."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A key: its `code` on the wheel, its name, how many tracks, and the query that finds them."""

    code: str
    name: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class KeyWheel:
    """The 24 keys in the order of `camelot.WHEEL`, and how many tracks have one."""

    segments: tuple[Segment, ...]
    n_known: int

    def most(self, n: int) -> tuple[Segment, ...]:
        """The most frequent keys."""
        falling = sorted(self.segments, key=lambda segment: -segment.count)
        return tuple(segment for segment in falling[:n] if segment.count)


def key_wheel(columns: Columns) -> KeyWheel | None:
    """The wheel; None where no track has a key."""
    counts = text_counts(columns.texts["camelot"]) if "camelot" in columns.texts else {}
    codes = [str(hour) for hour in WHEEL]
    segments = tuple(Segment(code, NAMES[code], counts.get(code.lower(), 0), f"camelot:{code}") for code in codes)
    n_known = sum(segment.count for segment in segments)
    return KeyWheel(segments, n_known) if n_known else None


def text_counts(texts: Texts) -> dict[str, int]:
    """How many tracks have each text, as it is folded."""
    different = texts.folded.decode().split("\n")[: len(texts.starts)]
    counts = np.bincount(texts.codes[texts.codes != ABSENT], minlength=len(different)).tolist()
    found: dict[str, int] = {}
    for text, count in zip(different, counts, strict=True):  # texts that differ in case or accents fold to one
        found[text] = found.get(text, 0) + count
    return found
