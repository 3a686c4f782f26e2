"""Compare the estimates from tags with the networks made for arousal, valence and voice.

    make reference
    .venv/bin/python scripts/evaluate_estimates.py [--models FOLDER] MUSIC ...

Each folder of music gets a table: correlation, rank correlation and error against the emoMusic head and against the
voice/instrumental network, how much of the error is a common shift, and the mean and standard deviation of tracks'
places on each axis of emotion.
The reference networks (default: ../shared/models; Music Technology Group, CC BY-NC-SA 4.0) are for evaluation only:
nothing in the package is fitted to their outputs.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import reference
from reference import MODELS, clips_of, samples_of

from essentialist.descriptors import emotion_estimate as emotion
from essentialist.descriptors import voice_estimate as voices
from essentialist.models.emomusic import HEAD
from essentialist.models.msd_musicnn import MODEL
from essentialist.networks import inference
from essentialist.sound import patches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from reference import Floats


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip's tags, and what the reference networks say of it: arousal and valence, and the probability of a voice."""

    tags: Mapping[str, float]
    emotions: Mapping[str, float]
    voice: float


def main() -> None:
    """Listen to every folder and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="MUSIC")
    parser.add_argument("--models", type=Path, default=MODELS)
    options = parser.parse_args()
    if lacking := reference.missing(options.models):
        raise SystemExit(f"The reference is not here: {lacking}.")
    os.environ["ESSENTIALIST_MODELS"] = str(options.models)
    for folder in options.folders:
        signals = {str(path): samples_of(path) for path in clips_of(folder)}
        sung = reference.ask_for_voice(signals, models=options.models)
        clips = [heard(samples, sung[name]) for name, samples in signals.items()]
        print(f"\n{folder.name}: {len(clips)} clips")
        for name, axis in emotion.AXES.items():
            report(name, [axis.rating(clip.tags) for clip in clips], [clip.emotions[name] for clip in clips])
            places = [axis.place(clip.tags) for clip in clips]
            print(f"  {name}: place {np.mean(places):.3f}, standard deviation {np.std(places):.3f}")
        report_voice(clips)


def heard(samples: Floats, voice: float) -> Heard:
    """Run the network and the head on a clip, in the profile `balanced`."""
    collector = patches.collector("balanced")
    collector.push(samples)
    cut = patches.windows(collector.finish(), MODEL.patch_frames, MODEL.patch_frames)
    outputs = inference.run(MODEL, cut)
    tags = dict(zip(MODEL.classes, outputs.activations.mean(axis=0).tolist(), strict=True))
    return Heard(tags, HEAD.meant(inference.means(HEAD, outputs.embeddings)), voice)


def report(name: str, estimates: Sequence[float], references: Sequence[float]) -> None:
    """Print how near estimates come to their references."""
    linear = np.corrcoef(estimates, references)[0, 1]
    by_rank = np.corrcoef(ranks(estimates), ranks(references))[0, 1]
    errors = np.subtract(estimates, references)
    print(f"  {name}: correlation {linear:.2f}, by rank {by_rank:.2f}, mean absolute error {np.abs(errors).mean():.2f}")
    print(f"    shift {errors.mean():+.2f}, mean absolute error without it {np.abs(errors - errors.mean()).mean():.2f}")
    print(f"    standard deviation {np.std(estimates):.2f}, of the reference {np.std(references):.2f}")


def report_voice(clips: Sequence[Heard]) -> None:
    """Print how near the estimate comes, and how often both agree that somebody sings."""
    estimates, references = [voices.voice(clip.tags) or 0.0 for clip in clips], [clip.voice for clip in clips]
    report("voice", estimates, references)
    agreed = np.mean([(ours > 0.5) == (theirs > 0.5) for ours, theirs in zip(estimates, references, strict=True)])
    n_sung = sum(theirs > 0.5 for theirs in references)
    print(f"  voice: {agreed:.0%} on the same side of 0.5; the reference hears a voice in {n_sung} of {len(clips)}")


def ranks(values: Sequence[float]) -> NDArray[np.intp]:
    """Rank values from 0."""
    return np.argsort(np.argsort(values))


if __name__ == "__main__":
    main()
