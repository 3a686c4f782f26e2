"""Tempo against a known one.

Accuracy 1: within 4 % of the true tempo. Accuracy 2: within 4 % of it, or of its double, triple, half or third. A track
without a tempo counts as wrong. Definitions: Gouyon, Klapuri, Dixon, Alonso, Tzanetakis, Uhle & Cano, An experimental
comparison of audio tempo induction algorithms, IEEE TASLP 14(5), 2006.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from essentialist.errors import EvaluationError
from essentialist.evaluation import (
    Evaluation,
    Judged,
    Report,
    Table,
    Truth,
    calibration,
    coverage,
    read_truth,
    unknown_files,
)
from essentialist.predictions import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from essentialist.evaluation import Cell
    from essentialist.predictions import Predictions

TOLERANCE = 0.04
MOST_BPM = 10_000  # no tempo: Infinity and numbers beyond all numbers are JSON to Python
OCTAVES = (Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2), Fraction(1, 3))
NAMED_RATIOS = (*OCTAVES, Fraction(2, 3), Fraction(3, 2), Fraction(3, 4), Fraction(4, 3), Fraction(4), Fraction(1, 4))


def is_near(bpm: float | None, true_bpm: float) -> bool:
    """Whether a tempo is within 4 % of the true one."""
    return bpm is not None and abs(bpm / true_bpm - 1) <= TOLERANCE


def is_octave(bpm: float | None, true_bpm: float) -> bool:
    """Whether a tempo is within 4 % of the true one, its double, triple, half or third."""
    return any(is_near(bpm, true_bpm * float(ratio)) for ratio in OCTAVES)


def ratio_name(bpm: float | None, true_bpm: float) -> str:
    """Name what a tempo is of the true one, such as "2/3"; "other" where no simple ratio fits, "none" without one."""
    if bpm is None:
        return "none"
    return next((str(ratio) for ratio in NAMED_RATIOS if is_near(bpm, true_bpm * float(ratio))), "other")


def evaluate(path: Path, predictions: Predictions) -> Report:
    """Compare `bpm` with the `bpm` of a ground truth."""
    truths = read_truth(path, ("bpm",))
    found = [(truth, values) for truth in truths if (values := predictions.of(truth.path)) is not None]
    if not found:
        raise unknown_files(path, predictions)
    compared = [(truth, true_tempo(truth, path), number(values, "bpm")) for truth, values in found]
    judged = [
        Judged(number(values, "bpm_confidence"), is_near(bpm, true_bpm))
        for (_, values), (_, true_bpm, bpm) in zip(found, compared, strict=True)
    ]
    figures = tempo_figures([(true_bpm, bpm) for _, true_bpm, bpm in compared])
    wrong = tuple(
        (truth.file, true_bpm, bpm, ratio_name(bpm, true_bpm), each.confidence)
        for (truth, true_bpm, bpm), each in zip(compared, judged, strict=True)
        if not each.right
    )
    tables = (calibration(judged), Table("wrong", ("file", "bpm", "predicted", "ratio", "confidence"), wrong))
    return Report(figures, tables, coverage(len(truths), len(found), predictions))


def tempo_figures(tempi: Sequence[tuple[float, float | None]]) -> dict[str, Cell]:
    """Sum up pairs of true and predicted tempo."""
    heard = [(true_bpm, bpm) for true_bpm, bpm in tempi if bpm is not None]
    right = [(true_bpm, bpm) for true_bpm, bpm in heard if is_near(bpm, true_bpm)]
    return {
        "tracks": len(tempi),
        "without_tempo": len(tempi) - len(heard),
        "accuracy_1": len(right) / len(tempi),
        "accuracy_2": sum(is_octave(bpm, true_bpm) for true_bpm, bpm in tempi) / len(tempi),
        "mean_error_bpm": mean([abs(bpm - true_bpm) for true_bpm, bpm in heard]),
        "mean_error_percent_where_right": mean([100 * abs(bpm / true_bpm - 1) for true_bpm, bpm in right]),
    }


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return sum(values) / len(values) if values else None


def true_tempo(truth: Truth, path: Path) -> float:
    """The tempo of an entry; EvaluationError where it is none."""
    bpm = truth.values["bpm"]
    if isinstance(bpm, bool) or not isinstance(bpm, int | float) or not 0 < bpm < MOST_BPM:
        raise EvaluationError(f"{truth.file} has the tempo {bpm!r} in {path}: give beats per minute.")
    return float(bpm)


EVALUATION = Evaluation(
    "tempo",
    "Tempo against a known one: accuracy 1 and 2 at 4 %, errors, calibration of the confidence.",
    "TRUTH.json",
    evaluate,
)
