"""MSD-MusiCNN as an ONNX graph made to be fast on one CPU core.

The network is that of Pons & Serra (2019): a musically motivated front end (filters over timbre, and filters over time,
each followed by the maximum over the bands), three dense layers of convolutions with residual connections, the maximum
and the mean over time, two dense layers. It is written here in an order of operations that gives the same outputs
(within 1e-4) for half the time of the usual one:

* The timbral filters, 80 % of the work, are 38 and 67 bands high. They are correlated with the bands in the Fourier
  domain: one small convolution over time a frequency, then two products with a table of cosines and one of sines,
  a quarter of the multiplications.
* Of the inverse transform only what the maximum over bands needs is computed. Counted from the middle of the filter's
  positions, the cosines give the even part E and the sines the odd part O of the output; the values at +n and -n are
  E + O and E - O, and the larger of the two is E + |O|.
* Batch normalisation and ReLU come after the maximum, on 1/59 and 1/30 of the values. They keep the order of values
  except where the scale is negative: there the filter's sign is turned first, so the maximum finds the minimum.
* Convolutions over one-band-high maps are one-dimensional, the last two batch normalisations are part of the dense
  layers.

Sums are written as loops over whole arrays, so that every machine rounds alike and makes the same file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import onnx
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info
from onnx.numpy_helper import from_array

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

OPSET = 18
IR_VERSION = 8  # read by every ONNX Runtime since 1.13
N_FRAMES = 187
N_BANDS = 96
N_FREQUENCIES = N_BANDS // 2 + 1
FREQUENCIES = np.arange(N_FREQUENCIES, dtype=np.float64)
N_CLASSES = 50
N_DIMS = 200
EPSILON = 1e-3  # TensorFlow's default in batch normalisation

Weights: TypeAlias = "Mapping[str, NDArray[np.float32]]"
Array: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph in the making: nodes are named after their output."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def constant(self, name: str, values: Array) -> str:
        """Keep an array as float32 and return its name."""
        return self._keep(name, np.ascontiguousarray(values, np.float32))

    def integers(self, *values: int) -> str:
        """Keep a list of axes or a shape and return its name."""
        return self._keep("_".join(("integers", *map(str, values))), np.array(values, np.int64))

    def _keep(self, name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        self.constants[name] = from_array(values, name)
        return name

    def node(self, operator: str, output: str, *inputs: str, **attributes: Any) -> str:
        """Add a node and return the name of its output."""
        self.nodes.append(make_node(operator, list(inputs), [output], name=output, **attributes))
        return output


@dataclass(frozen=True, slots=True)
class Affine:
    """A batch normalisation at inference: `scale * x + shift`."""

    scale: Array
    shift: Array

    @property
    def sign(self) -> Array:
        """-1 for the channels whose order of values it turns, else 1."""
        return np.where(self.scale < 0, -1.0, 1.0)


def build(weights: Weights) -> onnx.ModelProto:
    """Build the whole network: `melspectrogram` (n, 187, 96) to `activations` (n, 50) and `embeddings` (n, 200)."""
    graph = Graph()
    norm = _normalisation(weights, 0)
    scaled = graph.node("Mul", "scaled", "melspectrogram", graph.constant("input_scale", norm.scale))
    bands = graph.node("Add", "normalised", scaled, graph.constant("input_shift", norm.shift))
    front = _front_end(graph, weights, bands)
    layers = _mid_end(graph, weights, front)
    _back_end(graph, weights, graph.node("Concat", "layers", front, *layers, axis=1))
    proto = make_graph(
        graph.nodes,
        "msd-musicnn",
        [make_tensor_value_info("melspectrogram", onnx.TensorProto.FLOAT, ["n", N_FRAMES, N_BANDS])],
        [
            make_tensor_value_info("activations", onnx.TensorProto.FLOAT, ["n", N_CLASSES]),
            make_tensor_value_info("embeddings", onnx.TensorProto.FLOAT, ["n", N_DIMS]),
        ],
        list(graph.constants.values()),
    )
    model = make_model(proto, opset_imports=[make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return model


def _variable(weights: Weights, layer: str, number: int, name: str) -> Array:
    """Return a variable as TensorFlow 1 names it: the first layer of a kind has no number."""
    return weights[f"{layer}_{number}/{name}" if number else f"{layer}/{name}"].astype(np.float64)


def _normalisation(weights: Weights, number: int) -> Affine:
    gamma, beta, mean, variance = (
        _variable(weights, "batch_normalization", number, name)
        for name in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + EPSILON)
    return Affine(scale, beta - mean * scale)


def _front_end(graph: Graph, weights: Weights, bands: str) -> str:
    """Apply the timbral and temporal filters: (n, 187, 96) to (n, 561, 187)."""
    angles = 2 * math.pi / N_BANDS * np.outer(np.arange(N_BANDS, dtype=np.float64), FREQUENCIES)
    transform = np.stack([_cos(angles), -_sin(angles)], axis=-1).reshape(N_BANDS, 2 * N_FREQUENCIES)
    spectrum = graph.node("MatMul", "spectrum_by_time", bands, graph.constant("fourier", transform))
    spectrum = graph.node("Transpose", "spectrum", spectrum, perm=[0, 2, 1])
    image = graph.node("Unsqueeze", "image", bands, graph.integers(1))
    timbral = [_timbral(graph, weights, spectrum, number) for number in (0, 1)]
    temporal = [_temporal(graph, weights, image, number) for number in (2, 3, 4)]
    return graph.node("Concat", "front", *timbral, *temporal, axis=1)


def _timbral(graph: Graph, weights: Weights, spectrum: str, number: int) -> str:
    """Take the maximum over bands of filters 7 frames long: spectrum (n, 98, 187) to (n, 204, 187)."""
    name = f"timbral_{number}"
    norm = _normalisation(weights, number + 1)
    filters = _variable(weights, "conv2d", number, "kernel")[:, :, 0, :] * norm.sign
    height, n_filters = filters.shape[1:]
    distances = _distances_from_middle(N_BANDS - height + 1)
    real, imaginary = _transformed(filters, shift=distances[-1])
    # A product of complex numbers, (x + iy)(u + iv) = (xu - yv) + i(xv + yu); the channels are x, y of each frequency.
    filters_of = {"even": (real, -imaginary), "odd": (imaginary, real)}
    angles = 2 * math.pi / N_BANDS * np.outer(distances, FREQUENCIES)
    once_or_twice = np.full(N_FREQUENCIES, 2.0)  # frequencies come in conjugate pairs but for the first and the last
    once_or_twice[[0, -1]] = 1.0
    inverse_of = {"even": _cos(angles) * once_or_twice / N_BANDS, "odd": -_sin(angles) * once_or_twice / N_BANDS}

    parts = {}
    for part, pair in filters_of.items():
        kernel = graph.constant(f"{name}_{part}_filters", np.concatenate(np.stack(pair, axis=2)))
        product = graph.node(
            "Conv", f"{name}_{part}_product", spectrum, kernel, group=N_FREQUENCIES, pads=_same(kernel_size=7)
        )
        product = graph.node(
            "Reshape", f"{name}_{part}_rows", product, graph.integers(0, N_FREQUENCIES, n_filters * N_FRAMES)
        )
        inverse = graph.constant(f"{name}_{part}_inverse", inverse_of[part])
        parts[part] = graph.node("MatMul", f"{name}_{part}", inverse, product)
    size = graph.node("Abs", f"{name}_odd_size", parts["odd"])
    larger = graph.node("Add", f"{name}_larger", parts["even"], size)
    peak = graph.node("ReduceMax", f"{name}_peak_flat", larger, graph.integers(1), keepdims=0)
    peak = graph.node("Reshape", f"{name}_peak", peak, graph.integers(0, n_filters, N_FRAMES))
    return _activated(graph, name, peak, _variable(weights, "conv2d", number, "bias"), norm)


def _distances_from_middle(n_positions: int) -> Array:
    """Measure how far the filter's upper positions lie from their middle: 0, 1, 2 or 0.5, 1.5 and so on."""
    return np.arange(n_positions // 2, n_positions, dtype=np.float64) - (n_positions - 1) / 2


def _transformed(filters: Array, *, shift: float) -> tuple[Array, Array]:
    """Return real and imaginary part of the filters' conjugate Fourier transform, moved by `shift` bands.

    From (n_frames, height, n_filters) to (n_frequencies, n_filters, n_frames).
    """
    n_frames, height, n_filters = filters.shape
    real, imaginary = np.zeros((2, N_FREQUENCIES, n_filters, n_frames))
    for band in range(height):
        angles = (2 * math.pi / N_BANDS * (band + shift) * FREQUENCIES)[:, None, None]
        real += _cos(angles) * filters[:, band].T
        imaginary += _sin(angles) * filters[:, band].T
    return real, imaginary


def _temporal(graph: Graph, weights: Weights, image: str, number: int) -> str:
    """Take the maximum over bands of filters one band high: image (n, 1, 187, 96) to (n, 51, 187)."""
    name = f"temporal_{number}"
    norm = _normalisation(weights, number + 1)
    filters = _variable(weights, "conv2d", number, "kernel")[:, :, 0, :] * norm.sign
    length = filters.shape[0]
    kernel = graph.constant(f"{name}_filters", filters.transpose(2, 0, 1)[:, None])
    before, after = _same(length)
    output = graph.node("Conv", f"{name}_output", image, kernel, pads=[before, 0, after, 0])
    peak = graph.node("MaxPool", f"{name}_peak_flat", output, kernel_shape=[1, N_BANDS])
    peak = graph.node("Squeeze", f"{name}_peak", peak, graph.integers(3))
    return _activated(graph, name, peak, _variable(weights, "conv2d", number, "bias"), norm)


def _activated(graph: Graph, name: str, peak: str, bias: Array, norm: Affine) -> str:
    """Apply bias, ReLU and batch normalisation to what the maximum left; `peak` has the sign of the scale turned."""
    signed = graph.node("Mul", f"{name}_signed", peak, graph.constant(f"{name}_sign", norm.sign[:, None]))
    biased = graph.node("Add", f"{name}_biased", signed, graph.constant(f"{name}_bias", bias[:, None]))
    return _normalised(graph, name, graph.node("Relu", f"{name}_relu", biased), norm)


def _normalised(graph: Graph, name: str, maps: str, norm: Affine) -> str:
    scaled = graph.node("Mul", f"{name}_scaled", maps, graph.constant(f"{name}_scale", norm.scale[:, None]))
    return graph.node("Add", name, scaled, graph.constant(f"{name}_shift", norm.shift[:, None]))


def _mid_end(graph: Graph, weights: Weights, front: str) -> list[str]:
    """Add three convolutions over time, the last two with a residual connection: (n, 64, 187) each."""
    layers: list[str] = []
    for number in (5, 6, 7):
        name = f"mid_{number}"
        filters = _variable(weights, "conv2d", number, "kernel")[:, :, 0, :].transpose(2, 1, 0)
        kernel = graph.constant(f"{name}_filters", filters)
        bias = graph.constant(f"{name}_bias", _variable(weights, "conv2d", number, "bias"))
        source = layers[-1] if layers else front
        output = graph.node("Conv", f"{name}_output", source, kernel, bias, pads=_same(kernel_size=7))
        maps = _normalised(graph, name, graph.node("Relu", f"{name}_relu", output), _normalisation(weights, number + 1))
        layers.append(graph.node("Add", f"{name}_residual", maps, source) if layers else maps)
    return layers


def _back_end(graph: Graph, weights: Weights, layers: str) -> None:
    """Take maximum and mean over time, then the two dense layers: `embeddings` and `activations`."""
    peak = graph.node("ReduceMax", "maximum", layers, graph.integers(2), keepdims=0)
    mean = graph.node("ReduceMean", "mean", layers, graph.integers(2), keepdims=0)
    pooled = graph.node("Concat", "pooled", peak, mean, axis=1)
    kernel, bias = _dense(weights, 0, _normalisation(weights, 9))
    # TensorFlow's rows alternate: maximum and mean of the first map, of the second one …
    kernel = np.concatenate([kernel[0::2], kernel[1::2]])
    graph.node("Gemm", "embeddings", pooled, graph.constant("dense", kernel), graph.constant("dense_bias", bias))
    kernel, bias = _dense(weights, 1, _normalisation(weights, 10))
    relu = graph.node("Relu", "embeddings_relu", "embeddings")
    logits = graph.node("Gemm", "logits", relu, graph.constant("tags", kernel), graph.constant("tags_bias", bias))
    graph.node("Sigmoid", "activations", logits)


def _dense(weights: Weights, number: int, norm: Affine) -> tuple[Array, Array]:
    """Return kernel and bias of a dense layer with the normalisation of its input folded in."""
    kernel, bias = (_variable(weights, "dense", number, name) for name in ("kernel", "bias"))
    for row, shift in zip(kernel, norm.shift, strict=True):
        bias = bias + shift * row
    return norm.scale[:, None] * kernel, bias


def _same(kernel_size: int) -> list[int]:
    """Return the zeros before and after that keep the length, as TensorFlow shares them out."""
    return [(kernel_size - 1) // 2, kernel_size // 2]


def _cos(angles: Array) -> Array:
    """Take cosines from the C library: NumPy's own depend on the processor."""
    return np.array([math.cos(angle) for angle in angles.flat]).reshape(angles.shape)


def _sin(angles: Array) -> Array:
    return np.array([math.sin(angle) for angle in angles.flat]).reshape(angles.shape)
