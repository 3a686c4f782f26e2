"""How much of a hostile file mutagen may read and inflate: what claims to be a tag may be gigabytes."""

from __future__ import annotations

import zlib
from io import BufferedReader

import mutagen.id3._frames

MB = 1 << 20
READ_MB = 100  # of a file: a cover of 64 MB, in the 90 MB that Ogg makes of it
INFLATED_MB = 16  # of a compressed ID3 frame


class Allowance(BufferedReader):
    """A file of which only so much can be read, from wherever; more is an EOFError."""

    left = READ_MB * MB

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on, as long as the allowance lasts."""
        content = super().read(self.left + 1 if size is None or size < 0 else min(size, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise EOFError
        return content


class Inflation:
    """zlib as mutagen's ID3 knows it, with a limit: a frame of a megabyte may be a gigabyte of zeros."""

    error = zlib.error

    @staticmethod
    def decompress(data: bytes) -> bytes:
        """Inflate; zlib.error where that would be too much."""
        inflater = zlib.decompressobj()
        inflated = inflater.decompress(data, INFLATED_MB * MB)
        if not inflater.eof:
            raise zlib.error
        return inflated


mutagen.id3._frames.zlib = Inflation  # type: ignore[attr-defined, assignment] # mutagen has no setting for it
