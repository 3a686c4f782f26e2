"""The Camelot wheel: keys as the hours of a clock, so that keys which mix well are neighbours.

Going round is a fifth up: 8B is C major, 9B is G major. The letter is the mode: a minor key (A) has the number of its
relative major (B), with which it shares its notes. Distances are counted in moves on the wheel: one hour, or from one
ring to the other. Naming by M. Davis (Camelot Sound, "Easymix"); the order is the circle of fifths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from essentialist.track import Track

HOURS: Final = 12
FURTHEST: Final = HOURS // 2 + 1

_STEPS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # semitones above C
_ACCIDENTALS: Final = {"#": 1, "♯": 1, "b": -1, "♭": -1}
_RINGS: Final = {"minor": "A", "min": "A", "m": "A", "major": "B", "maj": "B", "": "B"}
_FIFTH: Final = 7  # semitones; its own inverse modulo 12, so it also turns semitones into hours
_C_MAJOR_HOUR: Final = 8
_MINOR_THIRD: Final = 3

_TONIC: Final = re.compile(r"([A-Ga-g])([#♯b♭]*)")
_CODE: Final = re.compile(r"(1[0-2]|0?[1-9])([AB])", re.IGNORECASE)


NAMES: Final = {  # by ring and number, 1 to 12, in the spelling that most use
    "A": ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m"),
    "B": ("B", "F#", "C#", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E"),
}
_OPEN_KEY_FROM: Final = 7  # 1d, C major, is 8B


@dataclass(frozen=True, slots=True)
class Hour:
    """A place on the wheel: `number` 1 to 12, `ring` "A" for minor keys and "B" for major ones."""

    number: int
    ring: str

    def __str__(self) -> str:
        return f"{self.number}{self.ring}"

    @property
    def index(self) -> int:
        """0 to 23: 1A, 1B, 2A, and so on."""
        return 2 * (self.number - 1) + (self.ring == "B")

    @property
    def name(self) -> str:
        """The key in letters, as in "Am" and "F#"."""
        return NAMES[self.ring][self.number - 1]

    @property
    def open_key(self) -> str:
        """The key in Open Key notation: C major is 1d, A minor 1m."""
        return f"{(self.number - 1 - _OPEN_KEY_FROM) % HOURS + 1}{'m' if self.ring == 'A' else 'd'}"


def parse(code: str) -> Hour | None:
    """Return the place that a code such as "8A", "08a" or "12B" names, or None."""
    match = _CODE.fullmatch(code.strip())
    return Hour(int(match[1]), match[2].upper()) if match else None


def camelot(key: str, scale: str) -> str | None:
    """Name a key by its code: `camelot("A", "minor")` is "8A".

    Sharps and flats in any spelling ("Bb", "A#", "B♭", "Cbb"); scale "major" or "minor", also "maj", "min", "m". None
    for what is not a key.
    """
    tonic, ring = _TONIC.fullmatch(key.strip()), _RINGS.get(scale.strip().lower())
    if tonic is None or ring is None:
        return None
    pitch_class = _STEPS[tonic[1].upper()] + sum(_ACCIDENTALS[sign] for sign in tonic[2])
    relative_major = pitch_class + (_MINOR_THIRD if ring == "A" else 0)
    return str(Hour((relative_major * _FIFTH + _C_MAJOR_HOUR - 1) % HOURS + 1, ring))


def distance(a: Hour, b: Hour) -> int:
    """Count the moves between two places, 0 to 7: 1 for a fifth up or down and for the relative major or minor."""
    around = abs(a.number - b.number)
    return min(around, HOURS - around) + (a.ring != b.ring)


def place_of(track: Track) -> Hour | None:
    """Find where a track's key lies on the wheel: its descriptor `camelot`, else its key and scale."""
    code = track.label("camelot")
    if code is None:
        code = camelot(track.label("key") or "", track.label("scale") or "none")
    return parse(code) if code else None


WHEEL: Final = tuple(Hour(number, ring) for number, ring in product(range(1, HOURS + 1), "AB"))
"""Every place, in the order of `Hour.index`."""
