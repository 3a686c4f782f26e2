"""Compare the estimates from tags with the networks made for arousal, valence and voice.

    python scripts/evaluate_estimates.py --head emomusic-msd-musicnn-2.onnx
        [--voice voice_instrumental-musicnn-msd-1.pb] FOLDER ...

Each FOLDER of music gets a table: correlation, rank correlation and mean absolute error against the head, which runs on
every patch and is averaged, and the mean and standard deviation of each axis's difference of log-probabilities.
`--voice` needs the package `essentia-tensorflow` in place of `essentia`. The reference networks (Music Technology
Group, CC BY-NC-SA 4.0) are for evaluation only: nothing in the package is fitted to their outputs.
"""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from essentialist import audio, inference, patches
from essentialist import quiet_essentia as es
from essentialist.descriptors import emotion_estimate as emotion
from essentialist.descriptors import voice_estimate as voices
from essentialist.models.msd_musicnn import MODEL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

HEAD_CLASSES = ("valence", "arousal")  # the order in the head's own card
VOICE_CLASSES = ("instrumental", "voice")  # likewise
SUFFIXES = {".flac", ".m4a", ".mp3", ".ogg", ".opus"}


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip's tags and what the reference networks say of it."""

    tags: dict[str, float]
    reference: dict[str, float]


def main() -> None:
    """Listen to every folder and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--head", type=Path, required=True, help="emomusic-msd-musicnn-2.onnx")
    parser.add_argument("--voice", type=Path, help="voice_instrumental-musicnn-msd-1.pb")
    options = parser.parse_args()
    head = onnxruntime.InferenceSession(options.head, providers=["CPUExecutionProvider"])
    sings = (
        es.TensorflowPredictMusiCNN(graphFilename=str(options.voice), output="model/Sigmoid", patchHopSize=187)
        if options.voice
        else None
    )
    for folder in options.folders:
        clips = [listen(path, head, sings) for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES]
        print(f"\n{folder.name}: {len(clips)} clips")
        for name, axis in emotion.AXES.items():
            report(name, [axis.position(clip.tags) for clip in clips], [clip.reference[name] for clip in clips])
            differences = [axis.difference(clip.tags) for clip in clips]
            print(f"  {name}: difference {np.mean(differences):.2f}, standard deviation {np.std(differences):.2f}")
        if sings:
            report_voice(clips)


def listen(
    path: Path, head: onnxruntime.InferenceSession, sings: Callable[[NDArray[np.float32]], NDArray[np.float32]] | None
) -> Heard:
    """Run the networks on a clip."""
    samples = samples_of(path)
    collector = patches.collector("balanced")
    collector.push(samples)
    cut = patches.windows(collector.finish(), MODEL.patch_frames, MODEL.patch_frames)
    outputs = inference.run(MODEL, cut)
    (rated,) = head.run(None, {head.get_inputs()[0].name: outputs.embeddings})
    reference = dict(zip(HEAD_CLASSES, rated.mean(axis=0).tolist(), strict=True))
    if sings:
        shares = np.asarray(sings(samples)).mean(axis=0)
        reference |= dict(zip(VOICE_CLASSES, (shares / shares.sum()).tolist(), strict=True))
    return Heard(dict(zip(MODEL.classes, outputs.activations.mean(axis=0).tolist(), strict=True)), reference)


def samples_of(path: Path) -> NDArray[np.float32]:
    """Decode a clip to 16 kHz mono."""
    with closing(audio.Decoder(path)) as decoder:
        resampler = audio.Resampler(decoder.sample_rate, patches.SAMPLE_RATE_HZ)
        blocks = [resampler.push(np.ascontiguousarray(block.mean(axis=0))) for block in decoder]
        return np.concatenate([*blocks, resampler.push(np.empty(0, np.float32), last=True)])


def report(name: str, estimates: Sequence[float], references: Sequence[float]) -> None:
    """Print how near estimates come to their references."""
    linear = np.corrcoef(estimates, references)[0, 1]
    by_rank = np.corrcoef(ranks(estimates), ranks(references))[0, 1]
    error = np.abs(np.subtract(estimates, references)).mean()
    print(f"  {name}: correlation {linear:.2f}, by rank {by_rank:.2f}, mean absolute error {error:.2f}", end="")
    print(f" (reference: mean {np.mean(references):.2f}, standard deviation {np.std(references):.2f})")


def report_voice(clips: Iterable[Heard]) -> None:
    """Print how often estimate and reference agree that somebody sings."""
    pairs = [(voices.voice(clip.tags) or 0.0, clip.reference["voice"]) for clip in clips]
    report("voice", [estimate for estimate, _ in pairs], [reference for _, reference in pairs])
    agreed = np.mean([(estimate > 0.5) == (reference > 0.5) for estimate, reference in pairs])
    print(f"  voice: {agreed:.0%} on the same side of 0.5")


def ranks(values: Sequence[float]) -> NDArray[np.intp]:
    """Rank values from 0."""
    return np.argsort(np.argsort(values))


if __name__ == "__main__":
    main()
