"""Key against a known one, by the weights of MIREX: a key that is near counts in part.

The same key counts 1, the fifth above in the same mode 0.5, the relative 0.3, the parallel 0.2, any other nothing; a
track without a key counts nothing. As `mir_eval.key.weighted_score` computes it (Raffel et al., ISMIR 2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.camelot import HOURS, Hour, camelot, parse
from essentialist.errors import EvaluationError
from essentialist.evaluation import Evaluation, Judged, Report, Table, calibration, coverage, read_truth, unknown_files
from essentialist.predictions import number

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.predictions import Predictions, Values

WEIGHTS = {"same": 1.0, "fifth": 0.5, "relative": 0.3, "parallel": 0.2, "other": 0.0, "none": 0.0}
PARALLEL_HOURS = {"A": 3, "B": -3}  # from a minor key to the major one on its tonic, and back


def relation(true: Hour, heard: Hour | None) -> str:
    """Name what a key is of the true one, both as places on the Camelot wheel: a key of `WEIGHTS`."""
    if heard is None:
        return "none"
    hours = (heard.number - true.number) % HOURS
    if heard.ring == true.ring:
        return {0: "same", 1: "fifth"}.get(hours, "other")
    return {0: "relative", PARALLEL_HOURS[true.ring] % HOURS: "parallel"}.get(hours, "other")


def place(values: Values) -> Hour | None:
    """Where `key` and `scale` lie on the Camelot wheel; None where they are no key."""
    code = camelot(str(values.get("key") or ""), str(values.get("scale") or ""))
    return parse(code) if code and values.get("scale") else None


def evaluate(path: Path, predictions: Predictions) -> Report:
    """Compare `key` and `scale` with those of a ground truth."""
    truths = read_truth(path, ("key", "scale"))
    found = [(truth, values) for truth in truths if (values := predictions.of(truth.path)) is not None]
    if not found:
        raise unknown_files(path, predictions)
    relations: list[str] = []
    for truth, values in found:
        true = place(truth.values)
        if true is None:
            raise EvaluationError(f"{named(truth.values)} of {truth.file} in {path} is no major or minor key.")
        relations.append(relation(true, place(values)))
    judged = [
        Judged(number(values, "key_strength"), each == "same")
        for (_, values), each in zip(found, relations, strict=True)
    ]
    figures = {
        "tracks": len(found),
        "mirex_score": sum(WEIGHTS[each] for each in relations) / len(found),
        **{name: relations.count(name) / len(found) for name in WEIGHTS},
    }
    wrong = tuple(
        (truth.file, named(truth.values), named(values), each, number(values, "key_strength"))
        for (truth, values), each in zip(found, relations, strict=True)
        if each != "same"
    )
    tables = (calibration(judged), Table("wrong", ("file", "key", "predicted", "relation", "strength"), wrong))
    return Report(figures, tables, coverage(len(truths), len(found), predictions))


def named(values: Values) -> str:
    """A key in words, "" for none."""
    return " ".join(str(values[name]) for name in ("key", "scale") if values.get(name))


EVALUATION = Evaluation(
    "key", "Key against a known one: MIREX score, kinds of error, calibration of the strength.", "TRUTH.json", evaluate
)
