"""Cut a passage out of a file and write it as Opus; what a worker process does with one track.

What comes before the passage is read but not decoded: the lengths of packets say where in the track one is, which is
exact where seeking is a guess (MP3 of variable bit rate), and takes a fraction of the time of decoding.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeAlias, cast

import av
import numpy as np

from essentialist.atomic import replacement
from essentialist.copying.transcoding import Encoding, converted, encode
from essentialist.errors import NoSamples, RecordingError
from essentialist.sound.audio import Converter
from essentialist.sound.containers import audio_stream, open_container, packets
from essentialist.tasks import Unheard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from av import Packet
    from numpy.typing import NDArray

    from essentialist.hearing.passages import Passage

RATE_HZ: Final = 48_000  # of Opus
KBIT_S: Final = 64
PREROLL_S: Final = 2.0  # decoded before the passage: decoders need a few packets to come right
FADE_S: Final = 0.05
BLOCK: Final = 4_800  # samples handed to the encoder at once

Samples: TypeAlias = "NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class ClipTask:
    """A clip to make."""

    source: Path
    target: Path
    passage: Passage


@dataclass(frozen=True, slots=True)
class Clipped:
    """A clip that was made."""

    n_bytes: int


@dataclass(frozen=True, slots=True)
class Rest:
    """The packets from a position of a stream on."""

    position_s: float
    packets: Iterator[Packet[Any]]


def make(task: ClipTask) -> Clipped | Unheard:
    """Make a clip. What is wrong with the track's file is an answer, not an error.

    Raises ExportError where the clip cannot be written.
    """
    try:
        with replacement(task.target) as file:
            write(task.source, file, task.passage)
            return Clipped(file.seek(0, 2))
    except RecordingError as error:
        return Unheard("decode", str(error))


def write(source: Path, target: BinaryIO, passage: Passage) -> None:
    """Write a passage as Opus, in stereo or mono, faded where it is cut.

    Raises RecordingError where the file cannot be decoded or does not reach so far.
    """
    samples = cut(source, passage)
    layout = "stereo" if len(samples) == 2 else "mono"
    encode(frames(samples, layout), target, Encoding("opus", RATE_HZ, layout, KBIT_S), {})


def cut(source: Path, passage: Passage) -> Samples:
    """The samples of a passage at 48 kHz, shape (n_channels, n), faded in and out where the track goes on."""
    with closing(open_container(source)) as container:
        stream = audio_stream(container)
        layout = "stereo" if stream.channels > 1 else "mono"
        rest = skip(packets(container, stream), passage.start_s - PREROLL_S)
        first, n_samples = round((passage.start_s - rest.position_s) * RATE_HZ), round(passage.seconds * RATE_HZ)
        samples = taken(converted(rest.packets, Converter(layout, RATE_HZ)), first, n_samples + 1)
    if passage.start_s > 0:
        fade(samples)
    if samples.shape[1] > n_samples:  # the track goes on
        samples = samples[:, :n_samples]
        fade(samples[:, ::-1])
    return samples


def skip(some: Iterator[Packet[Any]], until_s: float) -> Rest:
    """Leave out the packets that end before a time; one whose length is not known has to be decoded, and all after."""
    position_s = 0.0
    for packet in some:
        length_s = float((packet.duration or 0) * (packet.time_base or 0))
        if length_s <= 0 or position_s + length_s > until_s:
            return Rest(position_s, chain((packet,), some))
        position_s += length_s
    return Rest(position_s, iter(()))


def taken(decoded: Iterable[av.AudioFrame], first: int, n_samples: int) -> Samples:
    """So many samples from the first one wanted on, or as many as there are, shape (n_channels, n).

    Raises NoSamples where there are none.
    """
    blocks: list[Samples] = []
    position, end = 0, first + n_samples
    for frame in decoded:
        block = cast("Samples", frame.to_ndarray())
        blocks.append(block[:, max(0, first - position) : end - position])
        position += block.shape[1]
        if position >= end:
            break
    if position <= first:
        raise NoSamples("the file ends before the passage: analyse its folder again")
    return np.concatenate(blocks, axis=1)


def fade(samples: Samples) -> None:
    """Fade the beginning of samples in, in place."""
    n_faded = min(round(FADE_S * RATE_HZ), samples.shape[1])
    samples[:, :n_faded] *= np.linspace(0, 1, n_faded, dtype=np.float32)


def frames(samples: Samples, layout: str) -> Iterator[av.AudioFrame]:
    """Samples as frames for an encoder."""
    for start in range(0, samples.shape[1], BLOCK):
        block = np.ascontiguousarray(samples[:, start : start + BLOCK])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate = RATE_HZ
        yield frame
