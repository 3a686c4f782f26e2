"""What turns a file back into what it was: bytes of the old one that the new one lacks, and places of all the others.

Only tags differ between the two. The sound stands where it stood, or was moved as a whole, or in pages; a cover may
stand somewhere else among the tags. So a few places are tried for what comes next, and the rest is kept as it is.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final, TypeAlias

from essentialist.errors import Untaggable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

    Content: TypeAlias = bytes | mmap

STEP: Final = 32  # bytes that are kept, or have to be the same
SEARCH_AFTER, SEARCH_EVERY = 256, 4096  # bytes that were not found, before the whole neighbourhood is searched
NEIGHBOURHOOD: Final = 16 << 20
MAX_KEPT: Final = 64 << 20
RECORD: Final = struct.Struct("<QQ")  # where in the new file, and how many bytes
HERE: Final = (1 << 64) - 1  # the bytes follow


def delta(old: Content, new: Content) -> bytes:
    """What makes `old` of `new`. Raises Untaggable where that would be more than anybody's tags are."""
    packer, packed, n_kept = zlib.compressobj(), [], 0
    for place, at, n_bytes in differences(old, new):
        n_kept += 0 if place != HERE else n_bytes
        if n_kept > MAX_KEPT:
            raise Untaggable("would change all over, and its tags are too large to be kept for an undo")
        packed.append(packer.compress(RECORD.pack(place, n_bytes)))
        if place == HERE:
            packed.append(packer.compress(old[at : at + n_bytes]))
    return b"".join((*packed, packer.flush()))


def differences(old: Content, new: Content) -> Iterator[tuple[int, int, int]]:
    """The old file in pieces: where in the new one (or HERE: nowhere), where in the old one, how many bytes."""
    shifts = [0, len(new) - len(old)]
    at = kept_from = 0
    while at < len(old):
        if (at - kept_from) % SEARCH_EVERY == SEARCH_AFTER:
            found = new.find(old[at : at + 2 * STEP], max(0, at - NEIGHBOURHOOD), at + NEIGHBOURHOOD)
            shifts[2:] = [found - at] if found >= 0 else []
        n_same, shift = max((n_alike(old, at, new, at + shift), shift) for shift in shifts)
        if n_same < min(STEP, len(old) - at):
            at += STEP
            continue
        if at > kept_from:
            yield HERE, kept_from, at - kept_from
        yield at + shift, at, n_same
        at += n_same
        kept_from = at
    if kept_from < len(old):
        yield HERE, kept_from, len(old) - kept_from


def n_alike(old: Content, at: int, new: Content, place: int) -> int:
    """How many bytes are the same from a place in each."""
    if place < 0 or place >= len(new):
        return 0
    most, n_same, size = min(len(old) - at, len(new) - place), 0, STEP
    while n_same < most:
        size = min(size, most - n_same)
        start, there = at + n_same, place + n_same
        if old[start : start + size] == new[there : there + size]:
            n_same, size = n_same + size, min(2 * size, 1 << 20)
        elif size == 1:
            break
        else:
            size //= 2
    return n_same


def restored(new: Content, packed: bytes) -> Iterator[bytes]:
    """The old file, piece by piece. Raises ValueError or zlib.error for what is no delta of this file."""
    unpacker = zlib.decompressobj()
    unpacked = unpacker.decompress(packed, MAX_KEPT * 2)
    at = 0
    while at < len(unpacked):
        place, n_bytes = RECORD.unpack_from(unpacked, at)
        at += RECORD.size
        if place == HERE:
            yield unpacked[at : at + n_bytes]
            at += n_bytes
            continue
        for start in range(place, place + n_bytes, 1 << 20):
            yield new[start : min(start + (1 << 20), place + n_bytes)]
