from __future__ import annotations

import dataclasses
import hashlib
import logging
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest

import untrained
from essentialist import models
from essentialist.cards import parse_card
from essentialist.errors import ModelError
from essentialist.models import Model, Weights
from essentialist.models.discogs_effnet import MODEL as EFFNET
from essentialist.models.msd_musicnn import MODEL as MUSICNN
from essentialist.networks import inference
from essentialist.networks.inference import Backend, Runner

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

STYLES = tuple(f"Genre---Style {number}" for number in range(400))
CARD = untrained.card(STYLES, "activations")
PATCHES = np.random.default_rng(0).random((5, 128, 96), np.float32)
HAS_CUDA = inference.CUDA in onnxruntime.get_available_providers()


@pytest.fixture
def effnet(tmp_path: Path) -> Model:
    """An untrained network in the place of Discogs-EffNet."""
    graph = untrained.effnet()
    untrained.put(tmp_path, EFFNET.name, graph, CARD)
    weights = Weights(f"{EFFNET.name}.onnx", hashlib.sha256(graph).hexdigest(), len(graph), shipped_in=tmp_path)
    return dataclasses.replace(EFFNET, weights=weights)


def refuses_batches() -> bytes:
    """A network that runs one patch at a time and fails on more, as one with a fixed batch does."""
    helper = untrained.helper
    random = np.random.default_rng(0)
    nodes = [
        helper.make_node("ReduceMax", ["melspectrogram"], ["bands"], axes=[1], keepdims=0),
        helper.make_node("Reshape", ["bands", "one_row"], ["row"]),
        helper.make_node("MatMul", ["row", "to_embeddings"], ["embeddings"]),
        helper.make_node("MatMul", ["row", "to_activations"], ["activations"]),
    ]
    weights: dict[str, NDArray[np.generic]] = {
        "one_row": np.array([1, 96], np.int64),
        "to_embeddings": random.random((96, 1280), np.float32),
        "to_activations": random.random((96, 400), np.float32),
    }
    shapes = {"activations": ("n", 400), "embeddings": ("n", 1280)}
    return untrained.graph(nodes, {"melspectrogram": ("n", 128, 96)}, shapes, weights)


def test_a_network_gives_both_outputs_in_one_run(effnet: Model) -> None:
    outputs = inference.run(effnet, PATCHES)
    session = onnxruntime.InferenceSession(effnet.weights.path, providers=["CPUExecutionProvider"])
    activations, embeddings = session.run(["activations", "embeddings"], {"melspectrogram": PATCHES})
    np.testing.assert_allclose(outputs.activations, activations, atol=1e-6)
    np.testing.assert_allclose(outputs.embeddings, embeddings, atol=1e-5)


def test_no_patches_give_no_rows(effnet: Model) -> None:
    outputs = inference.run(effnet, PATCHES[:0])
    assert outputs.activations.shape == (0, 400)
    assert outputs.embeddings.shape == (0, 1280)


@pytest.mark.skipif(HAS_CUDA, reason="ONNX Runtime has CUDA here")
def test_asking_for_cuda_without_it_runs_on_the_cpu_and_says_so_once(
    effnet: Model, caplog: pytest.LogCaptureFixture
) -> None:
    inference._say_no_cuda.cache_clear()
    with caplog.at_level(logging.WARNING):
        asked = inference.run(effnet, PATCHES, device="cuda")
        inference.run(MUSICNN, np.zeros((1, 187, 96), np.float32), device="cuda")
    assert [record.message for record in caplog.records] == [
        "ONNX Runtime has no CUDA here: networks run on the CPU; for a GPU install onnxruntime-gpu"
    ]
    np.testing.assert_array_equal(asked.embeddings, inference.run(effnet, PATCHES, device="cpu").embeddings)


@pytest.mark.skipif(HAS_CUDA, reason="ONNX Runtime has CUDA here")
def test_auto_without_cuda_is_silent(effnet: Model, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        inference.run(effnet, PATCHES, device="auto")
    assert caplog.records == []


@pytest.mark.skipif(HAS_CUDA, reason="ONNX Runtime has CUDA here")
@pytest.mark.filterwarnings("ignore:Specified provider:UserWarning")
def test_a_gpu_that_does_not_start_leaves_the_cpu(caplog: pytest.LogCaptureFixture) -> None:
    gpu = Backend("the GPU", ((inference.CUDA, inference.CUDA_OPTIONS), (inference.CPU, {})), 64)
    runner = Runner(EFFNET, untrained.effnet(), parse_card(CARD), gpu)
    assert len(caplog.records) == 1
    assert "fails on the GPU" in caplog.text
    assert runner.run(PATCHES)[1].shape == (5, 1280)


def test_a_gpu_that_fails_while_it_runs_leaves_the_cpu(caplog: pytest.LogCaptureFixture) -> None:
    graph = refuses_batches()
    failing = Backend("the GPU", ((inference.CPU, {}),), 64)  # a session that really fails on more than one patch
    runner = Runner(EFFNET, graph, parse_card(CARD), failing)
    assert runner.session.get_providers()
    found = runner.run(PATCHES)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert f"{EFFNET.name} fails on the GPU" in caplog.text
    assert "\n" not in caplog.records[0].message
    alone = [Runner(EFFNET, graph, parse_card(CARD), Backend("", ((inference.CPU, {}),), 1)).run(PATCHES[:1])]
    np.testing.assert_array_equal(found[1][0], alone[0][1][0])
    runner.run(PATCHES)
    assert len(caplog.records) == 1


def test_what_fails_on_the_cpu_too_is_told_in_one_line(effnet: Model) -> None:
    wrong = np.zeros((1, 127, 96), np.float32)
    with pytest.raises(ModelError, match="discogs-effnet-bsdynamic-1 cannot be run: ") as told:
        inference.run(effnet, wrong)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("graph", "card", "told"),
    [
        (b"<html></html>", CARD, "is not a network that ONNX Runtime can load"),
        (untrained.effnet()[:-1000], CARD, "is not a network that ONNX Runtime can load"),
        (untrained.head(200, 2), CARD, r"is not .*, which reads rows of 128: it reads model/Placeholder"),
        (untrained.effnet(patch_frames=187), CARD, r"reads rows of 128: it reads melspectrogram \['n', 187, 96\]"),
        (untrained.effnet(n_dims=200), CARD, r"should give 1280 numbers as embeddings, not \['n', 200\]"),
        (untrained.effnet(), untrained.card(STYLES[:-1]), "should give 399 numbers as activations"),
    ],
    ids=["garbage", "cut short", "a head", "other patches", "other embeddings", "other classes"],
)
def test_another_network_is_refused(graph: bytes, card: bytes, told: str) -> None:
    with pytest.raises(ModelError, match=told) as refused:
        inference.check(EFFNET, graph, parse_card(card))
    assert "\n" not in str(refused.value)


def test_sizes_that_a_graph_leaves_open_are_checked_when_it_runs() -> None:
    node = untrained.helper.make_node("Identity", ["model/Placeholder"], ["model/Softmax"])
    graph = untrained.graph([node], {"model/Placeholder": ("n", "m")}, {"model/Softmax": ("n", "k")}, {})
    head = models.head("emomusic-msd-musicnn-2")
    card = parse_card(untrained.card(["valence", "arousal"]))
    inference.check(head, graph, card)
    runner = Runner(head, graph, card, Backend("the CPU", ((inference.CPU, {}),)))
    with pytest.raises(ModelError, match=r"gives \(4, 200\), not \(4, 2\)\. Run `essentialist"):
        runner.run(np.zeros((4, 200), np.float32))
