from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest

from essentialist import models, patches
from essentialist.errors import ModelError
from essentialist.models import SHIPPED, Model, sessions
from essentialist.models.msd_musicnn import MODEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARED = Path(__file__).resolve().parents[2] / "shared"
OFFICIAL = SHARED / "models" / "msd-musicnn-1.onnx"
needs_official = pytest.mark.skipif(
    not OFFICIAL.exists(), reason="Essentia's own msd-musicnn-1.onnx is not in ../shared"
)

TOLERANCE = 1e-4


def patches_of(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return patches.windows([patches.mel_spectrogram(samples)], MODEL.patch_frames, MODEL.patch_hop)


def noise() -> NDArray[np.float32]:
    """5 s of white noise."""
    return np.random.default_rng(0).uniform(-0.3, 0.3, 80_000).astype(np.float32)


def chord() -> NDArray[np.float32]:
    """5 s of C major, struck every half second."""
    seconds = np.arange(80_000) / patches.SAMPLE_RATE_HZ
    tones = sum(np.sin(2 * np.pi * hz * seconds) for hz in (261.63, 329.63, 392.0, 523.25))
    return (0.1 * tones * np.exp(-4 * (seconds % 0.5))).astype(np.float32)


@pytest.fixture(params=models.networks(), ids=lambda model: model.name)
def model(request: pytest.FixtureRequest) -> Model:
    assert isinstance(request.param, Model)
    return request.param


def test_every_network_says_whose_it_is(model: Model) -> None:
    assert models.network(model.name) is model
    assert model.title
    assert model.licence
    assert model.citation
    assert 0 < model.patch_hop <= model.patch_frames


def test_every_network_has_distinct_classes(model: Model) -> None:
    assert len(set(model.classes)) == len(model.classes) > 1
    assert sessions.run(model, np.zeros((1, model.patch_frames, 96), np.float32)).activations.shape == (
        1,
        len(model.classes),
    )


def test_the_card_agrees_with_the_network_and_its_file() -> None:
    card = json.loads((SHIPPED / "msd-musicnn-1.json").read_text(encoding="utf-8"))
    weights = MODEL.weights.read_bytes()
    assert card["weights"] == {
        "file": MODEL.weights.name,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
    }
    assert (card["name"], card["licence"], card["patch_frames"]) == (MODEL.name, MODEL.licence, MODEL.patch_frames)
    assert card["sample_rate"] == patches.SAMPLE_RATE_HZ
    assert MODEL.sha256 == card["weights"]["sha256"]


def test_the_licence_ships_with_the_weights() -> None:
    notice = (SHIPPED / "LICENSE-musicnn").read_text(encoding="utf-8")
    assert "Permission to use, copy, modify" in notice
    assert "Music Technology Group" in notice


def test_an_unknown_network_is_told_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"no network called 'musicnn'.*msd-musicnn-1"):
        models.network("musicnn")


def test_importing_the_contract_loads_nothing_heavy() -> None:
    program = "import sys, essentialist.models; print({'numpy', 'onnxruntime', 'essentia'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_network_cut_short_is_refused_with_both_hashes(tmp_path: Path) -> None:
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(MODEL.weights.read_bytes()[:-1])
    with pytest.raises(ModelError, match=rf"cut short.*not {MODEL.sha256}.*Put the right file") as refused:
        sessions.run(dataclasses.replace(MODEL, weights=cut), np.zeros((1, 187, 96), np.float32))
    assert hashlib.sha256(cut.read_bytes()).hexdigest() in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_network_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        sessions.run(dataclasses.replace(MODEL, weights=tmp_path / "gone.onnx"), np.zeros((1, 187, 96), np.float32))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"classes": "rock"}', '{"classes": [1, 2]}'])
def test_a_card_without_classes_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "network.json").write_text(content)
    with pytest.raises(ModelError, match=r"network\.json.*Put the right file"):
        dataclasses.replace(MODEL, weights=tmp_path / "network.onnx").classes  # noqa: B018


def test_no_patches_give_empty_outputs() -> None:
    outputs = sessions.run(MODEL, patches_of(np.zeros(1_000, np.float32)))
    assert outputs.activations.shape == (0, 50)
    assert outputs.embeddings.shape == (0, 200)
    assert outputs.activations.dtype == outputs.embeddings.dtype == np.float32


def test_batches_change_nothing() -> None:
    mel = patches_of(noise())
    one, three = (sessions.run(dataclasses.replace(MODEL, batch=batch), mel) for batch in (1, 3))
    np.testing.assert_allclose(one.activations, three.activations, atol=1e-5)
    np.testing.assert_allclose(one.embeddings, three.embeddings, atol=TOLERANCE)


GOLDEN_TAGS = {
    "noise": {"electronic": 0.55098, "dance": 0.50147, "House": 0.25569, "electro": 0.22667, "electronica": 0.11822},
    "chord": {"electronic": 0.31626, "ambient": 0.25057, "indie": 0.11497, "chillout": 0.10729, "electronica": 0.10059},
}
GOLDEN_EMBEDDINGS = {
    "noise": [-0.8925, 1.8509, -3.2245, -5.6702, -2.8636, 6.3365],
    "chord": [-1.791, -3.8455, -2.4568, -3.7366, 0.4395, -0.1586],
}


@pytest.mark.parametrize(("name", "samples"), [("noise", noise()), ("chord", chord())])
def test_golden_outputs(name: str, samples: NDArray[np.float32]) -> None:
    outputs = sessions.run(MODEL, patches_of(samples))
    assert len(outputs.activations) == 2
    tags = dict(zip(MODEL.classes, outputs.activations[0].tolist(), strict=True))
    loudest = dict(sorted(tags.items(), key=lambda tag: -tag[1])[:5])
    assert list(loudest) == list(GOLDEN_TAGS[name])
    assert loudest == pytest.approx(GOLDEN_TAGS[name], abs=TOLERANCE)
    np.testing.assert_allclose(outputs.embeddings[0, :6], GOLDEN_EMBEDDINGS[name], atol=5 * TOLERANCE)


@needs_official
def test_the_outputs_are_those_of_essentias_own_network() -> None:
    official = onnxruntime.InferenceSession(OFFICIAL, providers=["CPUExecutionProvider"])
    loudness = np.linspace(0.1, 6, 4, dtype=np.float32)[:, None, None]
    made_up = np.random.default_rng(1).random((4, 187, 96), np.float32) * loudness
    for mel in (patches_of(noise()), patches_of(chord()), made_up):
        activations, embeddings = official.run(["activations", "embeddings"], {"melspectrogram": mel})
        ours = sessions.run(MODEL, mel)
        np.testing.assert_allclose(ours.activations, activations, rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(ours.embeddings, embeddings, rtol=0, atol=TOLERANCE)


@needs_official
def test_the_classes_are_those_of_essentias_card() -> None:
    card = json.loads(OFFICIAL.with_suffix(".json").read_text(encoding="utf-8"))
    assert list(MODEL.classes) == card["classes"]
