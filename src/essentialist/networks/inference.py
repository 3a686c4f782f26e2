"""Running networks and heads: one ONNX Runtime session each in a process.

A worker analyses one recording at a time and there is a worker a core, so a session keeps to one thread. With CUDA
(the package `onnxruntime-gpu`) a session runs on the GPU; when that fails, at the start or later, one line in the log
says so and the session goes on on the CPU. Weights are checked against their SHA-256 before they are loaded, and the
graph against its card.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from essentialist.cards import Card, read_card
from essentialist.errors import ModelError
from essentialist.models import Head, Model, remedy
from essentialist.networks.wiring import Wiring, wire

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType

    import onnxruntime
    from numpy.typing import NDArray

    from essentialist.settings import Device

logger = logging.getLogger(__name__)

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
CUDA_OPTIONS = {
    "arena_extend_strategy": "kSameAsRequested",  # not the next power of two: workers share the GPU's memory
    "cudnn_conv_algo_search": "HEURISTIC",  # an exhaustive search is repeated for every new shape
}
ONLY_ERRORS = 3  # ONNX Runtime's own log


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a network says of patches: `activations` (n_patches, n_classes), `embeddings` (n_patches, n_dims)."""

    activations: NDArray[np.float32]
    embeddings: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a session runs: ONNX Runtime's providers with their options, and how many rows at a time (0: all)."""

    title: str
    providers: tuple[tuple[str, Mapping[str, str]], ...]
    batch: int = 0


def run(model: Model, patches: NDArray[np.float32], *, device: Device = "auto") -> Outputs:
    """Run a network on patches.

    Parameters
    ----------
    patches : array (n_patches, patch_frames, 96)
        Mel-spectrogram patches, any number, none included.

    Returns
    -------
    Outputs
        One row a patch, float32.

    Raises
    ------
    ModelError
        When the file of weights or the card is missing, cut short or another one.
    """
    activations, embeddings = _loaded(model, model.weights.path, device).run(patches)
    return Outputs(activations, embeddings)


def run_head(head: Head, embeddings: NDArray[np.float32], *, device: Device = "cpu") -> NDArray[np.float32]:
    """Run a head on the embeddings of patches; by default on the CPU, where it takes microseconds.

    Parameters
    ----------
    embeddings : array (n_patches, n_dims)
        Of the network that the head reads.

    Returns
    -------
    array (n_patches, n_classes), float32
        In the order of `head.classes`.

    Raises
    ------
    ModelError
        When the file of weights or the card is missing, cut short or another one.
    """
    return _loaded(head, head.weights.path, device).run(np.asarray(embeddings, np.float32))[0]


def means(head: Head, embeddings: NDArray[np.float32], *, device: Device = "cpu") -> dict[str, float]:
    """Average a head's outputs over patches, by class; empty without patches. Raises ModelError as `run_head`.

    The mean of the outputs, as Essentia takes it: the output of the mean embedding is another number.
    """
    outputs = run_head(head, embeddings, device=device)
    return dict(zip(head.classes, outputs.mean(axis=0).tolist(), strict=True)) if len(outputs) else {}


def place(model: Model, device: Device = "auto") -> str:
    """Where a network that was loaded runs, as tried: "the CPU" or "the GPU". Raises ModelError as `run`."""
    return _loaded(model, model.weights.path, device).backend.title


def check(entry: Model | Head, graph: bytes, card: Card) -> None:
    """Raise ModelError unless the graph can be loaded and is what the registry and the card say of it."""
    _wiring(entry, _session(entry.name, graph, _on_cpu(entry)), card)


def verify(entry: Model | Head) -> None:
    """Raise ModelError unless the files of a network or head are in their place, whole and fit each other."""
    check(entry, _graph(entry, entry.weights.path), read_card(entry.weights.card, remedy(entry)))


