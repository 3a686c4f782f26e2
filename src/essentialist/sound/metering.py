"""Meters that a recording's blocks run through once: loudness, waveform, and the stretch of it that is kept.

Each takes blocks of any size by `push` and gives its reading at the end; none holds more than a bounded part.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import av
import av.filter
import numpy as np

from essentialist.sound.readings import PREFIX, readings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from essentialist.sound.audio import Samples

GATE_LUFS = -70.0  # the absolute gate of EBU R 128: what lies under it is silence
SILENCE = 2e-5  # from the lowest to the highest sample: a wave of -100 dBFS
SHORTEST_RANGE_S = 3.5  # five windows of 3 s, 100 ms apart: of fewer, FFmpeg's loudness range is 20 LU
N_PEAKS = 400
GROWTH = 1 << 20  # samples: 24 s at 44.1 kHz
KAISER = 6.0  # the window of the interpolation: its side lobes lie 60 dB down


@dataclass(frozen=True, slots=True)
class Loudness:
    """What EBU R 128 says of a recording; None where it says nothing (silence, too short).

    `integrated` in LUFS, `range` in LU, `true_peak` in dBTP.
    """

    integrated: float | None
    range: float | None
    true_peak: float | None


class LoudnessMeter:
    """EBU R 128: integrated loudness and loudness range by FFmpeg's `ebur128` filter, and the true peak.

    One channel is metered as what it is when played, the same sound from both loudspeakers ("dual mono"), so that a
    mono and a stereo file of one recording are equally loud.
    """

    def __init__(self, sample_rate: int, n_channels: int) -> None:
        self._layout = "stereo" if n_channels == 2 else "mono"
        self._sample_rate = sample_rate
        self._n_samples = 0
        self._graph = av.filter.Graph()
        source = self._graph.add_abuffer(format="fltp", sample_rate=sample_rate, layout=self._layout)
        meter = self._graph.add("ebur128", "dualmono=true:framelog=quiet:metadata=1")
        sink = self._graph.add("abuffersink")
        self._readings = readings()
        source.link_to(meter)
        self._readings.attach(self._graph, meter).link_to(sink)
        self._graph.configure()
        self._peak = TruePeakMeter(n_channels)
        self._lowest, self._highest = np.full(n_channels, math.inf), np.full(n_channels, -math.inf)

    def push(self, block: Samples) -> None:
        """Meter a block of shape (n_channels, n)."""
        self._n_samples += block.shape[1]
        self._peak.push(block)
        self._lowest = np.minimum(self._lowest, block.min(axis=1, initial=math.inf))
        self._highest = np.maximum(self._highest, block.max(axis=1, initial=-math.inf))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=self._layout)
        frame.sample_rate = self._sample_rate
        self._graph.push(frame)
        self._pull()

    def _pull(self) -> None:
        while True:
            try:
                metered = cast("av.AudioFrame", self._graph.pull())
            except (av.BlockingIOError, av.EOFError):
                return
            self._readings.note(metered)

    def finish(self) -> Loudness:
        """The reading over all blocks."""
        self._graph.push(None)
        self._pull()
        final = self._readings.close()
        if (self._highest - self._lowest).max() < SILENCE:
            return Loudness(None, None, None)
        integrated, loudness_range = reading(final, "I"), reading(final, "LRA")
        heard = integrated is not None and integrated > GATE_LUFS
        long_enough = self._n_samples >= SHORTEST_RANGE_S * self._sample_rate
        return Loudness(
            integrated=integrated if heard else None,
            range=loudness_range if heard and long_enough else None,
            true_peak=20 * math.log10(self._peak.highest) if self._peak.highest else None,
        )


def reading(final: Mapping[str, str], name: str) -> float | None:
    """One of FFmpeg's readings; None where there is none, or none yet."""
    value = float(final.get(PREFIX + name, "nan"))
    return value if math.isfinite(value) else None


