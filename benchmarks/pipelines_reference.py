"""The reference pipeline: Essentia's own examples, one algorithm after the other, as people put them together.

    .venv-reference/bin/python benchmarks/pipelines_reference.py MODELS FILE...

Runs in an environment with `essentia-tensorflow` and prints JSON: seconds by algorithm, and what was found by file.
Each example loads the audio at the rate that it needs and runs its own network; networks are loaded once and used for
all files, which is the quicker of the ways in use. TensorFlow may take all cores, as it does by itself.

Without `msd-musicnn-1.pb` in MODELS, the graph of `voice_instrumental-musicnn-msd-1.pb`, the same network with other
weights in its last layers, stands in for it: it takes the same time, but what it says of tags and emotions means
nothing and is left out.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

import essentia

essentia.log.infoActive = False
essentia.log.warningActive = False

from essentia import standard as es  # noqa: E402 - its import already logs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Found = TypeVar("Found")

EMBEDDINGS = "model/dense/BiasAdd"


class Reference:
    """The examples for tempo, danceability, tags, voice and emotion."""

    def __init__(self, models: Path) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        voice, network = models / "voice_instrumental-musicnn-msd-1.pb", models / "msd-musicnn-1.pb"
        self.is_real = network.exists()
        graph = str(network if self.is_real else voice)
        emotion = str(models / "emomusic-msd-musicnn-2.pb")
        self.tags = es.TensorflowPredictMusiCNN(graphFilename=graph)
        self.voice = es.TensorflowPredictMusiCNN(graphFilename=str(voice))
        self.embeddings = es.TensorflowPredictMusiCNN(graphFilename=graph, output=EMBEDDINGS)
        self.emotion = es.TensorflowPredict2D(graphFilename=emotion, input="model/Placeholder", output="model/Identity")

    def timed(self, name: str, function: Callable[..., Found], *arguments: Any) -> Found:
        """Call a function and add its time to an algorithm's."""
        start = perf_counter()
        found = function(*arguments)
        self.seconds[name] += perf_counter() - start
        return found

    def listen(self, path: str) -> dict[str, float]:
        """One track through all examples."""
        audio = self.timed("MonoLoader 44.1 kHz", es.MonoLoader(filename=path))
        bpm = self.timed("RhythmExtractor2013", es.RhythmExtractor2013(method="multifeature"), audio)[0]
        danceability = self.timed("Danceability", es.Danceability(), audio)[0]
        audio = self.timed("MonoLoader 16 kHz", es.MonoLoader(filename=path, sampleRate=16_000, resampleQuality=4))
        self.timed("MusiCNN tags", self.tags, audio)
        instrumental, voice = self.timed("MusiCNN voice", self.voice, audio).mean(axis=0).tolist()
        embeddings = self.timed("MusiCNN embeddings", self.embeddings, audio)
        valence, arousal = self.timed("emoMusic", self.emotion, embeddings).mean(axis=0).tolist()
        found = {"bpm": float(bpm), "danceability": float(danceability), "instrumental": instrumental, "voice": voice}
        return found | ({"arousal": arousal, "valence": valence} if self.is_real else {})


def main(models: str, files: Sequence[str]) -> None:
    """Listen to files, one after the other."""
    reference = Reference(Path(models))
    tracks = {file: reference.listen(file) for file in files}
    json.dump({"seconds": reference.seconds, "stands_in": not reference.is_real, "tracks": tracks}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
