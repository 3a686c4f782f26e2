"""A librosa pipeline: beat tracker, mel-spectrogram and the official MusiCNN by ONNX Runtime, as people write it.

    .venv-librosa/bin/python benchmarks/pipelines_librosa.py MODELS FILE...

Runs in an environment with `librosa` and `onnxruntime` and prints JSON: what was found by file. MODELS holds
`msd-musicnn-1.onnx` and `emomusic-msd-musicnn-2.onnx`. Patches overlap by half as in Essentia; librosa's mel bands are
not quite the network's, so its tags are near to Essentia's and not equal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import librosa
import numpy as np
import onnxruntime

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE_HZ = 16_000
PATCH, HOP = 187, 93
BATCH = 16  # all patches of a long track at once would take gigabytes


def session(path: Path) -> onnxruntime.InferenceSession:
    """Load a network with ONNX Runtime's own choice of threads."""
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def listen(path: str, network: onnxruntime.InferenceSession, head: onnxruntime.InferenceSession) -> dict[str, float]:
    """Tempo at librosa's 22,050 Hz; tags and emotions at 16 kHz."""
    audio, rate = librosa.load(path)
    bpm = float(np.atleast_1d(librosa.beat.beat_track(y=audio, sr=rate)[0])[0])
    audio, rate = librosa.load(path, sr=RATE_HZ)
    mel = librosa.feature.melspectrogram(y=audio, sr=rate, n_fft=512, hop_length=256, n_mels=96, power=2)
    frames = np.log10(1 + 10_000 * mel).T.astype(np.float32)
    starts = range(0, len(frames) - PATCH + 1, HOP)
    patches = np.stack([frames[start : start + PATCH] for start in starts])
    batches = [patches[start : start + BATCH] for start in range(0, len(patches), BATCH)]
    name = network.get_inputs()[0].name
    embeddings = np.concatenate([network.run(["activations", "embeddings"], {name: each})[1] for each in batches])
    emotions = head.run(None, {head.get_inputs()[0].name: embeddings})[0]
    valence, arousal = np.asarray(emotions).mean(axis=0).tolist()
    return {"bpm": bpm, "arousal": arousal, "valence": valence}


def main(models: str, files: Sequence[str]) -> None:
    """Listen to files, one after the other."""
    network = session(Path(models, "msd-musicnn-1.onnx"))
    head = session(Path(models, "emomusic-msd-musicnn-2.onnx"))
    json.dump({"tracks": {file: listen(file, network, head) for file in files}}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
