"""A track in another format, with its tags, by FFmpeg (PyAV). Covers are left behind."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import av

from essentialist.copying.forms import FORMS, KBIT_S, LOSSLESS
from essentialist.errors import NoSamples, Undecodable
from essentialist.sound.audio import Converter
from essentialist.sound.containers import audio_stream, open_container, packets, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer


TAGS: Final = ("title", "artist", "album_artist", "album", "track", "disc", "date", "genre", "composer", "comment")
LONGEST: Final = 1_000  # characters of a tag


def transcode(source: Path, target: BinaryIO, form: str, kbit_s: int | None = None) -> None:
    """Write a file's sound, in stereo or mono, and its tags.

    Raises RecordingError for a file that cannot be decoded; `target` then holds anything.
    """
    kind = FORMS[form]
    with closing(open_container(source)) as container:
        stream = audio_stream(container)
        rate = stream.rate if not kind.rates or stream.rate in kind.rates else kind.rates[0]
        layout = "stereo" if stream.channels > 1 else "mono"
        with av.open(target, "w", format=kind.muxer, options=dict(kind.options)) as out:
            out.metadata.update(tags_of(source))
            encoder = cast("AudioStream", out.add_stream(kind.codec, rate=rate, layout=layout))
            if form not in LOSSLESS:
                encoder.bit_rate = 1000 * (kbit_s or KBIT_S[form])
            try:
                n_samples = _encode(container, stream, out, encoder, Converter(layout, rate))
            except av.FFmpegError as error:
                raise Undecodable(f"FFmpeg cannot write it as {form} ({error.strerror}); try another format") from error
    if not n_samples:
        raise NoSamples("the file holds no sound; copy it again from where it came")


def tags_of(source: Path) -> dict[str, str]:
    """The tags that are carried over."""
    said = texts(source)
    return {name: said[name][:LONGEST] for name in TAGS if said.get(name)}


def _encode(
    container: InputContainer, stream: AudioStream, out: OutputContainer, encoder: AudioStream, converter: Converter
) -> int:
    """Decode, convert and encode; how many samples came by."""
    n_samples = 0
    for frame in _converted(container, stream, converter):
        frame.pts, frame.time_base = n_samples, Fraction(1, frame.sample_rate)
        n_samples += frame.samples
        out.mux(encoder.encode(frame))
    if n_samples:
        out.mux(encoder.encode(None))
    return n_samples


def _converted(container: InputContainer, stream: AudioStream, converter: Converter) -> Iterator[av.AudioFrame]:
    """The frames of a stream in one format; damaged packets are left out, as players do."""
    for packet in packets(container, stream):
        try:
            frames = cast("list[av.AudioFrame]", packet.decode())
        except av.FFmpegError:
            continue
        for frame in frames:
            yield from converter.convert(frame)
    yield from converter.flush()