class Runner:
    """A graph on a backend; when that fails, from then on on the CPU."""

    def __init__(self, entry: Model | Head, graph: bytes, card: Card, backend: Backend) -> None:
        self.entry = entry
        self.graph = graph
        self.backend = backend
        try:
            self.session = _session(entry.name, graph, backend)
        except ModelError as error:
            self._retreat(error)
        self.wiring = _wiring(entry, self.session, card)

    def run(self, rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Run on any number of rows, a batch at a time; an array (n_rows, width) for each output."""
        try:
            return self._run(rows)
        except _failures() as error:
            self._retreat(error)
        try:
            return self._run(rows)
        except _failures() as error:
            raise ModelError(
                f"{self.entry.name} fails on {rows.shape}: {_line(error)}. {remedy(self.entry)}"
            ) from error

    def _run(self, rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        found = tuple(np.empty((len(rows), width), np.float32) for width in self.wiring.widths)
        step = self.backend.batch or max(1, len(rows))
        for start in range(0, len(rows), step):
            batch = slice(start, start + step)
            inputs = {self.wiring.input: np.ascontiguousarray(rows[batch])}
            for output, part in zip(found, self.session.run(list(self.wiring.outputs), inputs), strict=True):
                if part.shape != output[batch].shape:
                    raise ModelError(
                        f"{self.entry.name} gives {part.shape}, not {output[batch].shape}. {remedy(self.entry)}"
                    )
                output[batch] = part
        return found

    def _retreat(self, error: Exception) -> None:
        """Go on on the CPU; from there, there is nowhere to go."""
        cpu = _on_cpu(self.entry)
        if self.backend == cpu:
            raise ModelError(f"{self.entry.name} cannot be run: {_line(error)}. {remedy(self.entry)}") from error
        logger.warning("%s fails on %s (%s): it runs on the CPU", self.entry.name, self.backend.title, _line(error))
        self.backend = cpu
        self.session = _session(self.entry.name, self.graph, cpu)


@cache
def _loaded(entry: Model | Head, path: Path, device: Device) -> Runner:
    """Load a network or head once; the path is part of the key since the folder may change."""
    card = read_card(entry.weights.card, remedy(entry))
    return Runner(entry, _graph(entry, path), card, _backend(entry, device))


def _graph(entry: Model | Head, path: Path) -> bytes:
    """Read the file of weights, if it is the right one."""
    try:
        graph = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{entry.name} cannot be read: {path}: {error.strerror}. {remedy(entry)}") from error
    found, expected = hashlib.sha256(graph).hexdigest(), entry.weights.expected
    if found != expected:
        reason = f"its SHA-256 is {found}, not {expected}" if expected else "its SHA-256 was never written down"
        raise ModelError(f"{path} is cut short or not {entry.name}: {reason}. {remedy(entry)}")
    return graph


def _backend(entry: Model | Head, device: Device) -> Backend:
    """Choose where to run, by what ONNX Runtime offers."""
    if device != "cpu" and CUDA in _runtime().get_available_providers():
        return Backend("the GPU", ((CUDA, CUDA_OPTIONS), (CPU, {})), entry.gpu_batch if isinstance(entry, Model) else 0)
    if device == "cuda":
        _say_no_cuda()
    return _on_cpu(entry)


def _on_cpu(entry: Model | Head) -> Backend:
    return Backend("the CPU", ((CPU, {}),), entry.batch if isinstance(entry, Model) else 0)


@cache
def _say_no_cuda() -> None:
    """Once a process."""
    logger.warning("ONNX Runtime has no CUDA here: networks run on the CPU; for a GPU install onnxruntime-gpu")


@cache
def _runtime() -> ModuleType:
    """ONNX Runtime, imported when the first network is loaded: most commands load none."""
    return importlib.import_module("onnxruntime")


@cache
def _failures() -> tuple[type[Exception], ...]:
    """ONNX Runtime's own exceptions: they have no common base, and other releases have others."""
    native = vars(importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state"))
    kinds = (kind for kind in native.values() if isinstance(kind, type) and issubclass(kind, Exception))
    return (RuntimeError, *kinds)


def _session(name: str, graph: bytes, backend: Backend) -> onnxruntime.InferenceSession:
    """Start a session on exactly this backend."""
    options = _runtime().SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = ONLY_ERRORS
    providers = [(provider, dict(chosen)) for provider, chosen in backend.providers]
    try:
        session: onnxruntime.InferenceSession = _runtime().InferenceSession(graph, options, providers)
    except _failures() as error:
        raise ModelError(f"{name} is not a network that ONNX Runtime can load: {_line(error)}") from error
    if backend.providers[0][0] not in session.get_providers():
        raise ModelError(f"{backend.providers[0][0]} did not start")  # ONNX Runtime itself takes the next one
    return session


def _wiring(entry: Model | Head, session: onnxruntime.InferenceSession, card: Card) -> Wiring:
    inputs = {node.name: node.shape for node in session.get_inputs()}
    return wire(entry, inputs, {node.name: node.shape for node in session.get_outputs()}, card)


def _line(error: Exception) -> str:
    """The first line of an error: ONNX Runtime's are long."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
