from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest

import sounds
import untrained
from essentialist import models
from essentialist.cards import parse_card
from essentialist.descriptors import (
    danceability_learned,
    emotion,
    instruments,
    lacking,
    moods,
    styles,
    themes,
    usable,
    voice,
    voice_musicnn,
)
from essentialist.errors import ModelError
from essentialist.models.emomusic import HEAD as EMOMUSIC
from essentialist.models.mood_party import HEAD as PARTY
from essentialist.networks import inference
from essentialist.recording import Recording

if TYPE_CHECKING:
    from types import ModuleType

    from essentialist.models import Head

SHARED = Path(__file__).resolve().parents[2] / "shared"
OFFICIAL = SHARED / "models" / f"{EMOMUSIC.name}.onnx"
CLIP = SHARED / "music" / "nexuiz" / "brainsukker.mp3"
needs_official = pytest.mark.skipif(not OFFICIAL.exists(), reason="the official emomusic head is not in ../shared")

EMBEDDINGS = np.random.default_rng(1).normal(0, 1, (6, 1280)).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(tmp_path))
    return tmp_path


def install(head: Head, graph: bytes, card: bytes) -> None:
    """Put an untrained head in the place of an official one, its hash written down as one accepted by hand."""
    untrained.put(models.folder(), head.name, graph, card)
    head.weights.record.write_text(f"{hashlib.sha256(graph).hexdigest()}  {head.name}.onnx\n")


@pytest.mark.parametrize("classes", [["non_party", "party"], ["party", "non_party"]])
def test_classes_are_read_by_name_in_the_order_of_the_card(folder: Path, classes: list[str]) -> None:
    install(PARTY, untrained.head(1280, 2), untrained.card(classes))
    outputs = inference.run_head(PARTY, EMBEDDINGS)
    assert outputs.shape == (6, 2)
    means = inference.means(PARTY, EMBEDDINGS)
    assert list(means) == classes
    assert means["party"] == pytest.approx(outputs[:, classes.index("party")].mean())
    assert PARTY.meant(means) == {"party": means["party"]}


def test_a_head_runs_on_each_patch_and_is_then_averaged(folder: Path) -> None:
    install(PARTY, untrained.head(1280, 2), untrained.card(["non_party", "party"]))
    means = inference.means(PARTY, EMBEDDINGS)
    of_the_mean = inference.run_head(PARTY, EMBEDDINGS.mean(axis=0, keepdims=True))[0, 1]
    assert abs(means["party"] - of_the_mean) > 1e-3


def test_without_patches_a_head_says_nothing(folder: Path) -> None:
    install(PARTY, untrained.head(1280, 2), untrained.card(["non_party", "party"]))
    assert inference.means(PARTY, EMBEDDINGS[:0]) == {}
    assert PARTY.meant({}) == {}


@pytest.mark.parametrize(
    ("nodes", "card"),
    [
        (("model/Placeholder", "model/Softmax", ""), untrained.card(["non_party", "party"])),
        (("model/Placeholder:0", "model/Softmax:0", ""), untrained.card(["non_party", "party"])),
        (("model/Placeholder", "model/Softmax", "model/dense/BiasAdd"), untrained.card(["non_party", "party"])),
        (("input", "output", ""), untrained.card(["non_party", "party"])),
    ],
    ids=["as the card", "as converters", "beside another", "an only output"],
)
def test_nodes_are_found_by_their_roles(nodes: tuple[str, str, str], card: bytes) -> None:
    inference.check(PARTY, untrained.head(1280, 2, nodes=nodes), parse_card(card))


@pytest.mark.parametrize(
    ("graph", "card", "told"),
    [
        (untrained.head(1280, 2), untrained.card(["non_happy", "happy"]), "no class 'party': it is another card"),
        (untrained.head(1280, 2), untrained.card(["party", "b", "c"]), "should give 3 numbers as model/Softmax"),
        (untrained.head(200, 2), untrained.card(["party", "non_party"]), "which reads rows of 1280"),
        (
            untrained.head(1280, 2, nodes=("x", "one", "two")),
            untrained.card(["party", "non_party"]),
            r"does not say which of \['one', 'two'\] to read",
        ),
        (untrained.effnet(), untrained.card(["party", "non_party"]), "does not say which"),
    ],
    ids=["another head's card", "another list of classes", "another network's head", "unnamed outputs", "a network"],
)
def test_what_does_not_fit_is_refused(graph: bytes, card: bytes, told: str) -> None:
    with pytest.raises(ModelError, match=told) as refused:
        inference.check(PARTY, graph, parse_card(card))
    assert "\n" not in str(refused.value)


def test_a_head_that_is_not_here_says_how_to_get_it(folder: Path) -> None:
    with pytest.raises(ModelError, match="Run `essentialist models pull mood_party-discogs-effnet-1`"):
        inference.run_head(PARTY, EMBEDDINGS)


