"""Waveforms and envelopes.

The saw and the square are closed forms of their harmonic series with every harmonic k weighted by rᵏ. With
r = exp(-hz / cutoff) the spectrum falls as a gentle low-pass filter does, a moving cutoff costs nothing, and there
is no aliasing to hear. (J. A. Moorer, The synthesis of complex audio spectra by means of discrete summation
formulas, 1976.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from essentialist.demo import SAMPLE_RATE, Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

Cutoff: TypeAlias = float | Samples


def time(seconds: float) -> Samples:
    """Seconds from the start, one a sample."""
    return single(np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def single(values: NDArray[np.floating]) -> Samples:
    """The same numbers in single precision."""
    return np.asarray(values, dtype=np.float32)


def cycles(hz: float, seconds: float, *, vibrato: float = 0.0) -> Samples:
    """The phase of a note in cycles, 0 to 1; `vibrato` is the depth, relative to the frequency, of a 5 Hz wobble."""
    clock = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wobble = vibrato / (2 * np.pi * 5) * np.sin(2 * np.pi * 5 * clock) if vibrato else 0.0
    turns = hz * (clock + wobble)
    return single(turns - np.floor(turns))


def sine(cycle: Samples, *, harmonic: float = 1.0) -> Samples:
    """A sine at a multiple of the phase."""
    return single(np.sin(np.float32(2 * np.pi * harmonic) * cycle))


def harmonics(cycle: Samples, *levels: float) -> Samples:
    """A sine and its harmonics, the first level that of the fundamental."""
    return single(sum((level * sine(cycle, harmonic=k) for k, level in enumerate(levels, 1)), np.zeros_like(cycle)))


def saw(hz: float, cycle: Samples, cutoff: Cutoff) -> Samples:
    """Σ rᵏ sin(kφ) / k: a saw under a low-pass at `cutoff` (Hz, may move)."""
    r, angle = np.exp(-hz / np.float32(cutoff)), np.float32(2 * np.pi) * cycle
    return single(np.arctan2(r * np.sin(angle), 1 - r * np.cos(angle)))


def square(hz: float, cycle: Samples, cutoff: Cutoff) -> Samples:
    """Σ rᵏ sin(kφ) / k over odd k: a square under a low-pass at `cutoff` (Hz, may move)."""
    r = np.exp(-hz / np.float32(cutoff))
    return single(0.5 * np.arctan2(2 * r * sine(cycle), 1 - r * r))


def fm(cycle: Samples, ratio: float, index: Samples) -> Samples:
    """A sine whose phase is modulated by a sine at `ratio` times its frequency, `index` radians deep."""
    return single(np.sin(np.float32(2 * np.pi) * cycle + index * sine(cycle, harmonic=ratio)))


def fall(seconds: float, half: float) -> Samples:
    """From 1 down towards 0, halving every `half` seconds."""
    return single(np.exp2(-time(seconds) / np.float32(half)))


def envelope(seconds: float, *, attack: float, release: float, decay: float = 0.0, sustain: float = 1.0) -> Samples:
    """Attack, decay, sustain, release, in seconds; the note is held for `seconds`, the release comes after.

    `decay` is the time in which the level comes half the way down to `sustain`.
    """
    clock = time(seconds + release)
    level = sustain + (1 - sustain) * np.exp2(-clock / np.float32(decay)) if decay else np.ones_like(clock)
    edges = np.interp(clock, (0, attack, max(attack, seconds), max(attack, seconds) + release), (0, 1, 1, 0))
    return single(level * edges)
