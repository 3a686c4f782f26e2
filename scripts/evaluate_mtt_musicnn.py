"""Ask MTT_musicnn, the other network of the wheel, for a voice, beside the estimate that ships: why it does not ship.

    make reference
    .venv/bin/python scripts/evaluate_mtt_musicnn.py [--models FOLDER] MUSIC ...

MTT_musicnn was trained on MagnaTagATune, whose tags name voices and the lack of one. It is converted as the one that
ships (`convert_musicnn`) and runs on the same patches. Each folder of music gets a table: how each way of asking for a
voice correlates with the voice/instrumental network (see `evaluate_estimates`), how often both are on the same side of
0.5, and how often it says that somebody sings.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import convert_musicnn
import musicnn_graph
import numpy as np
import onnxruntime
import reference
from reference import MODELS, clips_of, samples_of

from essentialist.descriptors import voice_estimate as voices
from essentialist.models.msd_musicnn import MODEL
from essentialist.networks import inference
from essentialist.sound import patches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from reference import Floats

CHECKPOINT, LABELS = "musicnn/MTT_musicnn", "MTT_LABELS"
SINGING = ("vocal", "vocals", "singing", "voice")
SINGERS = (
    *("female", "male", "woman", "man", "male vocal", "female vocal", "male voice", "female voice"),
    *("choir", "choral", "opera"),
)
SUNG = (*SINGING, *SINGERS)
UNSUNG = ("no vocals", "no vocal", "no voice")
FEW = 4


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said of a clip: the tags of both networks, those of MTT_musicnn over a few patches too, and the truth."""

    shipped: Mapping[str, float]
    other: Mapping[str, float]
    few: Mapping[str, float]
    reference: float


@dataclass(frozen=True, slots=True)
class Network:
    """MTT_musicnn: its session and its tags in order."""

    session: onnxruntime.InferenceSession
    tags: Sequence[str]

    @classmethod
    def of(cls, wheel: bytes) -> Network:
        """Convert it."""
        convert_musicnn.verify(wheel)
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            weights = convert_musicnn.variables(archive, CHECKPOINT)
            tags = convert_musicnn.class_names(archive, LABELS)
        return cls(onnxruntime.InferenceSession(musicnn_graph.build(weights).SerializeToString()), tags)

    def run(self, cut: Floats) -> Floats:
        """The probability of each tag of each patch, shape (n_patches, 50)."""
        rows = [self.session.run(["activations"], {"melspectrogram": patch[None]})[0] for patch in cut]
        return np.concatenate(rows)

    def named(self, rows: Floats) -> dict[str, float]:
        """The means over patches, by tag."""
        return dict(zip(self.tags, rows.mean(axis=0).tolist(), strict=True))


def main() -> None:
    """Listen to every folder and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="MUSIC")
    parser.add_argument("--models", type=Path, default=MODELS)
    options = parser.parse_args()
    if lacking := reference.missing(options.models):
        raise SystemExit(f"The reference is not here: {lacking}.")
    network = Network.of(reference.WHEEL.read_bytes())
    for folder in options.folders:
        signals = {str(path): samples_of(path) for path in clips_of(folder)}
        sung = reference.ask_for_voice(signals, models=options.models)
        clips = [heard(network, samples, sung[name]) for name, samples in signals.items()]
        print(
            f"\n{folder.name}: {len(clips)} clips; the reference hears a voice in {sum(v > 0.5 for v in sung.values())}"
        )
        for title, voice in WAYS.items():
            report(title, np.array([voice(clip) for clip in clips]), np.array([clip.reference for clip in clips]))


def heard(network: Network, samples: Floats, voice: float) -> Heard:
    """Run both networks on a clip, in the profile `balanced`."""
    collector = patches.collector("balanced")
    collector.push(samples)
    cut = patches.windows(collector.finish(), MODEL.patch_frames, MODEL.patch_frames)
    shipped = inference.run(MODEL, cut).activations.mean(axis=0)
    rows = network.run(cut)
    few = np.unique(np.linspace(0, len(rows) - 1, min(FEW, len(rows))).round().astype(int))
    tags = dict(zip(MODEL.classes, shipped.tolist(), strict=True))
    return Heard(tags, network.named(rows), network.named(rows[few]), voice)


def share(sung: float, unsung: float) -> float:
    """The share of what says that somebody sings."""
    return sung / (sung + unsung)


def shared(tags: Mapping[str, float], sung: Sequence[str]) -> float:
    """The share of these tags in the sum of them and those for no voice, of MTT_musicnn."""
    return share(sum(tags[tag] for tag in sung), sum(tags[tag] for tag in UNSUNG))


def geometric(tags: Mapping[str, float]) -> float:
    """The share of the geometric mean of the tags that the estimate adds."""
    mean = float(np.exp(np.mean([np.log(tags[tag]) for tag in voices.SUNG])))
    return share(mean, tags[voices.UNSUNG])


def strongest(tags: Mapping[str, float]) -> float:
    """The share of the strongest tag for a voice in the sum of it and the strongest for none, of MTT_musicnn."""
    return share(max(tags[tag] for tag in SUNG), max(tags[tag] for tag in UNSUNG))


WAYS: Mapping[str, Callable[[Heard], float]] = {
    "MSD-MusiCNN, as shipped": lambda clip: voices.voice(clip.shipped) or 0.0,
    "the same, the geometric mean of the three tags": lambda clip: geometric(clip.shipped),
    f"MTT_musicnn, {len(SUNG)} tags for a voice": lambda clip: shared(clip.other, SUNG),
    f"MTT_musicnn, {', '.join(SINGING)} alone": lambda clip: shared(clip.other, SINGING),
    "MTT_musicnn, the strongest tag on either side": lambda clip: strongest(clip.other),
    f"MTT_musicnn, {len(SUNG)} tags, over {FEW} patches only": lambda clip: shared(clip.few, SUNG),
}


def report(title: str, said: NDArray[np.float64], references: NDArray[np.float64]) -> None:
    """Print how a way of asking compares with the reference."""
    linear, agreed = np.corrcoef(said, references)[0, 1], np.mean((said > 0.5) == (references > 0.5))
    print(f"  {title:52} correlation {linear:5.2f}, same side {agreed:4.0%}, a voice in {(said > 0.5).sum()}")


if __name__ == "__main__":
    main()
