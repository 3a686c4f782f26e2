"""Which part of a track speaks for it.

    typical     the passage whose patches are on average nearest (cosine) to the mean embedding of the whole track
    energetic   the loudest passage by the outline (mean of the squared peaks); among those within a quarter of a
                decibel of it, as most of a loud record is, the most typical one

Passages are tried a second apart, and the last one of the track too. Without patches (silence, noise, no network) the
typical passage is the energetic one; of equals the one nearest to the middle is taken: tracks begin and end with less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Where: TypeAlias = Literal["typical", "energetic"]
Floats: TypeAlias = "NDArray[np.float64]"

STEP_S = 1.0
ALIKE_DB = 0.25  # peaks say no more than that about how loud something is
SILENCE_DB = -100.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a track, in seconds."""

    start_s: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of a track from its beginning to its end.

    `duration` in s; `outline` peaks evenly spread over it, 0 to 1, shape (n,); `patches` embeddings, shape
    (n_patches, n_dims), and `middles_s` where they lie, shape (n_patches,).
    """

    duration: float
    outline: Floats
    patches: Floats
    middles_s: Floats


def passage(track: Overview, seconds: float, where: Where) -> Passage:
    """The passage of this length that speaks for a track; all of it where it is not longer."""
    last = track.duration - seconds
    if last <= 0:
        return Passage(0.0, track.duration)
    starts = np.append(np.arange(0, last, STEP_S), last)
    typical = mean_within(track.middles_s, likeness(track.patches), starts, seconds)
    loud = loudness(track, starts, seconds)
    if where == "typical" and not np.isnan(typical).all():
        criteria = [typical]
    else:
        criteria = [loud >= loud.max() - ALIKE_DB, typical, loud]
    criteria.append(-np.abs(starts - last / 2))
    best = np.lexsort([np.nan_to_num(each, nan=-np.inf) for each in reversed(criteria)])[-1]
    return Passage(float(starts[best]), seconds)


def likeness(patches: Floats) -> Floats:
    """How near each patch is to the mean of all: the cosine, shape (n_patches,)."""
    if not len(patches):
        return np.empty(0)
    mean = patches.mean(axis=0)
    lengths = np.linalg.norm(patches, axis=1) * np.linalg.norm(mean)
    cosines = np.zeros(len(patches))
    np.divide(patches @ mean, lengths, out=cosines, where=lengths > 0)
    return cosines


def loudness(track: Overview, starts: Floats, seconds: float) -> Floats:
    """How loud the passages are by their peaks, in dB below full scale, shape (n_starts,)."""
    n_peaks = len(track.outline)
    times = (np.arange(n_peaks) + 0.5) * track.duration / max(1, n_peaks)
    power = np.nan_to_num(mean_within(times, track.outline**2, starts, seconds))
    return 10 * np.log10(np.maximum(power, 10 ** (SILENCE_DB / 10)))


def mean_within(times: Floats, values: Floats, starts: Floats, seconds: float) -> Floats:
    """The mean of the values whose times (ascending) lie in each passage, shape (n_starts,); NaN where none does."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    first, end = np.searchsorted(times, starts), np.searchsorted(times, starts + seconds)
    means = np.full(len(starts), np.nan)
    np.divide(sums[end] - sums[first], end - first, out=means, where=end > first)
    return means
