"""The wire format of protocol buffers, as far as TensorFlow's files use it.

A message is a row of fields, each a number and a value.

Format: https://protobuf.dev/programming-guides/encoding
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5


class WireError(ValueError):
    """The bytes are no message."""


class Cursor:
    """A place in some bytes that moves on as they are read and never past their end."""

    def __init__(self, buffer: bytes) -> None:
        self.buffer = buffer
        self.position = 0

    def __bool__(self) -> bool:
        return self.position < len(self.buffer)

    def take(self, n_bytes: int) -> bytes:
        """Take the next bytes."""
        end = self.position + n_bytes
        if end > len(self.buffer):
            raise WireError("The file is cut short.")
        taken, self.position = self.buffer[self.position : end], end
        return taken

    def varint(self) -> int:
        """Take the next base-128 number, lowest seven bits first."""
        number = shift = 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a message: number and value. Raises WireError for what is none."""
    rest = Cursor(message)
    while rest:
        tag = rest.varint()
        wire_type = tag & 7
        if wire_type == VARINT:
            yield tag >> 3, rest.varint()
        elif wire_type == LENGTH_DELIMITED:
            yield tag >> 3, rest.take(rest.varint())
        elif wire_type in (FIXED32, FIXED64):
            yield tag >> 3, rest.take(4 if wire_type == FIXED32 else 8)
        else:
            raise WireError(f"The file has a field of unknown type {wire_type}.")


def field(number: int, value: int | bytes) -> bytes:
    """Return a field of a message: a whole number, or bytes, text and other messages."""
    if isinstance(value, int):
        return varint(number << 3 | VARINT) + varint(value)
    return varint(number << 3 | LENGTH_DELIMITED) + varint(len(value)) + value


def varint(number: int) -> bytes:
    """Return a number, not negative, in base 128."""
    septets = [number >> shift & 0x7F for shift in range(0, max(number.bit_length(), 1), 7)]
    return bytes([*(septet | 0x80 for septet in septets[:-1]), septets[-1]])
