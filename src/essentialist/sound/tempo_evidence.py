"""Tempo from the periodicity of onsets: which pulse, and which of its octaves is the beat.

1. Onsets: positive spectral flux of 40 mel bands, log-compressed (Böck & Widmer, DAFx 2013; Ellis, JNMR 2007).
2. Pulse: the tempo, octave aside, at whose beat and all its doublings and halvings onsets repeat most. A pulse that is
   3/4 or 4/3 of the beat repeats at the beat's level and no other, which is how dotted rhythms are told apart.
3. Octave: among its tempi between 40 and 208 BPM the one with the best sum of evidence: onsets repeat after a beat more
   than after half a beat; the bass repeats after four beats, a bar, more than after two; a log-normal prior around
   the tempi that people tap; and, where it can make a difference, the vote of Essentia's beat tracker.

The confidence is the share of the winner in the softmax of the evidence. Weights are round numbers and the same for
all music; docs/tempo.md says how they were chosen and what else was tried. Tempo is taken as constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from essentialist.sound import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from essentialist.sound.audio import Samples

SHORTEST_S = 6.0  # a slow beat has to come back a few times
DECIMATION = 2  # onsets above 11 kHz add nothing
FRAME = 1024
HOP = 256
BLOCK = 512  # frames transformed at once: they stay in the processor's cache
FRAME_RATE_HZ = SAMPLE_RATE_HZ / DECIMATION / HOP
N_BANDS = 40
N_BASS_BANDS = 5  # up to about 330 Hz
BAND_LIMITS_HZ = (30.0, 11_000.0)
COMPRESSION = 400 / FRAME
SMOOTHING = np.hanning(9)[1:-1]  # about 50 ms wide at half height: what one hears as together

SLOWEST_BPM, FASTEST_BPM = 40.0, 208.0
LONGEST_LAG_S = 12.0
PULSE_LAGS_S = (0.25, 4.0)  # where a pulse is looked for ...
LEVEL_LAGS_S = (0.25, 8.0)  # ... and where it is compared with 3/4 and 4/3 of it
RELATIVES = np.array([1, 3 / 4, 4 / 3])
N_STEPS = 288  # of the search, an octave: 0.24 % each

PREFERRED_BPM = 100.0  # a beat of 600 ms; Parncutt (Music Perception, 1994)
PREFERENCE_OCTAVES = 0.9  # standard deviation: a weak preference, in the form of Ellis (JNMR, 2007)
LEVEL_WEIGHT = 15.0
OFFBEAT_WEIGHT = 0.5
BAR_WEIGHT = 3.0
VOTE_WEIGHT = 0.5
SHARPNESS = 2.0  # of the softmax: with it, confidences are on average as high as the share that is right
FAINT = 1e-12  # variance of onsets: there are none
AGREEMENT = 0.04  # relative; the usual tolerance of tempo evaluation


@dataclass(frozen=True, slots=True)
class Tempo:
    """A tempo in BPM, how sure it is (0 to 1, the probability that it is right), and the next best candidate."""

    bpm: float
    confidence: float
    alternative: float


@dataclass(frozen=True, slots=True)
class Repetition:
    """How much onsets repeat after a lag: autocorrelations by frame, 1 at lag 0.

    Of the bass less where it sets in more faintly than the other bands do: a held chord has no bar to tell.
    """

    onsets: NDArray[np.float64]
    bass: NDArray[np.float64]


def estimate(mono: Samples, vote: Callable[[Samples], float] | None = None) -> Tempo | None:
    """Estimate the tempo of music with a steady beat.

    Parameters
    ----------
    mono : NDArray[float32], shape (n_samples,)
        At 44.1 kHz; half a minute or more for a sure answer.
    vote : callable, optional
        Another estimator: samples to BPM, 0 for none. It is asked only where its vote could change the answer.

    Returns
    -------
    Tempo or None
        None where nothing ever sets in, and for less than six seconds.
    """
    if len(mono) < SHORTEST_S * SAMPLE_RATE_HZ:
        return None
    repetition = repetition_of(onset_envelope(mono))
    if repetition is None:
        return None
    bpm = candidates(pulse(repetition))
    evidence = weigh(bpm, repetition)
    runner_up, best = np.sort(evidence)[-2:]
    if vote and best - runner_up < VOTE_WEIGHT:
        evidence = evidence + VOTE_WEIGHT * (np.abs(vote(mono) / bpm - 1) < AGREEMENT)
    second, first = np.argsort(evidence)[-2:]
    shares = np.exp(SHARPNESS * (evidence - evidence[first]))
    return Tempo(float(bpm[first]), float(1 / shares.sum()), float(bpm[second]))


def onset_envelope(mono: Samples) -> NDArray[np.float32]:
    """Measure how much sets in, by band: positive spectral flux, shape (n_frames - 1, N_BANDS), at `FRAME_RATE_HZ`."""
    n_even = len(mono) // DECIMATION * DECIMATION
    decimated = mono[:n_even].reshape(-1, DECIMATION).mean(axis=1)
    frames = np.lib.stride_tricks.sliding_window_view(decimated, FRAME)[::HOP]
    window, bands = np.hanning(FRAME).astype(np.float32), mel_bands()
    levels = np.empty((len(frames), N_BANDS), np.float32)
    for start in range(0, len(frames), BLOCK):
        spectra = np.abs(np.fft.rfft(frames[start : start + BLOCK] * window, axis=1))
        levels[start : start + BLOCK] = spectra.astype(np.float32) @ bands
    flux: NDArray[np.float32] = np.diff(np.log1p(COMPRESSION * levels), axis=0).clip(min=0)
    return flux


@cache
def mel_bands() -> NDArray[np.float32]:
    """Triangular filters, shape (FRAME / 2 + 1, N_BANDS)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in BAND_LIMITS_HZ)
    edges = 700 * (10 ** (np.linspace(low, high, N_BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(FRAME, DECIMATION / SAMPLE_RATE_HZ)[:, None]
    rising = (bins - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins) / np.diff(edges)[1:]
    return np.minimum(rising, falling).clip(min=0).astype(np.float32)


def repetition_of(envelope: NDArray[np.float32]) -> Repetition | None:
    """Autocorrelate the onsets of all bands and of the bass; None where there are none."""
    n_lags = min(int(LONGEST_LAG_S * FRAME_RATE_HZ) + 3, len(envelope) // 2)
    onsets, bass = (autocovariance(envelope[:, :n].sum(axis=1), n_lags) for n in (N_BANDS, N_BASS_BANDS))
    if not onsets[0] > FAINT:
        return None
    average_bass = onsets[0] * (N_BASS_BANDS / N_BANDS) ** 2
    return Repetition(onsets / onsets[0], bass / max(bass[0], average_bass))


def autocovariance(signal: NDArray[np.float32], n_lags: int) -> NDArray[np.float64]:
    """How a signal resembles itself after each lag, about its mean, unbiased; its variance at lag 0."""
    centred = np.convolve(signal - signal.mean(dtype=np.float64), SMOOTHING, "same")
    n_padded = 1 << (2 * len(centred) - 1).bit_length()
    power = np.abs(np.fft.rfft(centred, n_padded)) ** 2
    return np.asarray(np.fft.irfft(power)[:n_lags] / np.arange(len(centred), len(centred) - n_lags, -1))


def at(correlation: NDArray[np.float64], lags_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read a correlation at lags in seconds; NaN beyond its end."""
    return np.interp(lags_s * FRAME_RATE_HZ, np.arange(len(correlation)), correlation, right=np.nan)


def level(bpm: NDArray[np.float64], repetition: Repetition, limits_s: tuple[float, float]) -> NDArray[np.float64]:
    """Average the repetition at the beat of each tempo and at all its octaves within the limits."""
    lags_s = 60 / bpm[:, None] * 2.0 ** np.arange(-4, 6)
    inside = (lags_s >= limits_s[0]) & (lags_s <= limits_s[1])
    return np.asarray(np.nanmean(np.where(inside, at(repetition.onsets, lags_s), np.nan), axis=1))


def pulse(repetition: Repetition) -> float:
    """Find the tempo, 80 to 160 BPM, whose octaves repeat most; then its exact value from the longest lags."""
    octave = 80 * 2 ** (np.arange(N_STEPS) / N_STEPS)
    rough = octave[np.argmax(level(octave, repetition, PULSE_LAGS_S))]
    fine = rough * np.linspace(0.994, 1.006, 25)
    return float(fine[np.argmax(level(fine, repetition, (PULSE_LAGS_S[0], LONGEST_LAG_S)))])


def candidates(pulse_bpm: float) -> NDArray[np.float64]:
    """List the octaves of a pulse, and of 3/4 and 4/3 of it, that can be a beat."""
    bpm = np.outer(pulse_bpm * RELATIVES, 2.0 ** np.arange(-2, 3)).ravel()
    return np.asarray(bpm[(bpm >= SLOWEST_BPM) & (bpm <= FASTEST_BPM)])


def weigh(bpm: NDArray[np.float64], repetition: Repetition) -> NDArray[np.float64]:
    """Sum up what speaks for each tempo."""
    beat_s = 60 / bpm
    beat = at(repetition.onsets, beat_s) - OFFBEAT_WEIGHT * at(repetition.onsets, beat_s / 2)
    bar = np.nan_to_num(at(repetition.bass, 4 * beat_s) - at(repetition.bass, 2 * beat_s))
    strangeness = (np.log2(bpm / PREFERRED_BPM) / PREFERENCE_OCTAVES) ** 2 / 2
    return np.asarray(LEVEL_WEIGHT * level(bpm, repetition, LEVEL_LAGS_S) + beat + BAR_WEIGHT * bar - strangeness)
