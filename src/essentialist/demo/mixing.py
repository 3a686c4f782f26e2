"""From single sounds to a stereo mix: placing, room, ducking, level and limiter."""

from __future__ import annotations

import numpy as np

from essentialist.demo import SAMPLE_RATE, Samples

CEILING = 10 ** (-1 / 20)  # -1 dB of full scale
FRAME = 64  # samples; the limiter's clock
LOOK_AHEAD = 6  # frames on either side, 9 ms


def gains(pan: float) -> tuple[float, float]:
    """Left and right gain at equal power, `pan` from -1 to 1."""
    angle = (pan + 1) * np.pi / 4
    return float(np.cos(angle) * np.sqrt(2)), float(np.sin(angle) * np.sqrt(2))


def add(bus: Samples, sound: Samples, start: float) -> None:
    """Add a sound, (n_samples, 2), to a bus at `start` seconds; what reaches over the end is cut off."""
    first = round(start * SAMPLE_RATE)
    sound = sound[: max(0, len(bus) - first)]
    bus[first : first + len(sound)] += sound


def levelled(bus: Samples, db: float) -> Samples:
    """The bus at a mean power of `db` (full scale is 0); silence stays silence."""
    rms = float(np.sqrt(np.mean(np.square(bus))))
    return bus * np.float32(10 ** (db / 20) / rms) if rms else bus


def room(bus: Samples, seconds: float, rng: np.random.Generator) -> Samples:
    """What a room answers to a bus, (n_samples,), in stereo; its sound falls by 60 dB in `seconds`.

    The room is decaying noise, another on either side, convolved block by block (overlap-add).
    """
    n = round(seconds * SAMPLE_RATE)
    block = 1 << n.bit_length()
    clock = np.arange(n) / n
    response = rng.standard_normal((2, 1, n)) * 10 ** (-3 * clock) * np.minimum(1, clock * n / 400)
    response /= np.sqrt(np.square(response).sum(axis=-1, keepdims=True))
    spectrum = np.fft.rfft(response.astype(np.float32), 2 * block)
    spectrum *= np.exp(np.linspace(0, -5, block + 1, dtype=np.float32))  # air swallows the high frequencies
    blocks = np.zeros((-(-len(bus) // block), block), dtype=np.float32)
    blocks.reshape(-1)[: len(bus)] = bus
    wet = np.fft.irfft(np.fft.rfft(blocks, 2 * block) * spectrum, 2 * block)
    out = wet[..., :block]
    out[:, 1:] += wet[:, :-1, block:]
    return np.ascontiguousarray(out.reshape(2, -1)[:, : len(bus)].T, dtype=np.float32)


def ducking(n_samples: int, starts: list[float], depth: float) -> Samples:
    """The gain, (n_samples, 1), that makes room for the bass drum: down by `depth` at each start, back in 0.2 s."""
    clock = np.arange(n_samples) / SAMPLE_RATE
    last = np.searchsorted(starts, clock, side="right") - 1
    since = np.where(last >= 0, clock - np.asarray(starts)[last], np.inf)
    return (1 - depth * np.clip(1 - since / 0.2, 0, 1)).astype(np.float32)[:, None]


def limited(mix: Samples) -> Samples:
    """The mix with no peak above the ceiling: the gain goes down before a loud moment and up again after it."""
    n_frames = -(-len(mix) // FRAME)
    peaks = np.zeros(n_frames * FRAME, dtype=np.float32)
    peaks[: len(mix)] = np.maximum(np.abs(mix[:, 0]), np.abs(mix[:, 1]))
    frames = np.pad(peaks.reshape(-1, FRAME).max(axis=1), 2 * LOOK_AHEAD)
    highest = np.lib.stride_tricks.sliding_window_view(frames, 2 * LOOK_AHEAD + 1).max(axis=1)
    gain = np.minimum(1, CEILING / np.maximum(highest, CEILING))
    smooth = np.hanning(2 * LOOK_AHEAD + 3)[1:-1]
    gain = np.convolve(gain, smooth / smooth.sum(), mode="valid")
    centres = (np.arange(n_frames) + 0.5) * FRAME
    curve = np.interp(np.arange(len(mix)), centres, gain)[:, None]
    return np.clip(mix * curve, -CEILING, CEILING).astype(np.float32)
