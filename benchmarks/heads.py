"""How long a new head takes over tracks that were analysed before: their kept patches, and no audio.

    python benchmarks/heads.py [N_TRACKS]

The files are small, their analyses and the embeddings of 32 patches made up, but entered by the same `Recorder` that a
run uses. Then an untrained head with the inputs and outputs of `voice_instrumental-msd-musicnn-1` is installed and
`essentialist analyze` run, in a process of its own, from start to exit.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from rescan import made_up, make_files

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.patch_store import KeptPatches
from essentialist.catalogue.recorder import Recorder
from essentialist.descriptors import usable
from essentialist.files.collection import walk
from essentialist.models import installed
from essentialist.models.msd_musicnn import MODEL
from essentialist.models.voice_instrumental_musicnn import HEAD
from essentialist.track import AudioFile

N_PATCHES = 32
N_HIDDEN = 100


def fill(catalog: Catalog, music: Path) -> None:
    """Enter every file with kept patches, as a run without the head does."""
    generator = np.random.default_rng(0)
    with Recorder(catalog) as recorder:
        recorder.learn(usable(installed()))
        for file in walk(music):
            if isinstance(file, AudioFile):
                embeddings = generator.normal(0, 3, (N_PATCHES, MODEL.n_dims)).astype(np.float16)
                patches = KeptPatches(MODEL.name, MODEL.signature, "balanced", embeddings)
                recorder.enter(file, replace(made_up(file, generator), patches=(patches,)))


def install_head() -> None:
    """Put an untrained head in the place of the official one, and write its hash down."""
    graph = untrained_head()
    HEAD.weights.path.parent.mkdir(parents=True, exist_ok=True)
    HEAD.weights.path.write_bytes(graph)
    HEAD.weights.record.write_text(f"{hashlib.sha256(graph).hexdigest()}  {HEAD.weights.path.name}\n")
    outputs = [{"name": "model/Softmax", "output_purpose": "predictions"}]
    card = {"name": "untrained", "classes": ["instrumental", "voice"], "schema": {"outputs": outputs}}
    HEAD.weights.card.write_text(json.dumps(card))


def untrained_head() -> bytes:
    """Two dense layers, as the official heads on MusiCNN have them."""
    generator = np.random.default_rng(0)
    weights = {
        "first": generator.normal(0, 0.1, (MODEL.n_dims, N_HIDDEN)).astype(np.float32),
        "second": generator.normal(0, 0.1, (N_HIDDEN, 2)).astype(np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["model/Placeholder", "first"], ["hidden"]),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("MatMul", ["active", "second"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["model/Softmax"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "untrained",
        [helper.make_tensor_value_info("model/Placeholder", TensorProto.FLOAT, ("n", MODEL.n_dims))],
        [helper.make_tensor_value_info("model/Softmax", TensorProto.FLOAT, ("n", 2))],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    content: bytes = model.SerializeToString()
    return content


def add_head(catalog: Catalog, music: Path) -> tuple[float, float]:
    """Run the command, which has to compute what the head says of every track; seconds by the clock, and of a core."""
    command = [sys.executable, "-m", "essentialist", "analyze", str(music), "--json", "--catalog", str(catalog.path)]
    start = perf_counter()
    ledger = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    seconds = perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ledger["analysed"] != ledger["found"]:
        raise RuntimeError(f"not every track has a new value: {ledger}")
    return seconds, used.ru_utime + used.ru_stime


def main(n_tracks: int) -> None:
    """Make a collection of `n_tracks`, and add a head."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ESSENTIALIST_MODELS"] = str(Path(folder, "models"))
        music = Path(folder, "music")
        make_files(music, n_tracks)
        catalog = Catalog.create(Path(folder, "catalog.db"))
        fill(catalog, music)
        install_head()
        seconds, core_s = add_head(catalog, music)
        print(f"head added to {n_tracks} tracks in {seconds:.1f} s ({core_s:.1f} s of a core), start and scan included")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
