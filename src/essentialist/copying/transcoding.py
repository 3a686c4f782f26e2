"""A track in another format, with its tags, by FFmpeg (PyAV). Covers are left behind."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import av

from essentialist.errors import ExportError, NoSamples, Undecodable
from essentialist.sound.audio import Converter
from essentialist.sound.containers import audio_stream, open_container, packets, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer


@dataclass(frozen=True, slots=True)
class Form:
    """A format: the file's suffix, FFmpeg's muxer and encoder, the sample rates that it takes (none: all)."""

    suffix: str
    muxer: str
    codec: str
    rates: tuple[int, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


FORMS: Final[Mapping[str, Form]] = {
    "mp3": Form(".mp3", "mp3", "libmp3lame", (44_100, 48_000, 32_000), {"id3v2_version": "3"}),
    "opus": Form(".opus", "opus", "libopus", (48_000,)),
    "m4a": Form(".m4a", "ipod", "aac", (44_100, 48_000, 32_000)),
    "flac": Form(".flac", "flac", "flac"),
}
KBIT_S: Final[Mapping[str, int]] = {"mp3": 192, "opus": 128, "m4a": 192, "flac": 1_000}
"""The usual bit rates in kbit/s; that of FLAC, which has none, is a guess at its size."""
LOSSLESS: Final = frozenset({"flac"})
RATES: Final = (16, 512)  # kbit/s
TAGS: Final = ("title", "artist", "album_artist", "album", "track", "disc", "date", "genre", "composer", "comment")
LONGEST: Final = 1_000  # characters of a tag


def check(form: str | None, kbit_s: int | None) -> None:
    """Raise ExportError for a format that is none, or a bit rate that it does not have."""
    if form is not None and form not in FORMS:
        raise ExportError(f"there is no format {form!r} to copy in; use one of {', '.join(FORMS)}")
    if kbit_s is not None and (form is None or form in LOSSLESS):
        raise ExportError("a bit rate is that of mp3, opus or m4a; name one of them as the format")
    if kbit_s is not None and not RATES[0] <= kbit_s <= RATES[1]:
        raise ExportError(f"{kbit_s} kbit/s is no bit rate; give one from {RATES[0]} to {RATES[1]}")


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
