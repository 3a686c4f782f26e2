"""A track in another format, with its tags by FFmpeg (PyAV) and its cover by mutagen."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

import av

from essentialist.copying.forms import FORMS, KBIT_S, LOSSLESS
from essentialist.errors import FileChanged, NoSamples, Undecodable
from essentialist.files.covers import Picture, inside
from essentialist.files.embedding import embed
from essentialist.sound.audio import Converter
from essentialist.sound.containers import audio_stream, open_container, packets, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from av import Packet
    from av.audio.stream import AudioStream
    from av.container import OutputContainer


TAGS: Final = ("title", "artist", "album_artist", "album", "track", "disc", "date", "genre", "composer", "comment")
LONGEST: Final = 1_000  # characters of a tag


@dataclass(frozen=True, slots=True)
class Encoding:
    """How sound is written: a name of `FORMS`, samples a second, "stereo" or "mono", kbit/s where not the usual."""

    form: str
    rate: int
    layout: str
    kbit_s: int | None = None


def transcode(source: Path, target: BinaryIO | Path, form: str, kbit_s: int | None = None) -> None:
    """Write a file's sound, in stereo or mono, and its tags.

    Raises RecordingError for a file that cannot be decoded; `target` then holds anything.
    """
    rates = FORMS[form].rates
    with closing(open_container(source)) as container:
        stream = audio_stream(container)
        rate = stream.rate if not rates or stream.rate in rates else rates[0]
        encoding = Encoding(form, rate, "stereo" if stream.channels > 1 else "mono", kbit_s)
        frames = converted(packets(container, stream), Converter(encoding.layout, rate))
        encode(frames, target, encoding, tags_of(source))


def encode(
    frames: Iterable[av.AudioFrame], target: BinaryIO | Path, encoding: Encoding, tags: Mapping[str, str]
) -> None:
    """Write frames of planar float32, which have the encoding's rate and layout.

    A file given by its path begins with its index, so that a player that fetches it in parts need not look for it.
    Raises NoSamples where there is no frame, Undecodable where the encoder refuses them.
    """
    kind = FORMS[encoding.form]
    named = isinstance(target, Path)
    options = {**kind.options, **(kind.named if named else {})}
    with av.open(f"file:{target}" if named else target, "w", format=kind.muxer, options=options) as out:
        out.metadata.update(tags)
        encoder = cast("AudioStream", out.add_stream(kind.codec, rate=encoding.rate, layout=encoding.layout))
        if encoding.form not in LOSSLESS:
            encoder.bit_rate = 1000 * (encoding.kbit_s or KBIT_S[encoding.form])
        try:
            n_samples = _mux(frames, out, encoder)
        except av.FFmpegError as error:
            raise Undecodable(
                f"FFmpeg cannot write it as {encoding.form} ({error.strerror}); try another format"
            ) from error
    if not n_samples:
        raise NoSamples("the file holds no sound; copy it again from where it came")


def carry_cover(source: Path, target: BinaryIO, form: str) -> None:
    """Put the cover that a file holds into what it was transcoded to. Raises RecordingError where it cannot be."""
    cover = cover_of(source)
    if cover is not None:
        embed(cover, target, FORMS[form].suffix)


def cover_of(source: Path) -> Picture | None:
    """The cover that is carried over; FileChanged where the file cannot be read any more."""
    try:
        return inside(source)
    except OSError as error:
        raise FileChanged(f"{error.strerror}: make it readable, or analyse its folder again") from error


def tags_of(source: Path) -> dict[str, str]:
    """The tags that are carried over."""
    said = texts(source)
    return {name: said[name][:LONGEST] for name in TAGS if said.get(name)}


def converted(some: Iterable[Packet[Any]], converter: Converter) -> Iterator[av.AudioFrame]:
    """The frames of packets in one format; damaged packets are left out, as players do."""
    for packet in some:
        try:
            frames = cast("list[av.AudioFrame]", packet.decode())
        except av.FFmpegError:
            continue
        for frame in frames:
            yield from converter.convert(frame)
    yield from converter.flush()


def _mux(frames: Iterable[av.AudioFrame], out: OutputContainer, encoder: AudioStream) -> int:
    """Encode; how many samples came by."""
    n_samples = 0
    for frame in frames:
        frame.pts, frame.time_base = n_samples, Fraction(1, frame.sample_rate)
        n_samples += frame.samples
        out.mux(encoder.encode(frame))
    if n_samples:
        out.mux(encoder.encode(None))
    return n_samples
