r"""CSV after RFC 4180: UTF-8 without byte order mark, one header line, lines end in CR LF.

A distribution is one column of JSON text, so that the columns do not depend on the network; what is absent is an empty
cell. Tags come from anywhere and spreadsheets run what starts with `=`, `+`, `-` or `@`: such texts get a `'` in front.
A byte that is not UTF-8 becomes an escape such as `\udce9`. JSON and Parquet have the texts as they are.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

from essentialist.exports import Table
from essentialist.rows import Cell, columns, row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from essentialist.descriptors import Descriptor
    from essentialist.track import Track

_encode = json.JSONEncoder(ensure_ascii=False).encode
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Line:
    """A file for `csv.writer` that keeps nothing: `writerow` returns what `write` returns."""

    def write(self, line: str) -> str:
        """Give the line back."""
        return line


def chunks(tracks: Iterable[Track], descriptors: Sequence[Descriptor]) -> Iterator[bytes]:
    """Make the header, then each track's line."""
    writer = csv.writer(Line())
    yield _encoded(writer.writerow(columns(descriptors)))
    for track in tracks:
        yield _encoded(writer.writerow([cell(value) for value in row(track, descriptors).values()]))


def _encoded(line: object) -> bytes:
    return str(line).encode("utf-8", errors="backslashreplace")


def cell(value: Cell) -> Cell:
    """A value as a cell that no spreadsheet runs."""
    if isinstance(value, dict):
        return _encode(value)
    if isinstance(value, str):
        value = value.replace("\0", "\N{REPLACEMENT CHARACTER}")  # older csv readers stop at NUL
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value


TABLE = Table(
    suffix=".csv",
    title="CSV",
    mime="text/csv",
    signature=re.compile(rb"(?:\xef\xbb\xbf)?id,path,title,"),
    chunks=chunks,
)
