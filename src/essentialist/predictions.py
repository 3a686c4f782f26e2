"""What is to be evaluated: values by file, from a catalogue or from a table that any program wrote."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol

from essentialist.errors import EvaluationError, UnknownTrack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import TypeAlias

    from essentialist.library import Library

Values: TypeAlias = "Mapping[str, object]"
"""Name of a descriptor or column, in lower case -> value."""

FILE_COLUMNS = ("path", "file", "filename", "file name", "songid")
SEPARATORS = {".tsv": "\t", ".csv": ","}


class Predictions(Protocol):
    """Values by file."""

    @property
    def source(self) -> str:
        """Where they come from, for messages."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to know when reading figures made from them."""

    def of(self, path: Path) -> Values | None:
        """The values of a file; None for one that is not known."""

    def by_stem(self) -> Mapping[str, Values]:
        """The values of all files by name without folder and suffix."""


class CatalogPredictions:
    """What a catalogue says of its tracks."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.source = f"the catalogue {library.catalog.path}"
        estimated = [each.name for each in library.descriptors() if each.estimate]
        self.remarks = (f"Estimates in this catalogue: {', '.join(estimated)}.",) if estimated else ()

    def of(self, path: Path) -> Values | None:
        """The values of the track that a file plays, also of a copy."""
        try:
            return self.library.track(path).values
        except UnknownTrack:
            return None

    def by_stem(self) -> Mapping[str, Values]:
        """The values of all tracks by the name of their first file."""
        return {track.path.stem: track.values for track in self.library.catalog.tracks(distributions=False)}


@dataclass(frozen=True)
class TablePredictions:
    """What a table says, one row a file. `rows`: the path as written there, and the values."""

    source: str
    rows: tuple[tuple[PurePath, Values], ...]
    remarks: tuple[str, ...] = ()

    def of(self, path: Path) -> Values | None:
        """The values of the row whose path has the most in common with a file's, from its name upwards.

        Raises EvaluationError where two rows have as much.
        """
        rows = self._by_name.get(path.name, [])
        ranked = sorted(
            ((n_common(path, row_path), row_path, values) for row_path, values in rows), key=lambda e: -e[0]
        )
        if not ranked:
            return None
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            raise EvaluationError(
                f"{self.source} has two rows for {path.name}: {ranked[0][1]} and {ranked[1][1]}. Give their full paths."
            )
        return ranked[0][2]

    def by_stem(self) -> Mapping[str, Values]:
        """The values of all rows by file name without suffix."""
        return {path.stem: values for path, values in self.rows}

    @cached_property
    def _by_name(self) -> Mapping[str, list[tuple[PurePath, Values]]]:
        names: dict[str, list[tuple[PurePath, Values]]] = {}
        for path, values in self.rows:
            names.setdefault(path.name, []).append((path, values))
        return names


def n_common(a: PurePath, b: PurePath) -> int:
    """Count the parts that two paths share at their ends."""
    pairs = zip(reversed(a.parts), reversed(b.parts), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def read_predictions(path: Path) -> TablePredictions:
    """Read a table with a column of file names: .tsv or .csv with a line of headings, .json or .jsonl of objects.

    Headings are read in any case.

    Raises
    ------
    EvaluationError
        When the file cannot be read, is of another format, or names no files.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise EvaluationError(f"Cannot read the predictions {path}: {reason}.") from error
    try:
        rows = [{str(key).strip().lower(): value for key, value in row.items()} for row in objects(text, path.suffix)]
    except (ValueError, AttributeError, RecursionError, csv.Error) as error:
        raise EvaluationError(f"{path} cannot be understood as {path.suffix}: {error}.") from error
    column = next((name for name in FILE_COLUMNS if rows and name in rows[0]), None)
    if column is None:
        raise EvaluationError(f"{path} names no files: give it a column {' or '.join(FILE_COLUMNS[:3])}.")
    return TablePredictions(str(path), tuple((PurePath(str(row[column])), row) for row in rows if row.get(column)))


def objects(text: str, suffix: str) -> Iterable[Mapping[str, object]]:
    """Read the rows of a table in the format of a suffix; ValueError for another one and for a broken one."""
    if suffix.lower() in SEPARATORS:
        return list(csv.DictReader(io.StringIO(text), delimiter=SEPARATORS[suffix.lower()], restkey="", strict=True))
    if suffix.lower() == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    if suffix.lower() == ".json":
        document = json.loads(text)
        if isinstance(document, list):
            return document
        raise ValueError("it is no list of objects")
    raise ValueError("give a .tsv, .csv, .json or .jsonl file")


def number(values: Values, name: str) -> float | None:
    """A value as a finite number; None where there is none. EvaluationError for what is no number."""
    value = values.get(name)
    if value is None or value == "":
        return None
    try:
        found = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise EvaluationError(f"{name} is {value!r} in a prediction, not a number: correct it or leave it empty.")
    return found
