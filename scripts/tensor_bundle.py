"""Read the float tensors of a TensorFlow checkpoint (a "tensor bundle", V2 format) without TensorFlow.

A bundle is two files. `.data-00000-of-00001` holds the tensors' bytes one after another; `.index` is a LevelDB sorted
string table that maps each variable's name to a `BundleEntryProto`: its type, shape, offset and size. The table is
read as far as checkpoints use it: one shard, uncompressed blocks, whose index block points to the data blocks.

Formats: LevelDB, doc/table_format.md; TensorFlow, core/protobuf/tensor_bundle.proto.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from wire_format import Cursor, fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

FOOTER_SIZE = 48
MAGIC = 0xDB4775248B80FB57.to_bytes(8, "little")
UNCOMPRESSED = 0
BLOCK_INDEX = "<block>"
DT_FLOAT = 1

ENTRY_DTYPE, ENTRY_SHAPE, ENTRY_SHARD, ENTRY_OFFSET, ENTRY_SIZE = 1, 2, 3, 4, 5
SHAPE_DIM = 2
DIM_SIZE = 1


class BundleError(ValueError):
    """The files are not a checkpoint that this module can read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a tensor lies in the file of tensors, in bytes."""

    shape: tuple[int, ...]
    offset: int
    size: int


def read(index: bytes, tensors: bytes) -> dict[str, NDArray[np.float32]]:
    """Return every float32 variable of the bundle, by name.

    Parameters
    ----------
    index, tensors
        The contents of `.index` and `.data-00000-of-00001`.

    Raises
    ------
    BundleError, WireError
        When the bytes are cut short, compressed, or not a bundle.
    """
    if index[-len(MAGIC) :] != MAGIC:
        raise BundleError("This is not the index of a checkpoint: its last bytes are not a LevelDB table's.")
    footer = Cursor(index[-FOOTER_SIZE:])
    footer.varint(), footer.varint()  # where the meta-index block lies: checkpoints leave it empty
    entries = {
        name.decode(): entry
        for _, pointer in _block(index, Cursor(index[-FOOTER_SIZE + footer.position :]))
        for name, message in _block(index, Cursor(pointer))
        if name and (entry := _entry(message))  # the empty name is the bundle's own header
    }
    return {name: _tensor(tensors, entry) for name, entry in entries.items()}


def _block(table: bytes, pointer: Cursor) -> Iterator[tuple[bytes, bytes]]:
    """Yield the keys and values of the block at a pointer (offset, size); each key continues the one before."""
    offset, size = pointer.varint(), pointer.varint()
    if table[offset + size : offset + size + 1] != bytes([UNCOMPRESSED]):
        raise BundleError("The checkpoint's index has a compressed block, which TensorFlow does not write.")
    block = table[offset : offset + size]
    n_restarts = int.from_bytes(block[-4:], "little")
    rows = Cursor(block[: len(block) - 4 * (n_restarts + 1)])
    key = b""
    while rows:
        n_shared, n_own, n_value = rows.varint(), rows.varint(), rows.varint()
        key = key[:n_shared] + rows.take(n_own)
        yield key, rows.take(n_value)


def _entry(message: bytes) -> Entry | None:
    """Return what a `BundleEntryProto` says, or None for a variable of another type."""
    entry = dict(fields(message))
    if entry.get(ENTRY_DTYPE) != DT_FLOAT or entry.get(ENTRY_SHARD, 0) != 0:
        return None
    shape = entry.get(ENTRY_SHAPE, b"")
    offset, size = entry.get(ENTRY_OFFSET, 0), entry.get(ENTRY_SIZE, 0)
    if not (isinstance(shape, bytes) and isinstance(offset, int) and isinstance(size, int)):
        raise BundleError("The checkpoint's index has an entry whose fields have the wrong types.")
    dims = [dict(fields(dim)) for number, dim in fields(shape) if number == SHAPE_DIM and isinstance(dim, bytes)]
    return Entry(tuple(extent for dim in dims if isinstance(extent := dim.get(DIM_SIZE, 0), int)), offset, size)


def _tensor(tensors: bytes, entry: Entry) -> NDArray[np.float32]:
    if entry.size != 4 * math.prod(entry.shape) or entry.offset + entry.size > len(tensors):
        raise BundleError("The checkpoint's file of tensors is cut short, or its index is of another file.")
    values = np.frombuffer(tensors, "<f4", math.prod(entry.shape), entry.offset)
    return values.reshape(entry.shape).astype(np.float32)
