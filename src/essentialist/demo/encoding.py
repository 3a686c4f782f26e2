"""Samples as a tagged audio file, in the formats that people keep.

Tempo and key are left out of the tags: who finds them has listened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from mutagen.easymp4 import EasyMP4
from mutagen.flac import FLAC
from mutagen.id3 import Frames
from mutagen.mp3 import EasyMP3
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from essentialist.demo import SAMPLE_RATE, Piece, Samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from av.audio.stream import AudioStream
    from mutagen import FileType

BLOCK = 16_384  # samples handed to the encoder at a time


@dataclass(frozen=True, slots=True)
class Format:
    """FFmpeg's muxer and encoder, with the encoder's options and sample rate, and mutagen's class for the file."""

    muxer: str
    codec: str
    file: Callable[[Path], FileType]
    options: dict[str, str] = field(default_factory=dict)
    sample_rate: int = SAMPLE_RATE


QUICK_MP3 = {"compression_level": "9"}
QUICK_AAC = {"aac_coder": "fast"}
OWN_VORBIS = {"strict": "experimental"}  # FFmpeg's own encoder asks for consent
FORMATS: Mapping[str, Format] = {
    ".flac": Format("flac", "flac", FLAC),
    ".mp3": Format("mp3", "libmp3lame", EasyMP3, QUICK_MP3),
    ".m4a": Format("ipod", "aac", EasyMP4, QUICK_AAC),
    ".ogg": Format("ogg", "vorbis", OggVorbis, OWN_VORBIS),
    ".opus": Format("ogg", "libopus", OggOpus, sample_rate=48_000),
    ".wav": Format("wav", "pcm_s16le", WAVE),
}
BIT_RATE = 192_000
ID3_FRAMES: Mapping[str, str] = {
    "title": "TIT2",
    "artist": "TPE1",
    "album": "TALB",
    "tracknumber": "TRCK",
    "date": "TDRC",
    "genre": "TCON",
}


def write(path: Path, samples: Samples, piece: Piece) -> None:
    """Write a piece's samples, (n_samples, 2), with its tags to `path`, in the format of `piece.suffix`."""
    form = FORMATS[piece.suffix]
    with av.open(str(path), "w", format=form.muxer) as container:
        added = container.add_stream(form.codec, rate=form.sample_rate, options=form.options, layout="stereo")
        stream = cast("AudioStream", added)
        stream.bit_rate = BIT_RATE
        for start in range(0, len(samples), BLOCK):
            block = np.ascontiguousarray(samples[start : start + BLOCK].T)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = SAMPLE_RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    tag(path, piece)


def tag(path: Path, piece: Piece) -> None:
    """Write the tags of a piece into its file."""
    file = FORMATS[piece.suffix].file(path)
    for name, text in tags(piece).items():
        if isinstance(file, WAVE):  # mutagen gives WAV no names, only ID3 frames
            frame = ID3_FRAMES[name]
            file[frame] = Frames[frame](encoding=3, text=text)
        else:
            file[name] = text
    file.save()


def tags(piece: Piece) -> dict[str, str]:
    """What a file says of its piece."""
    return {
        "title": piece.title,
        "artist": piece.artist,
        "album": piece.album,
        "tracknumber": str(piece.track_number),
        "date": str(piece.year),
        "genre": piece.genre,
    }
