"""Chords by function: Roman numerals in a key, and the pitches that sound them.

Pitches are MIDI notes (60 is middle C, 69 is A at 440 Hz); intervals are semitones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.demo import Scale

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
SCALES: Mapping[Scale, tuple[int, ...]] = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
DEGREES = ("I", "II", "III", "IV", "V", "VI", "VII")
NUMERAL = re.compile(r"(b?)([IV]+|[iv]+)(°?)(maj7|7|sus|)")
SEVENTHS = {"maj7": 11, "7": 10}


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic (pitch class, 0 is C) and its scale."""

    tonic: int
    scale: Scale

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The seven pitch classes of the scale."""
        return frozenset((self.tonic + step) % 12 for step in SCALES[self.scale])


@dataclass(frozen=True, slots=True)
class Chord:
    """A root (pitch class) and intervals above it, the root's 0 first."""

    root: int
    intervals: tuple[int, ...]

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """The pitch classes from the root upwards."""
        return tuple((self.root + interval) % 12 for interval in self.intervals)


def chord(numeral: str, key: Key) -> Chord:
    """The chord of a Roman numeral: `IV`, `ii7`, `Imaj7`, `vii°`, `Vsus`, `bVII`.

    Upper case is a major triad and lower case a minor one; the root is the degree of the key's own scale.
    """
    match = NUMERAL.fullmatch(numeral)
    if match is None or match[2].upper() not in DEGREES:
        raise ValueError(f"{numeral!r} is not a chord; write I to VII, with b, °, 7, maj7 or sus where needed.")
    flat, degree, diminished, suffix = match.groups()
    root = key.tonic + SCALES[key.scale][DEGREES.index(degree.upper())] - len(flat)
    third = 5 if suffix == "sus" else 4 if degree.isupper() else 3
    fifth = 6 if diminished else 7
    seventh = (SEVENTHS[suffix],) if suffix in SEVENTHS else ()
    return Chord(root % 12, (0, third, fifth, *seventh))


def above(pitch_class: int, low: int) -> int:
    """The first pitch of this class at or above `low`."""
    return low + (pitch_class - low) % 12


def voicing(of: Chord, low: int) -> tuple[int, ...]:
    """The chord's pitches within the octave above `low`, so that neighbouring chords lie close to each other."""
    return tuple(sorted(above(pitch_class, low) for pitch_class in of.pitch_classes))


def ladder(key: Key, over: Chord, low: int, octaves: int = 2) -> tuple[int, ...]:
    """The pitches that a melody may step on over a chord.

    These are the scale's, but where the chord leaves the scale (the leading note of a minor key) its tone replaces
    the scale's own neighbours a semitone away, unless they are the tonic or the chord's.
    """
    foreign = set(over.pitch_classes) - key.pitch_classes
    clashing = {(tone + step) % 12 for tone in foreign for step in (-1, 1)} - {key.tonic, *over.pitch_classes}
    allowed = (key.pitch_classes - clashing) | foreign
    return tuple(pitch for pitch in range(low, low + 12 * octaves) if pitch % 12 in allowed)
