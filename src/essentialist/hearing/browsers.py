"""What browsers play as it is, told by the first kilobytes of a file; its name does not matter.

    MP3, FLAC (to 24 bits), WAV of 8 to 24-bit integers, AAC alone or in MP4     every browser
    Vorbis, Opus or FLAC in Ogg, WebM                                            all but Safari before 18.4

ALAC, WMA, AIFF, APE, WavPack, DSD, Musepack, WAV of floats, copy-protected MP4 and everything else they do not. MP4
says what it holds in its index, which may lie at the end of the file: it is found by the sizes of the boxes, and of
none more is read than its head (ISO/IEC 14496-12).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from essentialist.files.sniff import HEAD_SIZE, mpeg_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Kind:
    """How a file is announced to a browser, and whether every one plays it."""

    media_type: str
    everywhere: bool = True


MP3: Final = Kind("audio/mpeg")
FLAC: Final = Kind("audio/flac")
WAV: Final = Kind("audio/wav")
AAC: Final = Kind("audio/aac")
MP4: Final = Kind("audio/mp4")
OGG: Final = Kind("audio/ogg", everywhere=False)
WEBM: Final = Kind("audio/webm", everywhere=False)

_MPEG: Final[Mapping[str | None, Kind]] = {"mp3": MP3, "adts": AAC}

FLAC_BITS: Final = 24
WAV_BITS: Final = (8, 16, 24)
PCM, EXTENSIBLE = 1, 0xFFFE
N_BOXES: Final = 1_000  # that are looked at on one level: a file made to do harm could have millions
_OGG_AUDIO: Final = re.compile(rb"OggS\x00.{21}(.).{0,255}?(?:\x01vorbis|OpusHead|\x7fFLAC)", re.DOTALL)
_SAMPLE_ENTRIES: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")


def kind_of(file: BinaryIO) -> Kind | None:
    """What a browser takes a file for, and plays; None for what it does not play."""
    head = file.read(HEAD_SIZE)
    if head.startswith(b"ID3"):
        return _MPEG.get(mpeg_kind(behind_id3(file, head)))
    if head.startswith(b"fLaC"):
        return FLAC if len(head) > 21 and flac_bits(head) <= FLAC_BITS else None
    if head.startswith(b"OggS"):
        return OGG if _OGG_AUDIO.match(head) else None
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV if is_plain_wav(head) else None
    if head[4:8] == b"ftyp":
        return MP4 if b"mp4a" in sample_entries(file) else None
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return WEBM if b"\x42\x82\x84webm" in head[:64] else None
    return _MPEG.get(mpeg_kind(head))


def behind_id3(file: BinaryIO, head: bytes) -> bytes:
    """The first kilobytes behind an ID3 tag and its padding; of nothing else than MPEG audio browsers expect one."""
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
    file.seek(10 + size)
    return file.read(HEAD_SIZE)


def flac_bits(head: bytes) -> int:
    """Bits a sample, of the stream's first block."""
    return ((head[20] & 1) << 4 | head[21] >> 4) + 1


def is_plain_wav(head: bytes) -> bool:
    """Whether the samples are integers of a size that browsers know."""
    at = head.find(b"fmt ", 12)
    if at < 0 or len(head) < at + 24:
        return False
    tag, bits = (int.from_bytes(head[at + start : at + start + 2], "little") for start in (8, 22))
    if tag == EXTENSIBLE:
        tag = int.from_bytes(head[at + 32 : at + 34], "little")
    return tag == PCM and bits in WAV_BITS


@dataclass(frozen=True, slots=True)
class Box:
    """A box of an MP4 file: its name, and where its content begins and ends."""

    name: bytes
    start: int
    end: int


def sample_entries(file: BinaryIO) -> set[bytes]:
    """The codecs of the streams of an MP4 file, by the names of their sample entries."""
    level = [Box(b"", 0, file.seek(0, 2))]
    for name in _SAMPLE_ENTRIES:
        level = [box for outer in level[:N_BOXES] for box in boxes(file, outer.start, outer.end) if box.name == name]
    return {entry.name for box in level[:N_BOXES] for entry in boxes(file, box.start + 8, box.end)}


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes within a part of a file, as far as their sizes make sense."""
    for _ in range(N_BOXES):
        file.seek(start)
        head = file.read(16)
        size, content = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:  # a large one
            size, content = int.from_bytes(head[8:16], "big"), start + 16
        stop = end if size == 0 else start + size
        if len(head) < 8 or not content <= stop <= end:
            return
        yield Box(head[4:8], content, stop)
        start = stop
