"""Arousal and valence against MusAV: which of two tracks has more of it, as people judged.

Accuracy is the share of pairs that predictions put in the order of the annotation. Pairs annotated as equal are left
out, and so are pairs predicted as equal, as in the data set's own script. Subsets: gt (a majority of three people), fa
(all three), ct (judgements of a triplet do not contradict each other), and the ones of the paper, without the tracks
that some of its models were trained on. Bogdanov, Lizarraga-Seijas, Alonso-Jiménez & Serra, MusAV: a dataset of
relative arousal-valence annotations for validation of audio models, ISMIR 2022.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.errors import EvaluationError
from essentialist.evaluation import Evaluation, Report, Table
from essentialist.predictions import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from essentialist.predictions import Predictions

DIMENSIONS = ("arousal", "valence")
OTHER = {"arousal": "valence", "valence": "arousal"}
PAPER = "ismir2022"
SUBSETS = tuple(f"{folder}{subset}" for folder in ("", f"{PAPER}/") for subset in ("gt", "gt.ct", "gt.fa", "gt.ct.fa"))
HOMES = (".", "annotations", "data/annotations", "musav/annotations")
CLEARLY = 0.05  # how much better exchanged columns have to fit to be told of ...
STANDARD_ERRORS = 3  # ... and by how many standard errors

COLUMNS = ("subset", "dimension", "pairs", "equal", "unknown", "compared", "accuracy", "exchanged")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tracks by their Spotify ids; `higher` is the one judged to have more, None for as much."""

    a: str
    b: str
    higher: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How pairs fared. `equal`: annotated as equal; `unknown`: without a prediction; `tied`: predicted as equal."""

    pairs: int
    equal: int
    unknown: int
    tied: int
    right: int

    @property
    def compared(self) -> int:
        """How many pairs count."""
        return self.pairs - self.equal - self.unknown - self.tied

    @property
    def accuracy(self) -> float | None:
        """The share that is right, None of nothing."""
        return self.right / self.compared if self.compared else None


def compare(pairs: Sequence[Pair], values: Mapping[str, float]) -> Comparison:
    """Count the pairs that values (by Spotify id) put in the right order."""
    judged = [pair for pair in pairs if pair.higher is not None]
    known = [pair for pair in judged if pair.a in values and pair.b in values]
    ordered = [pair for pair in known if values[pair.a] != values[pair.b]]
    right = sum((values[pair.a] > values[pair.b]) == (pair.higher == pair.a) for pair in ordered)
    n_judged, n_known = len(judged), len(known)
    return Comparison(len(pairs), len(pairs) - n_judged, n_judged - n_known, n_known - len(ordered), right)


def evaluate(path: Path, predictions: Predictions) -> Report:
    """Compare `arousal` and `valence` with the annotations in a folder."""
    annotations = list(read_annotations(path))
    values = {name: by_id(predictions, name) for name in DIMENSIONS}
    rows, comparisons = [], []
    for subset, dimension, pairs in annotations:
        as_named, exchanged = compare(pairs, values[dimension]), compare(pairs, values[OTHER[dimension]])
        comparisons.append((as_named, exchanged))
        rows.append(
            (
                subset,
                dimension,
                as_named.pairs,
                as_named.equal,
                as_named.unknown,
                as_named.compared,
                as_named.accuracy,
                exchanged.accuracy,
            )
        )
    if not any(as_named.compared for as_named, _ in comparisons):
        raise EvaluationError(
            f"No annotated track is in {predictions.source}: file names have to be the Spotify ids of MusAV, as in"
            " audio_chunks/audio.000/2G/2GBvL4Kq6ijIn6eW5NSGbI.mp3."
        )
    figures = {"tracks": len(annotated(annotations) & values["arousal"].keys() & values["valence"].keys())}
    notes = (*predictions.remarks, *warnings(comparisons, predictions))
    return Report(figures, (Table("subsets", COLUMNS, tuple(rows)),), notes)


def annotated(annotations: Sequence[tuple[str, str, Sequence[Pair]]]) -> set[str]:
    """List the ids of all tracks that were judged."""
    return {track for _, _, pairs in annotations for pair in pairs for track in (pair.a, pair.b)}


def by_id(predictions: Predictions, name: str) -> dict[str, float]:
    """A descriptor by Spotify id, which is the stem of the file's name.

    Raises EvaluationError where no file has it.
    """
    rows = predictions.by_stem()
    found = {track: value for track, row in rows.items() if (value := number(row, name)) is not None}
    if rows and not found:
        raise EvaluationError(f"There is no {name} in {predictions.source}: add the column, or analyse again.")
    return found


def warnings(comparisons: Sequence[tuple[Comparison, Comparison]], predictions: Predictions) -> Iterator[str]:
    """Say so when arousal and valence seem to be exchanged: both dimensions then fit clearly better, all in all."""
    n = sum(as_named.compared for as_named, _ in comparisons) / len(comparisons)
    gains = [
        exchanged.accuracy - as_named.accuracy
        for as_named, exchanged in comparisons
        if as_named.accuracy is not None and exchanged.accuracy is not None
    ]
    if gains and min(gains) > 0 and sum(gains) / len(gains) > max(CLEARLY, STANDARD_ERRORS * 0.5 / math.sqrt(n)):
        yield (
            f"Exchanged, arousal and valence of {predictions.source} fit better by {sum(gains) / len(gains):.3f}: the"
            " two are probably swapped (the emoMusic heads give valence first)."
        )


def read_annotations(path: Path) -> Iterator[tuple[str, str, list[Pair]]]:
    """Read what is there of each subset and dimension, from MusAV's folder of annotations or a clone of the data set.

    Raises
    ------
    EvaluationError
        When there is nothing, or a line is no annotation.
    """
    folder = next((path / home for home in HOMES if annotation_file(path / home, "gt", "arousal").is_file()), None)
    if folder is None:
        raise EvaluationError(
            f"There are no annotations of MusAV in {path}: give the folder of the files"
            " annotations.arousal.all.agreement.gt and so on, or a clone of github.com/MTG/musav-dataset."
        )
    for subset in SUBSETS:
        for dimension in DIMENSIONS:
            file = annotation_file(folder, subset, dimension)
            if file.is_file():
                yield subset, dimension, read_pairs(file)


def annotation_file(folder: Path, subset: str, dimension: str) -> Path:
    """Where the annotations of a subset lie."""
    where, _, name = subset.rpartition("/")
    return folder / where / f"annotations.{dimension}.all.agreement.{name}"


def read_pairs(file: Path) -> list[Pair]:
    """Read the pairs of one file: JSON, one object a line; EvaluationError for a line that is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise EvaluationError(f"Cannot read the annotations {file}: {reason}. Get the file again.") from error
    pairs = []
    for n, line in enumerate(lines, 1):
        try:
            annotation = json.loads(line)
            a, b = annotation["pairid"].split("-")
            pairs.append(Pair(a, b, {"a": a, "b": b, "ab": None}[annotation["higher_value"]]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise EvaluationError(f"Line {n} of {file} is no annotation of MusAV: get the file again.") from error
    return pairs


EVALUATION = Evaluation(
    "musav",
    "Arousal and valence against the human comparisons of MusAV: accuracy on each subset.",
    "ANNOTATIONS",
    evaluate,
)
