"""Is this audio? By the file's extension, or by its first few kilobytes.

An extension only says that a file means to be audio: what is inside is for the decoder to find out. The first bytes
must be sure, since they are asked of every cover, booklet and text file in the collection. Signatures are those of the
formats' specifications; MPEG audio has none and is known by two frames in a row (ISO/IEC 11172-3 and 13818-7). Videos
are not audio; ASF and Matroska, which hold either, and AC-3, which begins with two sure bytes only, are told by their
extensions.
"""

from __future__ import annotations

import re
from typing import BinaryIO

HEAD_SIZE = 8192
"""Bytes that `is_audio` needs from the start of a file: two frames of any MPEG audio in common use."""

_EXTENSIONS = """
    mp3 mp2 mp1 mpga aac adts m4a m4b m4p m4r alac ogg oga opus spx flac wav wave bwf rf64 w64 aif aiff aifc au snd caf
    wma ape wv mka webm mpc mp+ mpp tta tak ac3 eac3 ec3 dts dsf dff amr shn
"""
EXTENSIONS = frozenset(f".{extension}" for extension in _EXTENSIONS.split())
"""The extensions of audio files, with their dot, in lower case."""

_SIGNATURE = re.compile(
    rb"""
      ID3 [\x02-\x04] [\x00-\xfe] . [\x00-\x7f]{4}    # ID3v2: version, flags, a size of four 7-bit bytes
    | fLaC [\x00\x80] \x00\x00\x22                    # FLAC: STREAMINFO comes first and has 34 bytes
    | (?: RIFF | RF64 | BW64 ) .{4} WAVE
    | riff \x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00    # Sony Wave64
    | FORM .{4} AIF[FC]
    | FRM8 .{8} DSD\x20                               # DSDIFF
    | DSD\x20 \x1c \x00{7}                            # DSF: a first chunk of 28 bytes
    | .{4} ftyp (?: M4A | M4B | M4P | F4A ) .
    | MAC[\x20F] . [\x0e-\x13]                        # Monkey's Audio 3.60 to 5
    | wvpk .{4} . \x04                                # WavPack, streams 0x402 to 0x410
    | caff \x00\x01
    | \.snd \x00\x00 .{2}                             # Sun/NeXT: an offset under 64 KiB
    | TTA1 [\x01-\x03] \x00 | TTA2 | tBaK
    | MPCK [A-Z]{2} | MP\+ [\x07\x17\x08]             # Musepack, streams 8, 7 and 7.1
    """,
    re.VERBOSE | re.DOTALL,
)

_SYNC = re.compile(rb"\xff[\xe0-\xff]")
_OGG_AUDIO = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"fLaC", b"Speex   ")
_OGG_VIDEO = (b"\x80theora", b"BBCD\x00", b"OVP80")
_OGG_FIRST_PAGE = 0x02  # header flag: a stream begins here

# kbit/s by the four bits of the header, for MPEG 1 (layers I, II, III) and MPEG 2 and 2.5 (layer I, layers II and III).
_BITRATES = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {0b11: (44_100, 48_000, 32_000), 0b10: (22_050, 24_000, 16_000), 0b00: (11_025, 12_000, 8_000)}


def has_audio_extension(name: str) -> bool:
    """Whether the name ends in the extension of an audio format, in any case."""
    return name[name.rfind(".") :].lower() in EXTENSIONS


def is_audio(head: bytes) -> bool:
    """Whether a file that begins with `head` (its first `HEAD_SIZE` bytes, or all of it) is audio and not video."""
    return bool(_SIGNATURE.match(head)) or _is_ogg_audio(head) or _is_mpeg_audio(head)


def sounds_like_audio(file: BinaryIO) -> bool:
    """Whether an open file is audio; reads `HEAD_SIZE` bytes from where it stands."""
    return is_audio(file.read(HEAD_SIZE))


def _is_ogg_audio(head: bytes) -> bool:
    """All streams of an Ogg file begin before any goes on: one is audio as we know it, and none is video."""
    begins, position = [], 0
    while head.startswith(b"OggS\x00", position) and len(head) > position + 27 and head[position + 5] & _OGG_FIRST_PAGE:
        n_segments = head[position + 26]
        packet = position + 27 + n_segments
        begins.append(head[packet : packet + 8])
        position = packet + sum(head[position + 27 : packet])
    return any(begin.startswith(_OGG_AUDIO) for begin in begins) and not any(
        begin.startswith(_OGG_VIDEO) for begin in begins
    )


def _is_mpeg_audio(head: bytes) -> bool:
    """Find a frame of MPEG audio or of AAC in ADTS, and after it another one of the same kind."""
    for length_of in (_mpeg_frame_length, _adts_frame_length):
        length = length_of(head[:7])
        following = head[length : length + 7]
        if length and length_of(following) and _kind_of_frame(following) == _kind_of_frame(head):
            return True
    return False


def mpeg_kind(head: bytes) -> str | None:
    """Which kind of MPEG audio begins somewhere in a head: "mp1", "mp2", "mp3", or "adts" for AAC; None for none."""
    for candidate in _SYNC.finditer(head):
        rest = head[candidate.start() :]
        if _is_mpeg_audio(rest):
            layer = 4 - (rest[1] >> 1 & 0b11)
            return "adts" if layer == 4 else f"mp{layer}"
    return None


def _kind_of_frame(header: bytes) -> tuple[int, int]:
    """Sync, version, layer and sample rate: what the frames of one stream have in common."""
    return header[1], header[2] & 0b0000_1100


def _mpeg_frame_length(header: bytes) -> int:
    """Length in bytes of an MPEG 1, 2 or 2.5 frame of any layer, from its header; 0 if it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 0b11, 4 - (header[1] >> 1 & 0b11)
    bitrate_index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 0b11, header[2] >> 1 & 1
    if version == 0b01 or layer == 4 or bitrate_index in (0, 15) or rate_index == 3 or header[3] & 0b11 == 0b10:
        return 0
    bitrate = _BITRATES[1 if version == 0b11 else 2, layer][bitrate_index - 1] * 1000
    sample_rate = _SAMPLE_RATES[version][rate_index]
    if layer == 1:
        return (12 * bitrate // sample_rate + padding) * 4
    samples_in_bytes = 72 if layer == 3 and version != 0b11 else 144
    return samples_in_bytes * bitrate // sample_rate + padding


def _adts_frame_length(header: bytes) -> int:
    """Length in bytes of an AAC frame in ADTS, from its header; 0 if it is none."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or header[2] >> 2 & 0xF > 12:
        return 0
    length = (header[3] & 0b11) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else 0
