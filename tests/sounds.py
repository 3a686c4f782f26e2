"""Sounds for tests: signals with a known tempo, pitch or key, and files of every format that people keep.

Signals are float32 in -1..1, shape (n_samples,); stack them with `np.stack([left, right], axis=1)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream

Samples = NDArray[np.float32]

C_MAJOR = (60, 64, 67)
BLOCK = 4096  # samples a frame handed to the encoder


@dataclass(frozen=True, slots=True)
class Format:
    """How a suffix is written, in FFmpeg's names, when nothing else is asked."""

    muxer: str
    codec: str


FORMATS: Mapping[str, Format] = {
    ".mp3": Format("mp3", "libmp3lame"),
    ".ogg": Format("ogg", "vorbis"),  # FFmpeg's own encoder, stereo only; mono as codec="libopus" or "flac"
    ".opus": Format("opus", "libopus"),
    ".webm": Format("webm", "libopus"),
    ".flac": Format("flac", "flac"),
    ".m4a": Format("ipod", "aac"),  # or codec="alac"
    ".mp4": Format("mp4", "aac"),
    ".wav": Format("wav", "pcm_s16le"),  # or codec="pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f32le"
    ".aiff": Format("aiff", "pcm_s16be"),
    ".wma": Format("asf", "wmav2"),
    ".wv": Format("wv", "wavpack"),
    ".mka": Format("matroska", "flac"),
    ".caf": Format("caf", "pcm_s16be"),
    ".au": Format("au", "pcm_s16be"),
    ".w64": Format("w64", "pcm_s16le"),
    ".tta": Format("tta", "tta"),
    ".aac": Format("adts", "aac"),
    ".ac3": Format("ac3", "ac3"),
    ".eac3": Format("eac3", "eac3"),
    ".mp2": Format("mp2", "mp2"),
}
RATES: Mapping[str, tuple[int, ...]] = {  # the codecs that have few sample rates
    "libmp3lame": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    "libopus": (8_000, 12_000, 16_000, 24_000, 48_000),
    "aac": (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000),
    "wmav2": (44_100, 48_000),
    "ac3": (32_000, 44_100, 48_000),
    "eac3": (32_000, 44_100, 48_000),
    "mp2": (16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
}
BIT_RATE = 128_000
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def silence(seconds: float, sample_rate: int) -> Samples:
    """Digital silence."""
    return np.zeros(round(seconds * sample_rate), dtype=np.float32)


def sine(hz: float, seconds: float, sample_rate: int, *, level: float = 0.5) -> Samples:
    """A sine of this frequency and peak level."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    return (level * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def noise(seconds: float, sample_rate: int, seed: int = 0, *, level: float = 0.5) -> Samples:
    """White noise, uniform in -level..level; the same for the same seed."""
    generator = np.random.default_rng(seed)
    return generator.uniform(-level, level, round(seconds * sample_rate)).astype(np.float32)


def clicks(bpm: float, seconds: float, sample_rate: int) -> Samples:
    """A short decaying burst of 1.5 kHz on every beat, the first at 0 s."""
    out = silence(seconds, sample_rate)
    burst = sine(1_500, 0.04, sample_rate, level=0.8)
    burst *= np.exp(-np.arange(len(burst)) / sample_rate / 0.01).astype(np.float32)
    for beat in np.arange(0, seconds, 60 / bpm):
        start = round(beat * sample_rate)
        stop = min(start + len(burst), len(out))
        out[start:stop] += burst[: stop - start]
    return out


def chord(notes: Sequence[int] = C_MAJOR, seconds: float = 10.0, sample_rate: int = 44_100) -> Samples:
    """MIDI notes held together, each with six decreasing harmonics below the Nyquist frequency."""
    out = np.zeros(round(seconds * sample_rate), dtype=np.float32)
    for note in notes:
        for harmonic in range(1, 7):
            hz = 440 * 2 ** ((note - 69) / 12) * harmonic
            if hz < sample_rate / 2:
                out += sine(hz, seconds, sample_rate, level=0.5 / len(notes) / harmonic**1.5)
    return out


def stereo(left: Samples, right: Samples | None = None) -> Samples:
    """Two channels as (n_samples, 2); without `right` both are the same."""
    return np.stack([left, left if right is None else right], axis=1)


def write(
    path: Path,
    samples: Samples,
    sample_rate: int,
    *,
    codec: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> Path:
    """Write samples, (n_samples,) or (n_samples, 1, 2 or 6), in the format of the suffix and return the path.

    `codec` is FFmpeg's name where the suffix allows several. `tags` go by FFmpeg's names: title, artist, album,
    album_artist, track, date, genre. A sample rate that the codec lacks becomes the next higher one it has.
    """
    form = FORMATS[path.suffix.lower()]
    channels = samples[:, None] if samples.ndim == 1 else samples
    layout = LAYOUTS[channels.shape[1]]
    name = codec or form.codec
    rates = RATES.get(name, (sample_rate,))
    rate = min((r for r in rates if r >= sample_rate), default=max(rates))
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format=form.muxer) as container:
        container.metadata.update(tags or {})
        stream = cast("AudioStream", container.add_stream(name, rate=rate, layout=layout))
        stream.bit_rate = BIT_RATE
        if name == "wavpack":
            stream.codec_context.format = av.AudioFormat("s16p")  # its first choice is 8 bits
        if name == "vorbis":
            stream.codec_context.options = {"strict": "experimental"}
        for start in range(0, len(channels), BLOCK):
            block = np.ascontiguousarray(channels[start : start + BLOCK].T, dtype=np.float32)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            frame.sample_rate = sample_rate
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
