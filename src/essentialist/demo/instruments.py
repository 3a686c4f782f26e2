"""Voices: each turns a frequency in Hz and a length in seconds into one note, release included."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from essentialist.demo import Samples
from essentialist.demo.oscillators import cycles, envelope, fall, fm, harmonics, saw, sine, single, square

Voice: TypeAlias = Callable[[float, float], Samples]


def pad(hz: float, seconds: float) -> Samples:
    """Slow strings of a synthesiser: three saws beside each other, soft at both ends."""
    total = seconds + 0.9
    shape = envelope(seconds, attack=min(0.5, seconds / 2), release=0.9)
    return shape * sum((saw(hz * r, cycles(hz * r, total), 1_500) for r in (0.9965, 1, 1.0035)), np.float32(0))


def strings(hz: float, seconds: float) -> Samples:
    """A section of bowed strings: brighter than the pad, quicker, with vibrato."""
    total = seconds + 0.35
    shape = envelope(seconds, attack=min(0.12, seconds / 2), release=0.35, decay=0.4, sustain=0.75)
    first, second = (saw(hz * r, cycles(hz * r, total, vibrato=0.004), 2_800) for r in (0.998, 1.002))
    return shape * (first + second)


def organ(hz: float, seconds: float) -> Samples:
    """Drawbars on the first four harmonics."""
    tone = harmonics(cycles(hz, seconds + 0.06), 1, 0.5, 0.3, 0.15)
    return envelope(seconds, attack=0.008, release=0.06) * tone


def electric_piano(hz: float, seconds: float) -> Samples:
    """Two FM pairs: a warm body, and a tine that strikes and is gone."""
    total = seconds + 0.25
    cycle = cycles(hz, total)
    body = fm(cycle, 1, 1.1 * fall(total, 0.35))
    tine = fm(cycle, 14, 0.35 * fall(total, 0.05)) * fall(total, 0.1)
    return envelope(seconds, attack=0.003, release=0.25, decay=0.5, sustain=0.1) * (body + 0.4 * tine)


def bell(hz: float, seconds: float) -> Samples:
    """FM at a ratio of 4: a music box."""
    total = seconds + 0.8
    return envelope(seconds, attack=0.002, release=0.8, decay=0.25, sustain=0.0) * fm(
        cycles(hz, total), 4, 1.2 * fall(total, 0.12)
    )


def pluck(hz: float, seconds: float) -> Samples:
    """A plucked string: the higher a harmonic, the sooner it is gone."""
    total = seconds + 0.3
    cutoff = 300 + 5_500 * fall(total, 0.07)
    ring = 0.45 * (220 / hz) ** 0.4
    return envelope(seconds, attack=0.002, release=0.3, decay=ring, sustain=0.0) * saw(hz, cycles(hz, total), cutoff)


def piano(hz: float, seconds: float) -> Samples:
    """Two strings a hair apart under a felt hammer."""
    total = seconds + 0.4
    cutoff = 500 + 1.5 * hz + 2_600 * fall(total, 0.12)
    first, second = (saw(hz * r, cycles(hz * r, total), cutoff) for r in (0.9995, 1.0005))
    ring = 0.6 * (220 / hz) ** 0.35
    return envelope(seconds, attack=0.003, release=0.4, decay=ring, sustain=0.0) * (first + second)


def marimba(hz: float, seconds: float) -> Samples:
    """A wooden bar, tuned to the fundamental and two octaves above."""
    cycle = cycles(hz, seconds + 0.3)
    tone = sine(cycle) + 0.35 * sine(cycle, harmonic=4) * fall(seconds + 0.3, 0.04)
    return envelope(seconds, attack=0.002, release=0.3, decay=0.13, sustain=0.0) * tone


def flute(hz: float, seconds: float) -> Samples:
    """Nearly a sine, with vibrato."""
    tone = harmonics(cycles(hz, seconds + 0.12, vibrato=0.006), 1, 0.25, 0.1)
    return envelope(seconds, attack=min(0.06, seconds / 2), release=0.12) * tone


def lead(hz: float, seconds: float) -> Samples:
    """A saw lead whose filter opens with the note."""
    total = seconds + 0.12
    cutoff = 900 + 3_000 * fall(total, 0.15)
    first, second = (saw(hz * r, cycles(hz * r, total, vibrato=0.003), cutoff) for r in (0.997, 1.003))
    return envelope(seconds, attack=0.006, release=0.12, decay=0.3, sustain=0.6) * (first + second)


def chip(hz: float, seconds: float) -> Samples:
    """The square wave of a game console."""
    shape = envelope(seconds, attack=0.002, release=0.02, decay=0.12, sustain=0.55)
    return shape * square(hz, cycles(hz, seconds + 0.02), 3_500)


def guitar(hz: float, seconds: float) -> Samples:
    """A plucked string through an amplifier that is turned up too far."""
    total = seconds + 0.08
    string = saw(hz, cycles(hz, total), 1_200 + 2_000 * fall(total, 0.3)) * fall(total, 0.9)
    return envelope(seconds, attack=0.003, release=0.08) * single(np.tanh(2.5 * string))


def bass(hz: float, seconds: float) -> Samples:
    """A round bass: a saw behind a low filter that closes after the attack."""
    total = seconds + 0.05
    cutoff = 220 + 900 * fall(total, 0.06)
    shape = envelope(seconds, attack=0.004, release=0.05, decay=0.5, sustain=0.4)
    return shape * (saw(hz, cycles(hz, total), cutoff) + 0.5 * sine(cycles(hz, total)))


def sub(hz: float, seconds: float) -> Samples:
    """Little more than a sine, for loudspeakers that can."""
    tone = harmonics(cycles(hz, seconds + 0.06), 1, 0.25, 0.1)
    return envelope(seconds, attack=0.006, release=0.06, decay=0.6, sustain=0.6) * tone
