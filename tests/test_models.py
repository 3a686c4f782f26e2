from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest

from essentialist import models
from essentialist.errors import ModelError
from essentialist.models import SHIPPED, Head, Model, Weights
from essentialist.models.msd_musicnn import MODEL
from essentialist.networks import inference
from essentialist.sound import patches

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


@pytest.fixture(params=models.everything(), ids=lambda entry: entry.name)
def entry(request: pytest.FixtureRequest) -> Model | Head:
    assert isinstance(request.param, Model | Head)
    return request.param


def test_everything_says_what_it_is_and_where_it_comes_from(entry: Model | Head) -> None:
    assert models.named(entry.name) is entry
    assert entry.title
    assert entry.licence
    assert re.search(r"[12][09]\d\d", entry.citation)
    assert entry.weights.path.name == f"{entry.name}.onnx"
    assert (entry.weights.n_sources > 0) == (entry.weights.sha256 is not None and entry.weights.shipped_in is None)
    assert entry.weights.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", entry.weights.sha256)


def test_every_file_is_known_by_its_own_hash() -> None:
    hashes = [entry.weights.sha256 for entry in models.everything() if entry.weights.sha256]
    assert len(hashes) == len(set(hashes))


def test_everything_that_is_fetched_keeps_the_folders_of_the_server(entry: Model | Head) -> None:
    if entry.weights.shipped_in is None:
        kind = "feature-extractors/" if isinstance(entry, Model) else "classification-heads/"
        assert entry.weights.address.startswith(kind)
        assert entry.weights.address.count("/") == 2
        assert entry.licence == models.MTG


def test_every_head_reads_a_network_and_means_something_by_its_classes() -> None:
    for head in models.heads():
        assert models.head(head.name) is head
        assert models.network(head.network).n_dims > 0
        assert len(set(head.meanings.values())) == len(head.meanings)


def test_names_are_told_apart() -> None:
    with pytest.raises(ModelError, match="is a head, not a network: it reads the embeddings of msd-musicnn-1"):
        models.network("emomusic-msd-musicnn-2")
    with pytest.raises(ModelError, match="is a network, not a head"):
        models.head(MODEL.name)


def test_the_registry_loads_nothing_heavy() -> None:
    program = (
        "import sys; from essentialist import models; models.everything(); models.available('msd-musicnn-1');"
        "print({'numpy', 'onnxruntime', 'essentia'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_what_ships_is_available_and_the_rest_is_not_before_it_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(tmp_path))
    assert [entry.name for entry in models.everything() if models.available(entry.name)] == [MODEL.name]
    assert models.labels(MODEL.name) == MODEL.classes
    assert models.labels("discogs-effnet-bsdynamic-1") == ()
    with pytest.raises(
        ModelError, match=r"voice_instrumental-msd-musicnn-1 is not installed. Run `essentialist models"
    ):
        models.head("voice_instrumental-msd-musicnn-1").sha256  # noqa: B018


def test_a_file_of_another_size_is_not_available(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(tmp_path))
    weights = models.head("emomusic-msd-musicnn-2").weights
    weights.card.write_text('{"classes": ["valence", "arousal"]}')
    for size in (0, 82_039, 82_041):
        weights.path.write_bytes(bytes(size))
        assert not models.available("emomusic-msd-musicnn-2")
    weights.path.write_bytes(bytes(82_040))
    assert models.available("emomusic-msd-musicnn-2")
    weights.card.unlink()
    assert not models.available("emomusic-msd-musicnn-2")


def test_shipped_networks_have_distinct_classes() -> None:
    model = MODEL
    assert len(set(model.classes)) == len(model.classes) > 1
    assert inference.run(model, np.zeros((1, model.patch_frames, 96), np.float32)).activations.shape == (
        1,
        len(model.classes),
    )


def test_the_card_agrees_with_the_network_and_its_file() -> None:
    card = json.loads((SHIPPED / "msd-musicnn-1.json").read_text(encoding="utf-8"))
    weights = MODEL.weights.path.read_bytes()
    assert card["weights"] == {
        "file": MODEL.weights.path.name,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
    }
    assert (card["name"], card["licence"], card["patch_frames"]) == (MODEL.name, MODEL.licence, MODEL.patch_frames)
    assert card["sample_rate"] == patches.SAMPLE_RATE_HZ
    assert MODEL.sha256 == card["weights"]["sha256"]
    assert MODEL.weights.size == len(weights)


def test_the_licence_ships_with_the_weights() -> None:
    notice = (SHIPPED / "LICENSE-musicnn").read_text(encoding="utf-8")
    assert "Permission to use, copy, modify" in notice
    assert "Music Technology Group" in notice


def test_an_unknown_network_is_told_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match="no network or head called 'msd-musicn': did you mean msd-musicnn-1"):
        models.network("msd-musicn")


