"""How right the descriptors are: one file a ground truth, and here the contract that they keep.

An evaluation compares predictions (of a catalogue, or of a table that another program wrote) with a ground truth and
gives a report. Dropping a file with an `EVALUATION` in this folder adds it to the command line.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from essentialist import registry
from essentialist.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from essentialist.predictions import Predictions

Cell: TypeAlias = "str | int | float | None"

CONFIDENCE_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
ESSENTIA_EDGES = (0.0, 1.0, 1.5, 3.5, 5.32)
"""Of the confidence of Essentia's RhythmExtractor2013, as its reference divides it."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a report; `name` is its key in JSON."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: figures by name, tables, and what to know when reading them."""

    figures: Mapping[str, Cell]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """The report as one JSON object: figures and tables by name, and `notes`."""
        tables = {
            table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in self.tables
        }
        return {**self.figures, **tables, "notes": list(self.notes)}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A way to evaluate.

    `truth` is what the command line calls the path of the ground truth; one in brackets may be left out, and is then
    the root of all files.

    `evaluate` raises EvaluationError for a ground truth that cannot be read, and for predictions of other files.
    """

    name: str
    summary: str
    truth: str
    evaluate: Callable[[Path, Predictions], Report]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a file. `file`: as written, below the folder of the ground truth; `values`: all of its object."""

    file: str
    path: Path
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Judged:
    """A prediction, how sure it was (None where it does not say), and whether it was right."""

    confidence: float | None
    right: bool


@cache
def evaluations() -> Mapping[str, Evaluation]:
    """Every evaluation of this folder, by name."""
    return {each.name: each for each in registry.entries(sys.modules[__name__], "EVALUATION", Evaluation)}


def read_truth(path: Path, needed: Sequence[str]) -> tuple[Truth, ...]:
    """Read a ground truth: a JSON list of objects with `file` and what is `needed`.

    Raises
    ------
    EvaluationError
        When it is something else, or empty.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"Cannot read the ground truth {path}: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"{path} is not JSON: {error}. Give a list of objects with {listed(needed)}.") from error
    if not isinstance(rows, list) or not rows:
        raise EvaluationError(f"{path} holds no list: give objects with {listed(needed)}.")
    for place, row in enumerate(rows, 1):
        lacking = [name for name in ("file", *needed) if not isinstance(row, dict) or row.get(name) in (None, "")]
        if lacking:
            raise EvaluationError(f"Entry {place} of {path} lacks {lacking[0]}: each needs {listed(needed)}.")
    return tuple(Truth(str(row["file"]), path.parent / str(row["file"]), row) for row in rows)


def listed(needed: Sequence[str]) -> str:
    """Name what every entry of a ground truth needs."""
    return ", ".join(("file", *needed))


def unknown_files(path: Path, predictions: Predictions) -> EvaluationError:
    """Say that a ground truth and predictions are of different files."""
    return EvaluationError(
        f"No file of {path} is in {predictions.source}. Run `essentialist analyze {path.parent}`, or give the table of"
        " predictions that goes with it."
    )


def coverage(n_truths: int, n_found: int, predictions: Predictions) -> tuple[str, ...]:
    """Say how much of a ground truth is left out because nothing is known of it, if any is."""
    if n_found == n_truths:
        return ()
    return (f"{n_truths - n_found} of {n_truths} files are not in {predictions.source} and are left out.",)


def calibration(judged: Sequence[Judged]) -> Table:
    """Compare confidence with the share that is right, by bins; each holds its lower edge, the last both."""
    told = [(each.confidence, each.right) for each in judged if each.confidence is not None]
    edges = ESSENTIA_EDGES if any(confidence > 1 for confidence, _ in told) else CONFIDENCE_EDGES
    rows = []
    for low, high in pairwise(edges):
        inside = [(c, right) for c, right in told if low <= c < high or c == high == edges[-1]]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            rows.append((f"{low:g} to {high:g}", len(inside), mean, sum(right for _, right in inside) / len(inside)))
    return Table("calibration", ("confidence", "tracks", "mean", "right"), tuple(rows))
