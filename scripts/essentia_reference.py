"""What Essentia and TensorFlow say of samples: the reference that the package is compared with.

    .venv-reference/bin/python scripts/essentia_reference.py GRAPHS SAMPLES.npz OUTPUTS.npz [--rate HZ --quality N]
    .venv-reference/bin/python scripts/essentia_reference.py GRAPHS SAMPLES.npz OUTPUTS.npz --voice

`scripts/reference.py` calls this in an environment of its own (`make reference`), where `essentia-tensorflow` takes
the place of `essentia`; it knows nothing of the package. GRAPHS is a folder with the frozen graphs that are named
below. Every array of SAMPLES.npz is a signal of 16 kHz, or of `--rate`, which Essentia then resamples. OUTPUTS.npz has
for each NAME, of every patch at Essentia's hop, `NAME/embeddings` (n_patches, 200), `NAME/tags` (n_patches, 50) and
`NAME/emotion` (n_patches, 2: valence, arousal); or, of patches that do not overlap, `NAME/voice` (n_patches, 2:
instrumental, voice).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import essentia
import essentia.standard as es
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

NETWORK = "msd-musicnn-1.pb"
EMOTION = "emomusic-msd-musicnn-2.pb"
VOICE = "voice_instrumental-musicnn-msd-1.pb"
RATE_HZ = 16_000
PATCH_FRAMES = 187


class Musicnn:
    """The network, its embeddings' way to the tags, and the head on them."""

    def __init__(self, graphs: Path) -> None:
        network, emotion = str(graphs / NETWORK), str(graphs / EMOTION)
        inner = "model/dense/BiasAdd"
        self.embeddings = es.TensorflowPredictMusiCNN(graphFilename=network, output=inner)
        self.tags = es.TensorflowPredict2D(graphFilename=network, input=inner, output="model/Sigmoid")
        self.emotion = es.TensorflowPredict2D(graphFilename=emotion, input="model/Placeholder", output="model/Identity")

    def outputs(self, samples: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """What is said of every patch."""
        embeddings = self.embeddings(samples)
        return {"embeddings": embeddings, "tags": self.tags(embeddings), "emotion": self.emotion(embeddings)}


class Voice:
    """The network that tells voice from instrumental: all of a MusiCNN, trained further."""

    def __init__(self, graphs: Path) -> None:
        self.voice = es.TensorflowPredictMusiCNN(
            graphFilename=str(graphs / VOICE), output="model/Sigmoid", patchHopSize=PATCH_FRAMES
        )

    def outputs(self, samples: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """What is said of every patch."""
        return {"voice": self.voice(samples)}


def main() -> None:
    """Run the graphs on every signal of a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graphs", type=Path, metavar="GRAPHS")
    parser.add_argument("samples", type=Path, metavar="SAMPLES.npz")
    parser.add_argument("outputs", type=Path, metavar="OUTPUTS.npz")
    parser.add_argument("--voice", action="store_true", help="run the voice/instrumental network")
    parser.add_argument("--rate", type=float, default=RATE_HZ, help="of the samples, in Hz")
    parser.add_argument("--quality", type=int, default=0, help="of Essentia's Resample: 0 (best) to 4")
    options = parser.parse_args()
    essentia.log.infoActive = essentia.log.warningActive = False
    networks = Voice(options.graphs) if options.voice else Musicnn(options.graphs)
    at_rate: Callable[[NDArray[np.float32]], NDArray[np.float32]] = np.asarray
    if options.rate != RATE_HZ:
        at_rate = es.Resample(inputSampleRate=options.rate, outputSampleRate=RATE_HZ, quality=options.quality)
    found = {}
    with np.load(options.samples) as signals:
        for name in signals.files:
            for kind, rows in networks.outputs(at_rate(signals[name])).items():
                found[f"{name}/{kind}"] = np.asarray(rows, np.float32)
    np.savez(options.outputs, **found)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