@needs_official
def test_arousal_and_valence_are_those_of_the_official_head(folder: Path) -> None:
    for suffix in (".onnx", ".json"):
        shutil.copy(OFFICIAL.with_suffix(suffix), folder)
    assert models.available(EMOMUSIC.name)
    if not CLIP.exists():
        pytest.skip("the real music is not in ../shared")
    embeddings = Recording(CLIP).embeddings(EMOMUSIC.network)
    session = onnxruntime.InferenceSession(OFFICIAL, providers=["CPUExecutionProvider"])
    (expected,) = session.run(["model/Identity:0"], {"model/Placeholder:0": embeddings})
    np.testing.assert_allclose(inference.run_head(EMOMUSIC, embeddings), expected, atol=1e-5)
    order = json.loads(OFFICIAL.with_suffix(".json").read_text(encoding="utf-8"))["classes"]
    meant = EMOMUSIC.meant(inference.means(EMOMUSIC, embeddings))
    assert order == ["valence", "arousal"]
    assert meant["valence"] == pytest.approx(expected[:, 0].mean(), abs=1e-5)
    assert meant["arousal"] == pytest.approx(expected[:, 1].mean(), abs=1e-5)
    assert meant["arousal"] > 5  # a lively piece


@needs_official
def test_an_official_file_that_was_changed_is_refused_with_both_hashes(folder: Path) -> None:
    content = bytearray(OFFICIAL.read_bytes())
    content[-1] ^= 1
    shutil.copy(OFFICIAL.with_suffix(".json"), folder)
    EMOMUSIC.weights.path.write_bytes(content)
    with pytest.raises(ModelError, match=rf"SHA-256 is {hashlib.sha256(content).hexdigest()}, not {EMOMUSIC.sha256}"):
        inference.run_head(EMOMUSIC, np.zeros((1, 200), np.float32))


LEARNED = (styles, moods, emotion, voice, voice_musicnn, danceability_learned, instruments, themes)


@pytest.fixture(scope="module")
def chord(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sounds.write(tmp_path_factory.mktemp("sounds") / "chord.flac", sounds.chord(seconds=8), 44_100)


def install_everything() -> None:
    """Untrained stand-ins for everything that is fetched."""
    effnet = models.network("discogs-effnet-bsdynamic-1")
    graph = untrained.effnet()
    named = [f"Genre {n % 10}---Style {n}" for n in range(400)]
    untrained.put(models.folder(), effnet.name, graph, untrained.card(named, "activations"))
    effnet.weights.record.write_text(f"{hashlib.sha256(graph).hexdigest()}  {effnet.name}.onnx\n")
    for seed, head in enumerate(models.heads()):
        classes = [*head.meanings, *(f"class {n}" for n in range(4 - len(head.meanings)))]
        n_dims = models.network(head.network).n_dims
        install(head, untrained.head(n_dims, 4, seed=seed), untrained.card(classes))


@pytest.mark.parametrize("module", LEARNED, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_learned_descriptor_comes_from_the_sound(folder: Path, chord: Path, module: ModuleType) -> None:
    install_everything()
    extractor = module.EXTRACTOR
    assert all(models.available(name) for name in (*extractor.models, *extractor.any_of))
    values = extractor.compute(Recording(chord))
    assert set(values) == {output.name for output in extractor.outputs}
    for output in extractor.outputs:
        found = values[output.name]
        for value in found.values() if output.kind == "distribution" else [found]:
            assert output.range[0] <= value <= output.range[1]
        assert not output.estimate


@pytest.mark.parametrize("module", LEARNED, ids=lambda module: module.__name__.rpartition(".")[2])
def test_silence_has_no_learned_descriptor(folder: Path, tmp_path: Path, module: ModuleType) -> None:
    install_everything()
    silent = sounds.write(tmp_path / "silence.wav", sounds.silence(5, 44_100), 44_100)
    assert module.EXTRACTOR.compute(Recording(silent)) == {}


def test_styles_keep_the_order_and_the_names_of_the_card(folder: Path, chord: Path) -> None:
    install_everything()
    recording = Recording(chord)
    found = styles.compute(recording)["styles"]
    activations = recording.activations("discogs-effnet-bsdynamic-1")
    assert len(found) == 400
    assert found["Genre 7---Style 137"] == pytest.approx(activations[:, 137].mean())


def test_moods_are_the_classes_that_their_heads_mean(folder: Path, chord: Path) -> None:
    install_everything()
    recording = Recording(chord)
    found = moods.compute(recording)["moods"]
    assert set(found) == {"happy", "sad", "relaxed", "aggressive", "party", "acoustic", "electronic"}
    assert found["party"] == pytest.approx(recording.head(PARTY.name)["party"])


def test_one_head_is_enough_for_its_mood(folder: Path, chord: Path) -> None:
    install_everything()
    for head in moods.HEADS:
        if head is not PARTY:
            head.weights.path.unlink()
    (extractor,) = (each for each in usable(models.installed()) if each.name == "moods")
    assert extractor.models == (PARTY.network, PARTY.name)
    found = extractor.compute(Recording(chord))["moods"]
    assert isinstance(found, Mapping)
    assert set(found) == {"party"}
    PARTY.weights.path.unlink()
    assert not any(each.name == "moods" for each in usable(models.installed()))
    assert "moods" in lacking(models.installed()).absent


def test_what_is_given_has_a_descriptor_and_the_other_way_round() -> None:
    given = {name for head in models.heads() for name in head.gives} | {"styles"}
    assert given == {output.name for module in LEARNED for output in module.EXTRACTOR.outputs}
    for module in LEARNED:
        for name in (*module.EXTRACTOR.models, *module.EXTRACTOR.any_of):
            if name not in {head.network for head in models.heads()}:
                assert {output.name for output in module.EXTRACTOR.outputs} == set(models.named(name).gives)
