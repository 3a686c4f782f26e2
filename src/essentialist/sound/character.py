"""What kind of sound a recording is, so that nothing is said of it that makes no sense.

Algorithms for music answer for any input: 738 BPM and "A minor" for silence, a key for noise. These few figures tell
when a question does not apply. docs/descriptors.md has the figures of the music and of the noises, tones and clicks
that the limits were set on.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.sound.audio import Samples

FRAME_SIZE = 4_096  # 93 ms at 44.1 kHz
N_FRAMES = 200  # looked at for the spectrum, evenly spread
BANDS_PER_OCTAVE = 3
LOWEST_HZ, N_BANDS = 200.0, 14
AROUND_FRAMES = 21  # 2 s: what a level is compared with, so that a fade is no rhythm
SILENCE = 1e-10  # mean square, -100 dBFS

STEADY_DB = 2.0  # noises, tones and held chords 1.2 and less, music 3.2 and more
NOISE_FLATNESS = 0.4  # of a steady sound: noises 0.43 and more, held chords 0.2 and less
SWELLING_FLATNESS, SWELLING_COMPONENTS = 0.5, 200.0  # of any other: noise exceeds both, music one at most
TONE_COMPONENTS = 4.0  # a sine has 2 to 3
STEADY_TONE_COMPONENTS = 6.2  # a square wave has 5.9, a triad of sines 6.6 and more
SPARSE_SHARE = 0.6  # of the frames: clicks at 200 BPM sound in 0.44, music in 0.93 and more


@dataclass(frozen=True, slots=True)
class Character:
    """Figures of a mono signal at 44.1 kHz.

    `level_range_db`: between soft (5 %) and loud (95 %) frames, each against the 2 s around it, of the signal with its
    treble raised by 6 dB an octave and without the silence around it. `flatness`: geometric over arithmetic mean of the
    power in third-octave bands, weighted by their energy, 0 (tones) to 1. `n_components`: how many spectral lines carry
    the energy (perplexity). `sounding`: the share of frames within 60 dB of the loudest.
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
        """Without pitch: steady, or swelling like surf and applause."""
        swelling = self.flatness > SWELLING_FLATNESS and self.n_components > SWELLING_COMPONENTS
        return swelling or (self.is_steady and self.flatness > NOISE_FLATNESS)

    @property
    def is_featureless(self) -> bool:
        """Silence, noise or a single tone: nothing that a network trained on music could say something of."""
        return self.is_silent or (self.is_steady and not self.is_tonal)

    @property
    def is_tonal(self) -> bool:
        """There is harmony to hear a key in: not noise, not a single tone, not clicks."""
        enough = STEADY_TONE_COMPONENTS if self.is_steady else TONE_COMPONENTS
        return not self.is_noise and self.n_components >= enough and self.sounding >= SPARSE_SHARE


def character(mono: Samples, sample_rate: int) -> Character:
    """Figures of a mono signal of shape (n,); a signal shorter than a frame (93 ms) is called silent."""
    frames = framed(mono)
    power = np.array([mean_square(frame - frame.mean()) for frame in frames], np.float64)
    sounding = np.flatnonzero(power > max(SILENCE, power.max(initial=0) * 1e-6))
    if not len(sounding):
        return Character(0.0, 0.0, 0.0, 0.0)
    chosen = sounding[np.linspace(0, len(sounding) - 1, min(N_FRAMES, len(sounding))).astype(int)]
    spectrum = power_spectra(frames[chosen])
    return Character(
        level_range_db(treble_levels(frames[sounding[0] : sounding[-1] + 1])),
        flatness(spectrum, sample_rate),
        perplexity(spectrum),
        len(sounding) / len(frames),
    )


def framed(mono: Samples) -> NDArray[np.float32]:
    """The signal cut into whole frames, shape (n_frames, 4096)."""
    n_frames = len(mono) // FRAME_SIZE
    return mono[: n_frames * FRAME_SIZE].reshape(n_frames, FRAME_SIZE)


def mean_square(samples: Samples) -> float:
    """Mean power; frame by frame, since that of ten minutes at once takes another 100 MB."""
    return float(samples @ samples) / len(samples)


def treble_levels(frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """Level of each frame in dB, its treble raised by 6 dB an octave: of the differences between samples."""
    return 10 * np.log10(np.array([mean_square(np.diff(frame)) for frame in frames], np.float64) + SILENCE)


def level_range_db(levels: NDArray[np.float64]) -> float:
    """Between soft and loud frames, each against the median of the 2 s around it."""
    half = AROUND_FRAMES // 2
    around = np.lib.stride_tricks.sliding_window_view(np.pad(levels, half, mode="edge"), AROUND_FRAMES)
    low, high = np.percentile(levels - np.median(around, axis=1), (5, 95))
    return float(high - low)


def power_spectra(frames: NDArray[np.float32]) -> NDArray[np.float64]:
    """Power spectrum of each frame, shape (n_frames, 2049), without the constant part."""
    centred = (frames - frames.mean(axis=1, keepdims=True)) * np.hanning(FRAME_SIZE)
    return np.asarray(np.abs(np.fft.rfft(centred)) ** 2, np.float64)


def flatness(power: NDArray[np.float64], sample_rate: int) -> float:
    """Energy-weighted flatness in third-octave bands from 200 Hz to 5 kHz."""
    edges_hz = LOWEST_HZ * 2 ** (np.arange(N_BANDS + 1) / BANDS_PER_OCTAVE)
    edges = np.searchsorted(np.arange(power.shape[1]) * sample_rate / FRAME_SIZE, edges_hz)
    bands = [power[:, low:high] + 1e-20 for low, high in pairwise(edges)]
    energies = np.array([band.sum(axis=1) for band in bands])
    flatnesses = np.array([np.exp(np.log(band).mean(axis=1)) / band.mean(axis=1) for band in bands])
    return float((flatnesses * energies).sum() / energies.sum())


def perplexity(power: NDArray[np.float64]) -> float:
    """How many spectral lines carry the energy: 2 to the entropy, in bits, of the mean spectrum."""
    share = power.sum(axis=0) / power.sum()
    return float(np.exp(-(share * np.log(np.where(share > 0, share, 1))).sum()))
