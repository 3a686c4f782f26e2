"""How right the tempo is, and what it costs, beside Essentia's own estimators.

    python benchmarks/tempo.py TRUTH.json [TRUTH.json ...]
    python benchmarks/tempo.py --variants TRUTH.json [TRUTH.json ...]

TRUTH.json lists objects with `file` (below its folder) and `bpm`, as pieces.json of the demo collection does. With
--variants, only the weighing is varied: each weight off, halved and doubled, to show how much depends on it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from essentialist.evaluation import Judged, calibration, read_truth
from essentialist.evaluation.tempo import is_near, is_octave
from essentialist.recording import Recording
from essentialist.sound import SAMPLE_RATE_HZ, tempo_evidence
from essentialist.sound import quiet_essentia as es

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from essentialist.sound.audio import Samples

WEIGHTS = ("LEVEL_WEIGHT", "OFFBEAT_WEIGHT", "BAR_WEIGHT", "VOTE_WEIGHT")


@dataclass(frozen=True)
class Clip:
    """A clip, its tempo, and what the beat tracker says of it."""

    file: str
    mono: Samples
    bpm: float
    tracked: float


def tracked(mono: Samples) -> float:
    """Essentia's fast beat tracker."""
    return float(es.RhythmExtractor2013(method="degara")(mono)[0])


ESTIMATORS: dict[str, Callable[[Samples], float]] = {
    "multifeature": lambda mono: float(es.RhythmExtractor2013(method="multifeature")(mono)[0]),
    "degara": tracked,
    "percival": lambda mono: float(es.PercivalBpmEstimator()(mono)),
}


def clips(truth: Path) -> list[Clip]:
    """Decode the clips of a ground truth."""
    found = []
    for each in read_truth(truth, ("bpm",)):
        mono = Recording(each.path).mono
        found.append(Clip(each.file, mono, float(str(each.values["bpm"])), tracked(mono)))
    return found


def line(name: str, tempi: Sequence[float], of: Sequence[Clip], seconds: float | None = None) -> str:
    """Accuracy 1 and 2 and the cost of an estimator."""
    n_right = sum(is_near(bpm, clip.bpm) for bpm, clip in zip(tempi, of, strict=True))
    n_octave = sum(is_octave(bpm, clip.bpm) for bpm, clip in zip(tempi, of, strict=True))
    minutes = sum(len(clip.mono) for clip in of) / SAMPLE_RATE_HZ / 60
    cost = "" if seconds is None else f"  {seconds / minutes:.2f} s a minute of audio"
    shares = (f"{n}/{len(of)} = {n / len(of):.3f}" for n in (n_right, n_octave))
    return f"  {name:25} {'   '.join(shares)}{cost}"


def compare(of: Sequence[Clip]) -> list[Judged]:
    """Print every estimator's line and what ours got wrong."""
    for name, estimator in ESTIMATORS.items():
        start = process_time()
        tempi = [estimator(clip.mono) for clip in of]
        print(line(name, tempi, of, process_time() - start))
    for name, vote in (("ours, without the vote", None), ("ours", tracked)):
        start = process_time()
        ours = [tempo_evidence.estimate(clip.mono, vote) for clip in of]
        print(line(name, [each.bpm if each else 0.0 for each in ours], of, process_time() - start))
    judged = []
    for tempo, clip in zip(ours, of, strict=True):
        right = tempo is not None and is_near(tempo.bpm, clip.bpm)
        judged.append(Judged(tempo.confidence if tempo else None, right))
        if not right:
            print(f"    {clip.file}: {clip.bpm:g} BPM, heard {tempo}")
    return judged


def vary(of: Sequence[Clip]) -> None:
    """Print what comes of other weights; the onsets are measured once."""
    repetitions = [tempo_evidence.repetition_of(tempo_evidence.onset_envelope(clip.mono)) for clip in of]

    def tempi() -> list[float]:
        found = []
        for repetition, clip in zip(repetitions, of, strict=True):
            if repetition is None:
                found.append(0.0)
                continue
            bpm = tempo_evidence.candidates(tempo_evidence.pulse(repetition))
            evidence = tempo_evidence.weigh(bpm, repetition)
            agrees = np.abs(clip.tracked / bpm - 1) < tempo_evidence.AGREEMENT
            second, first = np.sort(evidence)[-2:]
            asked = first - second < tempo_evidence.VOTE_WEIGHT
            found.append(float(bpm[np.argmax(evidence + asked * tempo_evidence.VOTE_WEIGHT * agrees)]))
        return found

    print(line("as it is", tempi(), of))
    for weight, factor in [(name, factor) for name in WEIGHTS for factor in (0, 0.5, 2)]:
        kept = getattr(tempo_evidence, weight)
        setattr(tempo_evidence, weight, kept * factor)
        print(line(f"{weight} * {factor:g}", tempi(), of))
        setattr(tempo_evidence, weight, kept)
    for name, values in (("PREFERRED_BPM", (90, 110, 120, 130)), ("PREFERENCE_OCTAVES", (0.5, 0.66, 1.3))):
        kept = getattr(tempo_evidence, name)
        for value in values:
            setattr(tempo_evidence, name, value)
            print(line(f"{name} = {value:g}", tempi(), of))
        setattr(tempo_evidence, name, kept)


def main(truths: Sequence[Path], *, variants: bool) -> None:
    """Print the table of each ground truth, and the calibration over all."""
    judged: list[Judged] = []
    for truth in truths:
        of = clips(truth)
        print(f"{truth.name}: {len(of)} clips; accuracy 1, accuracy 2, processor time")
        if variants:
            vary(of)
        else:
            judged += compare(of)
    for confidence, n, mean, right in calibration(judged).rows:
        print(f"  confidence {confidence}: {n} clips, on average {mean:.2f}, right {right:.2f}")


if __name__ == "__main__":
    paths = [Path(argument) for argument in sys.argv[1:] if argument != "--variants"]
    main(paths, variants="--variants" in sys.argv)
