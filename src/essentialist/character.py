"""What kind of sound a recording is, so that nothing is said of it that makes no sense.

Algorithms for music answer for any input: 738 BPM and "A minor" for silence, a key for noise. These few figures tell
when a question does not apply. On the 45 clips of real music and 40 rendered ones that the limits were set on
(docs/descriptors.md), the level range lies above 4.8 dB and the flatness below 0.59.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.audio import Samples

FRAME_SIZE = 4_096  # 93 ms at 44.1 kHz
N_FRAMES = 200  # looked at for the spectrum, evenly spread
BANDS_PER_OCTAVE = 3
LOWEST_HZ, N_BANDS = 200.0, 14
SILENCE = 1e-10  # mean square, -100 dBFS

STEADY_DB = 2.0  # all noises, tones and held chords lie below 1
NOISE_FLATNESS = 0.4  # of a steady sound: noises 0.58 and more, held chords 0.2 and less
TONE_COMPONENTS = 4.0  # a sine has 2 to 3, a triad of sines 8
SPARSE_SHARE = 0.4  # of the frames: clicks at 200 BPM sound in a third


@dataclass(frozen=True, slots=True)
class Character:
    """Figures of a mono signal at 44.1 kHz.

    `level_range_db`: between soft (5 %) and loud (95 %) frames, of the signal with its treble raised by 6 dB an
    octave. `flatness`: geometric over arithmetic mean of the power in third-octave bands, weighted by their energy,
    0 (tones) to 1. `n_components`: how many spectral lines carry the energy (perplexity). `sounding`: the share of
    frames within 60 dB of the loudest.
    """

    level_range_db: float
    flatness: float
    n_components: float
    sounding: float

    @property
    def is_silent(self) -> bool:
        """Nothing is heard."""
        return self.sounding == 0

    @property
    def is_steady(self) -> bool:
        """Nothing begins or ends in it: no beat can be heard."""
        return self.level_range_db < STEADY_DB

    @property
    def is_noise(self) -> bool:
        """Steady and without pitch."""
        return self.is_steady and self.flatness > NOISE_FLATNESS

    @property
    def is_featureless(self) -> bool:
        """Silence, noise or a single tone: nothing that a network trained on music could say something of."""
        return self.is_silent or (self.is_steady and not self.is_tonal)

    @property
    def is_tonal(self) -> bool:
        """There is harmony to hear a key in: not noise, not a single tone, not clicks."""
        return not self.is_noise and self.n_components >= TONE_COMPONENTS and self.sounding >= SPARSE_SHARE


def character(mono: Samples, sample_rate: int) -> Character:
    """Figures of a mono signal of shape (n,); a signal shorter than a frame (93 ms) is called silent."""
    frames = framed(mono)
    power = mean_squares(frames) - frames.mean(axis=1) ** 2
    sounding = power > max(SILENCE, power.max(initial=0) * 1e-6)
    if not sounding.any():
        return Character(0.0, 0.0, 0.0, 0.0)
    levels = 10 * np.log10(mean_squares(framed(np.diff(mono))) + SILENCE)
    low, high = np.percentile(levels, (5, 95))
    spectrum = power_spectra(frames[np.flatnonzero(sounding)])
    return Character(float(high - low), flatness(spectrum, sample_rate), perplexity(spectrum), float(sounding.mean()))


def framed(mono: Samples) -> NDArray[np.float32]:
    """The signal cut into whole frames, shape (n_frames, 4096)."""
    n_frames = len(mono) // FRAME_SIZE
    return mono[: n_frames * FRAME_SIZE].reshape(n_frames, FRAME_SIZE)


def mean_squares(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean power of each frame, shape (n_frames,)."""
    return np.asarray(np.einsum("ij,ij->i", frames, frames) / FRAME_SIZE, np.float32)


def power_spectra(frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """Power of at most 200 frames, evenly spread, shape (n, 2049), without the constant part."""
    chosen = frames[np.linspace(0, len(frames) - 1, min(N_FRAMES, len(frames))).astype(int)]
    chosen = (chosen - chosen.mean(axis=1, keepdims=True)) * np.hanning(FRAME_SIZE)
    return np.asarray(np.abs(np.fft.rfft(chosen)) ** 2, np.float64)


def flatness(power: NDArray[np.float64], sample_rate: int) -> float:
    """Energy-weighted flatness in third-octave bands from 200 Hz to 5 kHz."""
    edges_hz = LOWEST_HZ * 2 ** (np.arange(N_BANDS + 1) / BANDS_PER_OCTAVE)
    edges = np.searchsorted(np.arange(power.shape[1]) * sample_rate / FRAME_SIZE, edges_hz)
    bands = [power[:, low:high] + 1e-20 for low, high in pairwise(edges)]
    energies = np.array([band.sum(axis=1) for band in bands])
    flatnesses = np.array([np.exp(np.log(band).mean(axis=1)) / band.mean(axis=1) for band in bands])
    return float((flatnesses * energies).sum() / energies.sum())


def perplexity(power: NDArray[np.float64]) -> float:
    """How many spectral lines carry the energy: 2 to the entropy of the mean spectrum, in bits."""
    share = power.sum(axis=0) / power.sum()
    return float(np.exp(-(share * np.log(np.where(share > 0, share, 1))).sum()))