def test_importing_the_contract_loads_nothing_heavy() -> None:
    program = "import sys, essentialist.models; print({'numpy', 'onnxruntime', 'essentia'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def elsewhere(folder: Path, name: str) -> Model:
    """The shipped network, to be read from another folder."""
    return dataclasses.replace(MODEL, weights=Weights(f"{name}.onnx", MODEL.sha256, shipped_in=folder))


def test_a_network_cut_short_is_refused_with_both_hashes(tmp_path: Path) -> None:
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(MODEL.weights.path.read_bytes()[:-1])
    shutil.copy(MODEL.weights.card, tmp_path / "cut.json")
    with pytest.raises(ModelError, match=rf"cut short.*not {MODEL.sha256}.*Run `essentialist models pull") as refused:
        inference.run(elsewhere(tmp_path, "cut"), np.zeros((1, 187, 96), np.float32))
    assert hashlib.sha256(cut.read_bytes()).hexdigest() in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_network_is_told(tmp_path: Path) -> None:
    shutil.copy(MODEL.weights.card, tmp_path / "gone.json")
    with pytest.raises(ModelError, match="msd-musicnn-1 cannot be read"):
        inference.run(elsewhere(tmp_path, "gone"), np.zeros((1, 187, 96), np.float32))


def test_a_missing_card_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"The card .*cardless\.json cannot be read: No such file"):
        inference.run(elsewhere(tmp_path, "cardless"), np.zeros((1, 187, 96), np.float32))


def test_a_damaged_package_is_to_be_installed_again() -> None:
    damaged = dataclasses.replace(MODEL, weights=dataclasses.replace(MODEL.weights, address="gone.onnx"))
    with pytest.raises(ModelError, match="Install essentialist again: the file is part of it"):
        damaged.classes  # noqa: B018


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"classes": "rock"}', '{"classes": [1, 2]}', '{"classes": ["a", "a"]}', "[" * 100_000]
)
def test_a_card_without_classes_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "network.json").write_text(content)
    with pytest.raises(ModelError, match=r"network\.json is not a card.*Run `essentialist models pull"):
        elsewhere(tmp_path, "network").classes  # noqa: B018


def test_a_card_that_changes_is_read_again(tmp_path: Path) -> None:
    card = tmp_path / "network.json"
    for names in (["one"], ["one", "two"]):
        card.write_text(json.dumps({"classes": names}))
        assert elsewhere(tmp_path, "network").classes == tuple(names)


def test_no_patches_give_empty_outputs() -> None:
    outputs = inference.run(MODEL, patches_of(np.zeros(1_000, np.float32)))
    assert outputs.activations.shape == (0, 50)
    assert outputs.embeddings.shape == (0, 200)
    assert outputs.activations.dtype == outputs.embeddings.dtype == np.float32


def test_batches_change_nothing() -> None:
    mel = patches_of(noise())
    one, three = (inference.run(dataclasses.replace(MODEL, batch=batch), mel) for batch in (1, 3))
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
    outputs = inference.run(MODEL, patches_of(samples))
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
        ours = inference.run(MODEL, mel)
        np.testing.assert_allclose(ours.activations, activations, rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(ours.embeddings, embeddings, rtol=0, atol=TOLERANCE)


@needs_official
def test_the_classes_are_those_of_essentias_card() -> None:
    card = json.loads(OFFICIAL.with_suffix(".json").read_text(encoding="utf-8"))
    assert list(MODEL.classes) == card["classes"]
