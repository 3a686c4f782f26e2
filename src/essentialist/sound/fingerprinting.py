"""What a sound is known by, whatever its file is called and its tags say.

Where the decoder gives whole numbers (FLAC, WAV, ALAC, AIFF, WavPack ...) the fingerprint is of the samples, so that
one recording in two lossless formats is known as one. Where it gives floats (MP3, AAC, Vorbis, Opus ...), whose last
bits differ between processors, it is of the coded packets, which no tagger and no remuxing changes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import av
    from av.audio.stream import AudioStream

FINGERPRINT_BYTES = 16
WHOLE_NUMBERS = frozenset({"u8", "u8p", "s16", "s16p", "s32", "s32p"})
MPEG_CODECS = ("mp1", "mp2", "mp3")


class Identity:
    """The fingerprint of a stream, gathered while it is read and decoded."""

    def __init__(self, stream: AudioStream) -> None:
        context = stream.codec_context
        self.of_samples = context.format is not None and context.format.name in WHOLE_NUMBERS
        self._is_mpeg = context.name.startswith(MPEG_CODECS)
        name = "samples" if self.of_samples else context.name
        self._hash = hashlib.blake2b(f"{name} {stream.rate} {stream.channels}".encode(), digest_size=FINGERPRINT_BYTES)

    def read(self, packet: av.Packet[Any]) -> None:
        """A coded packet came by."""
        if not self.of_samples and not (self._is_mpeg and is_foreign(packet)):
            self._hash.update(packet)

    def hear(self, frame: av.AudioFrame) -> None:
        """A decoded frame came by."""
        if self.of_samples:
            samples = frame.to_ndarray()
            interleaved = samples.T if frame.format.is_planar else samples
            self._hash.update(interleaved.tobytes())

    def digest(self) -> bytes:
        """The fingerprint of all that came by."""
        return self._hash.digest()


def is_foreign(packet: av.Packet[Any]) -> bool:
    """Whether a packet of MPEG audio is none: tags behind the sound (APEv2, Lyrics3) are cut up like sound by FFmpeg.

    Frames begin with eleven bits of 1 (ISO/IEC 11172-3), and FFmpeg starts a packet at each.
    """
    head = memoryview(packet)[:2]
    return len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0
