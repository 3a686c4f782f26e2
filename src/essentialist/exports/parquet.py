r"""Parquet, for data frames: typed columns that pandas, Polars, DuckDB and R read without guessing.

A number is a double, a label a string, a distribution a list of structs `{label, probability}`, the most probable
first. Each descriptor's column carries its unit and meaning as field metadata. Parquet's strings are UTF-8, so a byte
of a file name that is not becomes an escape such as `\udce9`. Needs the extra `parquet` (pyarrow).
"""

from __future__ import annotations

import importlib
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from essentialist.errors import ExportError
from essentialist.exports import Table
from essentialist.rows import TAG_COLUMNS, Cell, row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import ModuleType

    from essentialist.descriptors import Descriptor
    from essentialist.track import Track

ROW_GROUP = 5_000
_TAG_TYPES = {"id": "int64", "track_number": "int64", "year": "int64", "duration": "float64"}


class _Sink:
    """A file for pyarrow that hands out what was written since it was last asked."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def chunks(tracks: Iterable[Track], descriptors: Sequence[Descriptor]) -> Iterator[bytes]:
    """Make the file in pieces of one row group; raises ExportError without pyarrow."""
    arrow = _arrow("pyarrow")
    schema = _schema(arrow, descriptors)
    sink = _Sink()
    remaining = iter(tracks)
    with _arrow("pyarrow.parquet").ParquetWriter(sink, schema, compression="zstd") as writer:
        while rows := [row(track, descriptors) for track in islice(remaining, ROW_GROUP)]:
            arrays = [_array(arrow, field.type, [each[field.name] for each in rows]) for field in schema]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
            yield sink.taken()
    yield sink.taken()


def _arrow(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ExportError('Parquet needs pyarrow; run: pip install "essentialist[parquet]"') from error


def _schema(arrow: Any, descriptors: Sequence[Descriptor]) -> Any:
    distribution = arrow.list_(arrow.struct([("label", arrow.string()), ("probability", arrow.float64())]))
    kinds = {"number": arrow.float64(), "label": arrow.string(), "distribution": distribution}
    tags = [arrow.field(name, arrow.type_for_alias(_TAG_TYPES.get(name, "string"))) for name in TAG_COLUMNS]
    measured = [
        arrow.field(each.name, kinds[each.kind], metadata={"unit": each.unit, "help": each.help})
        for each in descriptors
    ]
    return arrow.schema([*tags, *measured])


def _array(arrow: Any, kind: Any, cells: list[Cell]) -> Any:
    if arrow.types.is_list(kind):
        return _distributions(arrow, kind, cells)
    return arrow.array([_text(cell) if isinstance(cell, str) else cell for cell in cells], type=kind)


def _distributions(arrow: Any, kind: Any, cells: list[Cell]) -> Any:
    starts: list[int | None] = []
    labels: list[str] = []
    probabilities: list[float] = []
    for cell in cells:
        starts.append(len(labels) if isinstance(cell, dict) else None)
        if isinstance(cell, dict):
            labels.extend(_text(label) for label in cell)
            probabilities.extend(cell.values())
    struct = arrow.StructArray.from_arrays(
        [arrow.array(labels, arrow.string()), arrow.array(probabilities, arrow.float64())],
        fields=list(kind.value_type),
    )
    return arrow.ListArray.from_arrays(arrow.array([*starts, len(labels)], arrow.int32()), struct, type=kind)


def _text(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", errors="backslashreplace").decode("utf-8")


TABLE = Table(
    suffix=".parquet",
    title="Parquet",
    mime="application/vnd.apache.parquet",
    signature=re.compile(rb"PAR1"),
    chunks=chunks,
)
