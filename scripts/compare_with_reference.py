"""Compare the package with Essentia and TensorFlow on real music, and keep golden values.

    make reference
    .venv/bin/python scripts/compare_with_reference.py [--models FOLDER] [--golden FILE.json] MUSIC

Both hear the same 16 kHz samples of every clip of MUSIC, whole: the package in the profile `full`, the reference as
`scripts/reference.py` asks it. The largest differences over all patches are printed. `--golden` writes down what the
reference says of the first clip of each subfolder. The folder of models (default: ../shared/models) holds Essentia's
frozen emoMusic and voice/instrumental networks, and emoMusic as ONNX with its card.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import reference
from reference import EMOTIONS, MODELS, clips_of, samples_of

from essentialist.models.emomusic import HEAD
from essentialist.models.msd_musicnn import MODEL
from essentialist.networks import inference
from essentialist.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reference import Floats, Outputs


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near we come to the reference: the least cosine of an embedding, the largest difference of the others."""

    cosine: float
    tags: float
    arousal: float
    valence: float

    def __str__(self) -> str:
        return (
            f"cosine of embeddings {self.cosine:.7f}, tags {self.tags:.6f}, arousal {self.arousal:.5f},"
            f" valence {self.valence:.5f}"
        )


def main() -> None:
    """Compare, and write and measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("music", type=Path, metavar="MUSIC")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--golden", type=Path, help="where to write golden values")
    options = parser.parse_args()
    if lacking := reference.missing(options.models):
        raise SystemExit(f"The reference is not here: {lacking}.")
    os.environ["ESSENTIALIST_MODELS"] = str(options.models)
    clips = clips_of(options.music)
    said = reference.ask({str(path): samples_of(path) for path in clips}, models=options.models)
    worst = compare(clips, said)
    print(f"{len(clips)} clips, {sum(len(each.tags) for each in said.values())} patches; at worst: {worst}")
    if options.golden:
        lines = [f"{json.dumps(clip)}: {json.dumps(means)}" for clip, means in golden(options.music, said).items()]
        options.golden.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def compare(clips: Iterable[Path], said: Mapping[str, Outputs]) -> Agreement:
    """How near we come to what the reference says of clips, at worst over all patches of all of them."""
    found = [agreement(Recording(path, "full"), said[str(path)]) for path in clips]
    return Agreement(
        min(each.cosine for each in found),
        max(each.tags for each in found),
        max(each.arousal for each in found),
        max(each.valence for each in found),
    )


def agreement(recording: Recording, said: Outputs) -> Agreement:
    """How near we come on one clip, at worst over its patches."""
    embeddings, tags = recording.embeddings(MODEL.name), recording.activations(MODEL.name)
    rated = inference.run_head(HEAD, embeddings)
    apart = {
        name: np.abs(rated[:, HEAD.classes.index(name)] - said.emotion[:, EMOTIONS.index(name)]).max()
        for name in EMOTIONS
    }
    nearest = float(cosines(embeddings, said.embeddings).min())
    return Agreement(nearest, float(np.abs(tags - said.tags).max()), float(apart["arousal"]), float(apart["valence"]))


def cosines(ours: Floats, theirs: Floats) -> Floats:
    """The cosine of each row of one with the same row of the other."""
    norms = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return np.asarray((ours * theirs).sum(axis=1) / norms, np.float32)


def golden(music: Path, said: Mapping[str, Outputs]) -> dict[str, object]:
    """What the reference says of the first clip of each subfolder, by the clip's path: means over all patches."""
    firsts: dict[str, str] = {}
    for name in said:
        firsts.setdefault(Path(name).relative_to(music).parts[0], name)
    return {
        Path(name).relative_to(music).as_posix(): {
            "n_patches": len(said[name].tags),
            **{emotion: round(value, 4) for emotion, value in said[name].emotions().items()},
            "tags": rounded(said[name].tags, 5),
            "embedding": rounded(said[name].embeddings, 4),
        }
        for name in firsts.values()
    }


def rounded(rows: Floats, n_digits: int) -> list[float]:
    """The mean of rows, to some digits."""
    return [round(value, n_digits) for value in rows.mean(axis=0).tolist()]


if __name__ == "__main__":
    main()
