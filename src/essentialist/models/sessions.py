"""Running networks: one ONNX Runtime session a network in each process, on one CPU core.

A worker analyses one recording at a time and there is a worker a core, so a session keeps to one thread. The weights
are checked against their SHA-256 before they are loaded, once a process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from essentialist.errors import ModelError
from essentialist.models import remedy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.models import Model

PROVIDER = "CPUExecutionProvider"
# The arena grows by what is asked for, not to the next power of two: memory stays at the size of one batch.
PROVIDER_OPTIONS = {"arena_extend_strategy": "kSameAsRequested"}


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a network says of patches: `activations` (n_patches, n_classes), `embeddings` (n_patches, n_dims)."""

    activations: NDArray[np.float32]
    embeddings: NDArray[np.float32]


def run(model: Model, patches: NDArray[np.float32]) -> Outputs:
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
    session = _session(model)
    activations = np.empty((len(patches), len(model.classes)), np.float32)
    embeddings = np.empty((len(patches), model.n_dims), np.float32)
    nodes = [model.outputs.activations, model.outputs.embeddings]
    for start in range(0, len(patches), model.batch):
        batch = slice(start, start + model.batch)
        activations[batch], embeddings[batch] = session.run(nodes, {model.input: np.ascontiguousarray(patches[batch])})
    return Outputs(activations, embeddings)


@cache
def _session(model: Model) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(_weights(model), options, [PROVIDER])


def _weights(model: Model) -> bytes:
    """Read the file of weights, if it is the right one."""
    try:
        weights = model.weights.read_bytes()
    except OSError as error:
        raise ModelError(f"The network {model.name} cannot be read: {error}. {remedy(model.weights)}") from error
    found = hashlib.sha256(weights).hexdigest()
    if found != model.sha256:
        reason = f"its SHA-256 is {found}, not {model.sha256}"
        raise ModelError(f"{model.weights} is cut short or not {model.name}: {reason}. {remedy(model.weights)}")
    return weights
