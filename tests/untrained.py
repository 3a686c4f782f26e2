"""Untrained networks and heads: graphs with the inputs and outputs of the official ones and random weights.

They answer nothing; they show that everything around them works where the official files are out of reach.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

onnx = pytest.importorskip("onnx", reason="the package onnx, which makes untrained networks, is not installed")
helper, numpy_helper, FLOAT = onnx.helper, onnx.numpy_helper, onnx.TensorProto.FLOAT

DESCRIPTION = "untrained, made by a test"


def effnet(*, n_classes: int = 400, n_dims: int = 1280, patch_frames: int = 128, seed: int = 0) -> bytes:
    """A network with the nodes of Discogs-EffNet: the mean and spread of each band, projected."""
    random = np.random.default_rng(seed)
    weights = {
        "to_embeddings": random.normal(0, 0.1, (96, n_dims)).astype(np.float32),
        "to_activations": random.normal(0, 0.1, (n_dims, n_classes)).astype(np.float32),
    }
    nodes = [
        helper.make_node("ReduceMax", ["melspectrogram"], ["bands"], axes=[1], keepdims=0),
        helper.make_node("MatMul", ["bands", "to_embeddings"], ["embeddings"]),
        helper.make_node("MatMul", ["embeddings", "to_activations"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["activations"]),
    ]
    shapes = {"activations": ("n", n_classes), "embeddings": ("n", n_dims)}
    return graph(nodes, {"melspectrogram": ("n", patch_frames, 96)}, shapes, weights)


def head(
    n_dims: int,
    n_classes: int,
    *,
    nodes: tuple[str, str, str] = ("model/Placeholder", "model/Softmax", ""),
    seed: int = 0,
) -> bytes:
    """A head: one dense layer. `nodes`: input, predictions, and where not empty an output of something else."""
    random = np.random.default_rng(seed)
    source, predictions, other = nodes
    weights = {"dense": random.normal(0, 0.3, (n_dims, n_classes)).astype(np.float32)}
    steps = [
        helper.make_node("MatMul", [source, "dense"], [other or "logits"]),
        helper.make_node("Softmax", [other or "logits"], [predictions], axis=1),
    ]
    shapes = {predictions: ("n", n_classes)} | ({other: ("n", n_classes)} if other else {})
    return graph(steps, {source: ("n", n_dims)}, shapes, weights)


def graph(
    nodes: Sequence[object],
    inputs: Mapping[str, Sequence[int | str]],
    outputs: Mapping[str, Sequence[int | str]],
    weights: Mapping[str, NDArray[np.generic]],
) -> bytes:
    """An ONNX file that ONNX Runtime 1.20 reads."""
    made = helper.make_graph(
        nodes,
        DESCRIPTION,
        [helper.make_tensor_value_info(name, FLOAT, shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, FLOAT, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], doc_string=DESCRIPTION)
    model.ir_version = 8
    content: bytes = model.SerializeToString()
    return content


def card(classes: Sequence[str], predictions: str = "model/Softmax", **more: object) -> bytes:
    """A card as the official ones are."""
    outputs = [
        {"name": predictions, "op": "Softmax", "output_purpose": "predictions"},
        {"name": "model/dense/BiasAdd", "description": "penultimate layer", "output_purpose": ""},
    ]
    return json.dumps({"name": DESCRIPTION, "classes": list(classes), "schema": {"outputs": outputs}, **more}).encode()


def put(folder: Path, name: str, content: bytes, described: bytes) -> Path:
    """Write a network or head and its card."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_bytes(described)
    path = folder / f"{name}.onnx"
    path.write_bytes(content)
    return path
