"""Decoding: a file, once, as blocks of samples, with the fingerprint of its sound.

FFmpeg (by PyAV) reads every format. What must not change, because values in catalogues depend on it:

- more than two channels are mixed to stereo by FFmpeg's own matrix, then stereo to mono by the mean of both;
- resampling is soxr's "HQ", of mono, in one stream a track;
- the fingerprint is of the sound only: tags, covers, names and the container do not count (`fingerprinting`).
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, cast

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from essentialist.errors import FileChanged, NoSamples, Undecodable
from essentialist.sound.containers import AGAIN, audio_stream, check_sample_rate, open_container, packets
from essentialist.sound.fingerprinting import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Samples: TypeAlias = NDArray[np.float32]

BLOCK_SIZE = 16_384  # samples: large enough that Python's share of the work is small
LONGEST_H = 24.0  # of a recording: a silence of days can be a file of a few megabytes


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file on disk is still the one that was opened."""

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """The file's stamp now; FileChanged when it is gone or cannot be looked at."""
        try:
            status = path.stat()
        except OSError as error:
            raise FileChanged(f"{error.strerror}: the file went away; run the analysis again") from error
        return cls(status.st_size, status.st_mtime_ns)


class Decoder:
    """One pass over the first audio stream of a file.

    Iterating gives blocks of float32 samples, shape (n_channels, n), one or two channels at `sample_rate`. When the
    blocks are through, `fingerprint` and `n_samples` are those of the whole stream. A damaged packet is left out, as
    players do.

    Raises Undecodable when FFmpeg sees no audio in the file, NoSamples when there is nothing to hear, FileChanged
    when the file vanishes or changes meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp = Stamp.of(path)
        if self.stamp.size == 0:
            raise NoSamples("the file is empty: copy it again from where it came")
        self.container = open_container(path)
        self.stream = audio_stream(self.container)
        self.sample_rate = self.stream.rate
        self.n_channels = min(2, self.stream.channels)
        self.n_samples = 0
        self.identity = Identity(self.stream)

    def __iter__(self) -> Iterator[Samples]:
        """Decode from the beginning to the end, once."""
        pending = av.AudioFifo()
        time_base = Fraction(1, self.sample_rate)
        for frame in self._converted():
            frame.pts, frame.time_base = None, time_base  # positions do not matter, and wrong ones in a file must not
            pending.write(frame)
            if pending.samples >= BLOCK_SIZE:
                yield self._counted(pending.read())
        if pending.samples:
            yield self._counted(pending.read())
        self.check_unchanged()
        if self.n_samples == 0:
            raise NoSamples(f"the file holds no sound: {AGAIN}")

    def _counted(self, frame: av.AudioFrame | None) -> Samples:
        """The samples of a frame in planar float32, shape (n_channels, n)."""
        block = cast("Samples", frame.to_ndarray()) if frame else np.empty((self.n_channels, 0), np.float32)
        self.n_samples += block.shape[1]
        if self.n_samples > LONGEST_H * 3600 * self.sample_rate:
            raise Undecodable(f"it goes on for more than {LONGEST_H:g} hours: cut it into pieces, or exclude it")
        return block

    def _converted(self) -> Iterator[av.AudioFrame]:
        """The frames in one format."""
        converter = Converter("stereo" if self.n_channels == 2 else "mono", self.sample_rate)
        for frame in self._frames():
            self.identity.hear(frame)
            yield from converter.convert(frame)
        yield from converter.flush()

    def _frames(self) -> Iterator[av.AudioFrame]:
        for packet in packets(self.container, self.stream):
            self.identity.read(packet)
            try:
                yield from cast("list[av.AudioFrame]", packet.decode())
            except av.FFmpegError:  # a damaged packet, by whatever name: skip it, as players do
                continue

    def check_unchanged(self) -> None:
        """Raise FileChanged unless the file is still the one that was opened."""
        if Stamp.of(self.path) != self.stamp:
            raise FileChanged("the file changed while it was read; run the analysis again")

    @property
    def fingerprint(self) -> bytes:
        """What the sound is known by, 16 bytes; of use when the blocks are through."""
        return self.identity.digest()

    def close(self) -> None:
        """Let the file go."""
        self.container.close()


class Converter:
    """Frames of any sample format, layout and rate to planar float32 of one layout and rate."""

    def __init__(self, layout: str, sample_rate: int) -> None:
        self.layout = layout
        self.sample_rate = sample_rate
        self._resampler: av.AudioResampler | None = None
        self._input: tuple[str, str, int] | None = None

    def convert(self, frame: av.AudioFrame) -> list[av.AudioFrame]:
        """The frame's samples; a stream may change its format on the way (chained Ogg, radio recordings)."""
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        held = self.flush() if self._resampler and shape != self._input else []
        if shape == ("fltp", self.layout, self.sample_rate):
            return [*held, frame]
        if self._resampler is None:
            check_sample_rate(frame.sample_rate)
            self._resampler = av.AudioResampler(format="fltp", layout=self.layout, rate=self.sample_rate)
            self._input = shape
        frame.pts = None
        try:
            return [*held, *self._resampler.resample(frame)]
        except (av.FFmpegError, ValueError) as error:
            raise Undecodable(
                f"FFmpeg cannot mix its {len(frame.layout.channels)} channels to {self.layout}: {AGAIN}"
            ) from error

    def flush(self) -> list[av.AudioFrame]:
        """What the converter still holds."""
        if self._resampler is None:
            return []
        held = self._resampler.resample(None)
        self._resampler, self._input = None, None
        return held


class Resampler:
    """One channel to another sample rate, block by block, as if all were there at once (soxr HQ)."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = (
            soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="HQ") if from_hz != to_hz else None
        )

    def push(self, block: Samples, *, last: bool = False) -> Samples:
        """What can be said of the output after this block of shape (n,)."""
        if self._stream is None:
            return block
        return cast("Samples", self._stream.resample_chunk(block, last=last))


def fingerprint(path: Path) -> bytes:
    """The fingerprint of a file's sound, decoding only where that is needed (see the module's head).

    Raises what `Decoder` raises.
    """
    with closing(Decoder(path)) as decoder:
        if decoder.identity.of_samples:
            for _ in decoder:
                pass
        else:
            for packet in packets(decoder.container, decoder.stream):
                decoder.identity.read(packet)
            decoder.check_unchanged()
        return decoder.fingerprint


def length_s(path: Path) -> float:
    """How long the stream is by its packets, in seconds: the whole file is read and nothing decoded.

    What a header states may be years for a minute, so positions in a long recording are taken from this.
    """
    with closing(open_container(path)) as container:
        stream = audio_stream(container)
        if stream.time_base is None:
            return 0.0
        return float(sum(packet.duration or 0 for packet in packets(container, stream)) * stream.time_base)
