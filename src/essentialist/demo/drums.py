"""Drums: the sounds, and grooves as one line of steps a drum.

A step is a digit, its velocity from 1 to 9, or a point for nothing; a line is one bar, whatever its number of steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from essentialist.demo import SAMPLE_RATE, Samples
from essentialist.demo.oscillators import fall, single, time

Drum: TypeAlias = Callable[[np.random.Generator], Samples]


@dataclass(frozen=True, slots=True)
class Line:
    """What one drum plays in a bar, and where it stands (-1 left, 1 right)."""

    drum: Drum
    steps: str
    pan: float = 0.0


Groove: TypeAlias = tuple[Line, ...]


def noise(rng: np.random.Generator, seconds: float, low: float, high: float) -> Samples:
    """Noise between two frequencies, an octave of slope on either side, at a peak of 1."""
    white = rng.standard_normal(round(seconds * SAMPLE_RATE))
    hz = np.fft.rfftfreq(len(white), 1 / SAMPLE_RATE) + 1
    gain = np.clip(np.log2(hz / low) + 1, 0, 1) * np.clip(np.log2(high / hz) + 1, 0, 1)
    shaped = np.fft.irfft(np.fft.rfft(white) * gain, len(white))
    return single(shaped / np.abs(shaped).max())


def swept(seconds: float, from_hz: float, to_hz: float, half: float) -> Samples:
    """A sine that falls from one frequency towards another."""
    hz = to_hz + (from_hz - to_hz) * fall(seconds, half)
    return single(np.sin(2 * np.pi * np.cumsum(hz, dtype=np.float64) / SAMPLE_RATE))


def kick(rng: np.random.Generator) -> Samples:
    """A bass drum with a click."""
    body = 0.8 * swept(0.4, 190, 50, 0.02) * fall(0.4, 0.09)
    body[:200] += 0.25 * noise(rng, 200 / SAMPLE_RATE, 1_500, 8_000) * fall(200 / SAMPLE_RATE, 0.001)
    return body


def soft_kick(rng: np.random.Generator) -> Samples:
    """A felt beater on a bass drum."""
    return 0.9 * swept(0.35, 110, 52, 0.025) * fall(0.35, 0.07) + 0.03 * noise(rng, 0.35, 400, 2_000) * fall(0.35, 0.01)


def snare(rng: np.random.Generator) -> Samples:
    """A skin and its wires."""
    return 0.45 * swept(0.3, 260, 180, 0.02) * fall(0.3, 0.04) + 0.75 * noise(rng, 0.3, 1_200, 9_000) * fall(0.3, 0.05)


def brush(rng: np.random.Generator) -> Samples:
    """A brush on the snare drum."""
    return 0.6 * noise(rng, 0.25, 2_000, 8_000) * fall(0.25, 0.035)


def clap(rng: np.random.Generator) -> Samples:
    """Several hands, not quite together."""
    clock = time(0.3)
    bursts = sum((np.where(clock >= at, np.exp2(-(clock - at) / 0.007), 0) for at in (0, 0.011, 0.022)), np.float32(0))
    return single(noise(rng, 0.3, 900, 3_500) * (0.5 * bursts + 0.5 * fall(0.3, 0.05)))


def rim(rng: np.random.Generator) -> Samples:
    """A stick across the rim."""
    return swept(0.06, 1_900, 1_650, 0.01) * fall(0.06, 0.008) + 0.3 * noise(rng, 0.06, 2_000, 6_000) * fall(
        0.06, 0.004
    )


def hat(rng: np.random.Generator) -> Samples:
    """A closed hi-hat."""
    return 0.5 * noise(rng, 0.12, 7_500, 18_000) * fall(0.12, 0.016)


def open_hat(rng: np.random.Generator) -> Samples:
    """An open hi-hat."""
    return 0.5 * noise(rng, 0.4, 6_500, 18_000) * fall(0.4, 0.08)


def ride(rng: np.random.Generator) -> Samples:
    """A ride cymbal: a stick, then a wash."""
    wash = 0.3 * noise(rng, 0.8, 5_000, 16_000) * fall(0.8, 0.14)
    return wash + 0.35 * noise(rng, 0.8, 6_000, 12_000) * fall(0.8, 0.012)


def shaker(rng: np.random.Generator) -> Samples:
    """A shaker."""
    return 0.4 * noise(rng, 0.1, 5_000, 12_000) * single(np.sin(np.pi * time(0.1) / 0.1) ** 2)


def crash(rng: np.random.Generator) -> Samples:
    """A crash cymbal, for the end."""
    return 0.5 * noise(rng, 1.8, 3_500, 16_000) * fall(1.8, 0.35)


NONE: Groove = ()
FOUR_ON_THE_FLOOR: Groove = (
    Line(kick, "9...9...9...9..."),
    Line(clap, "....8.......8..."),
    Line(open_hat, "..6...6...6...6.", 0.15),
    Line(hat, "4.3.4.3.4.3.4.34", -0.2),
)
TECHNO: Groove = (
    Line(kick, "9...9...9...9..."),
    Line(rim, "...5..4....5...4", 0.3),
    Line(open_hat, "..7...7...7...7.", -0.1),
    Line(hat, "4343434343434343", 0.2),
)
ROCK: Groove = (
    Line(kick, "9......59.9....."),
    Line(snare, "....9.......9..."),
    Line(hat, "8.5.8.5.8.5.8.5.", -0.25),
)
HALF_TIME: Groove = (
    Line(soft_kick, "9.....4...6....."),
    Line(snare, "........8......."),
    Line(hat, "7...5...7...5.3.", -0.2),
)
HIP_HOP: Groove = (
    Line(kick, "9.....6...8....."),
    Line(snare, "....9.......9..4"),
    Line(hat, "7.5.7.5.7.5.7.54", 0.2),
)
BREAKBEAT: Groove = (
    Line(kick, "9.........9....."),
    Line(snare, "....9..4.4..9..3"),
    Line(hat, "7.5.7.5.7.5.7.5.", 0.2),
    Line(ride, "5...5...5...5...", -0.3),
)
SWING: Groove = (
    Line(soft_kick, "6.....6....."),
    Line(hat, "...8.....8..", -0.2),
    Line(ride, "8..7.58..7.5", 0.3),
    Line(brush, "...5.....5..", 0.1),
)
WALTZ: Groove = (
    Line(soft_kick, "9..........."),
    Line(brush, "....6...6...", 0.1),
    Line(ride, "8...7...7.4.", 0.3),
)
BOSSA: Groove = (
    Line(soft_kick, "9.....6.9.....6."),
    Line(rim, "6.....5...6.....", 0.2),
    Line(shaker, "9252925292529252", -0.3),
)
CHIP: Groove = (
    Line(kick, "9.....6.9......."),
    Line(snare, "....8.......8..."),
    Line(hat, "7.4.7.4.7.4.7.4."),
)
SHAKER: Groove = (
    Line(soft_kick, "8.......8......."),
    Line(shaker, "8.4.6.4.8.4.6.4.", 0.3),
    Line(rim, "....5.......5...", -0.2),
)
FILL: Groove = (Line(snare, "9...6...7.7.7889"),)
"""The last bar but one of a piece whose groove has a snare drum."""
END: Groove = (Line(crash, "7..............."), Line(kick, "8..............."))
