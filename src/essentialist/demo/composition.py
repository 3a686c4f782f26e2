"""From a piece and its style to notes.

A part is written as one line of steps a bar, in chord tones, so that the same line fits every chord:

    1 3 5 7 8   root, third, fifth, seventh (without one, the root) and octave of the bar's chord
    x           the whole chord
    m           the next tone of a melody, which walks the scale by chance
    -           the tone before is held on
    .           silence

Several lines take turns. The last bar is the tonic, the one before it the dominant, so that the key is beyond doubt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from essentialist.demo.harmony import TONICS, Chord, Key, above, chord, ladder, voicing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from essentialist.demo import Piece
    from essentialist.demo.drums import Drum, Groove, Line
    from essentialist.demo.instruments import Voice

MUSIC_S = 25.0  # at most, without the tail in which the last notes ring
ON_BEAT, OFF_BEAT = 0.85, 0.65  # velocities
PHRASE = (0, 1, 0, 2)  # which of a melody's three motifs each bar of a phrase takes up
MOVES = (-2, -1, -1, 1, 1, 2)  # a melody's, in rungs of the ladder


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument: what it plays and where it stands in the mix.

    `low` is the lowest MIDI note; `level` in dB (mean power of the part); `pan` from -1 (left) to 1; `width` the
    detuning in cents between left and right; `room` the share sent to the reverberation; `enters` the first bar.
    """

    voice: Voice
    lines: tuple[str, ...]
    low: int
    level: float
    pan: float = 0.0
    width: float = 0.0
    room: float = 0.2
    enters: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A tone: when and for how long in seconds, its MIDI pitch, and its velocity from 0 to 1."""

    start: float
    length: float
    pitch: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A stroke on a drum, at `start` seconds."""

    start: float
    drum: Drum
    velocity: float
    pan: float


@dataclass(frozen=True, slots=True)
class Form:
    """The frame of a piece: its key, a chord a bar, and the length of a bar in beats and in seconds."""

    key: Key
    chords: tuple[Chord, ...]
    beats_per_bar: int
    bar_s: float

    @property
    def seconds(self) -> float:
        """From the first bar to the end of the last."""
        return len(self.chords) * self.bar_s


def form(piece: Piece, beats_per_bar: int) -> Form:
    """As many bars as fit, the progression repeated, the end a cadence."""
    key = Key(TONICS.index(piece.key), piece.scale)
    bar_s = beats_per_bar * 60 / piece.bpm
    numerals = piece.progression.split()
    n_bars = int(MUSIC_S / bar_s)
    tonic = "I" if piece.scale == "major" else "i"
    bars = [numerals[bar % len(numerals)] for bar in range(n_bars - 2)] + ["V", tonic]
    return Form(key, tuple(chord(numeral, key) for numeral in bars), beats_per_bar, bar_s)


def onsets(line: str) -> Iterator[tuple[int, int, str]]:
    """(step, number of steps held, character) of every tone in a line."""
    for step, character in enumerate(line):
        if character not in ".-":
            rest = line[step + 1 :]
            yield step, 1 + len(rest) - len(rest.lstrip("-")), character


def swung(step: int, n_steps: int, swing: float) -> float:
    """Where a step falls in the bar, from 0 to 1; `swing` delays every second one by that share of a step."""
    return (step + swing * (step % 2)) / n_steps


def chord_tone(of: Chord, character: str, low: int) -> int:
    """The pitch that a digit stands for, upwards from the root above `low`."""
    if character == "8":
        return above(of.root, low) + 12
    position = (int(character) - 1) // 2
    interval = of.intervals[position] if position < len(of.intervals) else 12
    return above(of.root, low) + interval


def walk(on_beat: list[bool], over: Chord, rungs: tuple[int, ...], rng: np.random.Generator) -> Iterator[int]:
    """A melody's pitches for one bar: a chord tone on every beat, steps and small leaps between them."""
    stable = np.array([place for place, pitch in enumerate(rungs) if pitch % 12 in over.pitch_classes[:3]])
    place = len(rungs) // 3 + int(rng.integers(0, 4))
    for strong in on_beat:
        place = int(np.clip(place + rng.choice(MOVES), 0, len(rungs) - 1))
        if strong:
            place = int(stable[np.abs(stable - place).argmin()])
        yield rungs[place]


def notes(part: Part, of: Form, *, swing: float, seed: int) -> list[Note]:
    """All that a part plays; the same seed plays the same."""
    touch = np.random.default_rng(seed)
    played = []
    for bar in range(part.enters, len(of.chords) - 1):
        motif = np.random.default_rng([seed, PHRASE[bar % len(PHRASE)]])
        for note in bar_notes(part, of, bar, swing=swing, motif=motif):
            played.append(replace(note, velocity=note.velocity + float(touch.uniform(-0.06, 0.06))))
    return played + last_notes(part, of)


def bar_notes(part: Part, of: Form, bar: int, *, swing: float, motif: np.random.Generator) -> Iterator[Note]:
    """What a part plays in one bar, before any touch."""
    over, line = of.chords[bar], part.lines[bar % len(part.lines)]
    steps_per_beat = len(line) // of.beats_per_bar
    on_beat = [step % steps_per_beat == 0 for step, _, _ in onsets(line)]
    melody = walk(on_beat, over, ladder(of.key, over, part.low), motif)
    for (step, held, character), strong in zip(onsets(line), on_beat, strict=True):
        start = (bar + swung(step, len(line), swing)) * of.bar_s
        length = held / len(line) * of.bar_s
        for pitch in tones(character, over, part.low, melody):
            yield Note(start, length, pitch, ON_BEAT if strong else OFF_BEAT)


def tones(character: str, over: Chord, low: int, melody: Iterator[int]) -> tuple[int, ...]:
    """The pitches that a character of a line stands for."""
    if character == "x":
        return voicing(over, low)
    return (next(melody),) if character == "m" else (chord_tone(over, character, low),)


def last_notes(part: Part, of: Form) -> list[Note]:
    """The tonic, held through the last bar: the chord where the part plays chords, else its root."""
    final, start = of.chords[-1], of.seconds - of.bar_s
    chordal = any("x" in line for line in part.lines)
    pitches = voicing(final, part.low) if chordal else (above(final.root, part.low),)
    return [Note(start, of.bar_s * 0.9, pitch, ON_BEAT) for pitch in pitches]


def strokes(line: Line, bar: int, of: Form, swing: float) -> Iterator[Hit]:
    """What one drum plays in one bar."""
    for step, character in enumerate(line.steps):
        if character != ".":
            start = (bar + swung(step, len(line.steps), swing)) * of.bar_s
            yield Hit(start, line.drum, int(character) / 9, line.pan)


def hits(groove: Groove, of: Form, *, fill: Groove, end: Groove, swing: float) -> list[Hit]:
    """The groove in every bar, `fill` on top of the last but one, `end` instead of it in the last."""
    if not groove:
        return []
    last = len(of.chords) - 1
    bars = [groove] * (last - 1) + [groove + fill, end]
    return [hit for bar, lines in enumerate(bars) for line in lines for hit in strokes(line, bar, of, swing)]