class TruePeakMeter:
    """The highest peak of the wave, which lies between the samples as a rule: `highest`, 1 at full scale.

    Four times oversampling as ITU-R BS.1770 asks, by a windowed sinc, but only beside samples that come near the
    highest so far. On 45 clips that changes no reading, is within 0.07 dB of FFmpeg's, and takes a fifth of the time.
    """

    N_TAPS = 24
    OVERSAMPLING = 4
    NEAR = 0.7  # of the highest peak

    def __init__(self, n_channels: int) -> None:
        self.highest = 0.0
        self._before = np.zeros((n_channels, self.N_TAPS - 1), np.float32)
        self._taps = interpolation(self.N_TAPS, self.OVERSAMPLING)

    def push(self, block: Samples) -> None:
        """Look for peaks in a block of shape (n_channels, n)."""
        samples = np.concatenate((self._before, block), axis=1)
        self._before = samples[:, samples.shape[1] - self.N_TAPS + 1 :]
        levels = np.abs(samples)
        self.highest = max(self.highest, float(levels.max(initial=0)))
        if self.highest == 0:  # or every sample of silence would come near it
            return
        windows = np.lib.stride_tricks.sliding_window_view(samples, self.N_TAPS, axis=1)
        left, n_windows = self.N_TAPS // 2 - 1, windows.shape[1]  # a window looks between its two middle samples
        beside = np.maximum(levels[:, left : left + n_windows], levels[:, left + 1 : left + 1 + n_windows])
        chosen = windows[np.nonzero(beside >= self.NEAR * self.highest)]
        self.highest = max(self.highest, float(np.abs(chosen @ self._taps).max(initial=0)))


def interpolation(n_taps: int, oversampling: int) -> NDArray[np.float32]:
    """Weights of `n_taps` samples for the points between the middle two, shape (n_taps, oversampling - 1)."""
    half = n_taps // 2
    points = np.arange(1, oversampling) / oversampling
    distances = points[None, :] - np.arange(1 - half, half + 1)[:, None]
    weights = np.sinc(distances) * np.i0(KAISER * np.sqrt(np.clip(1 - (distances / half) ** 2, 0, 1)))
    return np.asarray(weights / weights.sum(axis=0), np.float32)


class WaveformMeter:
    """The outline of a recording for the eye: 400 peaks from 0 to 255 (full scale), evenly spread in time."""

    STEP = 256  # samples that share a peak while the length is not known

    def __init__(self) -> None:
        self._peaks: list[NDArray[np.float32]] = []
        self._rest = np.empty(0, np.float32)

    def push(self, block: Samples) -> None:
        """Outline a block of shape (n_channels, n): the louder channel, so that opposite ones do not cancel out."""
        levels = np.concatenate((self._rest, np.abs(block).max(axis=0)))
        n_whole = len(levels) // self.STEP * self.STEP
        self._peaks.append(levels[:n_whole].reshape(-1, self.STEP).max(axis=1))
        self._rest = levels[n_whole:]

    def finish(self) -> NDArray[np.uint8]:
        """The outline, shape (400,); empty for a sound shorter than a peak."""
        peaks = np.concatenate(self._peaks) if self._peaks else self._rest[:0]
        if not len(peaks):
            return np.empty(0, np.uint8)
        edges = np.linspace(0, len(peaks), N_PEAKS, endpoint=False).astype(int)
        loudest = np.maximum.reduceat(peaks, edges)
        return (np.clip(loudest, 0, 1) * 255).round().astype(np.uint8)


class Excerpt:
    """The part of a recording that is kept whole in memory: all of it, or of a longer one the middle `n_samples`.

    `length` is asked for the length in samples once more has come than is kept. What a header says is not: it may be
    years for a minute, or a minute for hours.
    """

    def __init__(self, n_samples: int, length: Callable[[], int]) -> None:
        self._n_samples = n_samples
        self._length = length
        self._kept = np.empty(0, np.float32)  # grown in place: blocks would be there twice when they are joined
        self._n_kept = 0
        self._skip: int | None = None  # samples still to pass by before the excerpt, once that is known

    def push(self, mono: Samples) -> None:
        """Take a block of shape (n,) and forget what lies outside the excerpt."""
        if self._skip is None and self._n_kept + len(mono) > self._n_samples:
            self._turn_to_the_middle()
        skipped = min(self._skip or 0, len(mono))
        if self._skip is not None:
            self._skip -= skipped
        self._keep(mono[skipped : skipped + self._n_samples - self._n_kept])

    def _turn_to_the_middle(self) -> None:
        """Forget what lies before the excerpt: all so far, or only its beginning."""
        start = max(0, (self._length() - self._n_samples) // 2)
        self._skip = max(0, start - self._n_kept)
        self._n_kept = max(0, self._n_kept - start)
        self._kept[: self._n_kept] = self._kept[start : start + self._n_kept]

    def _keep(self, samples: Samples) -> None:
        end = self._n_kept + len(samples)
        if end > len(self._kept):
            self._kept.resize(min(end + GROWTH, self._n_samples), refcheck=False)
        self._kept[self._n_kept : end] = samples
        self._n_kept = end

    def finish(self) -> Samples:
        """The excerpt, shape (n,)."""
        self._kept.resize(self._n_kept, refcheck=False)
        return self._kept
