"""What turns mel-spectrogram patches into activations and embeddings: one file a network, and here their contract.

A network is an ONNX file and its card, a JSON file that names its classes in the order of its outputs. Dropping a file
with a `MODEL` in this folder adds it: `recording.activations(name)` and `recording.embeddings(name)` then run it. A
network whose weights are fetched rather than shipped differs only in where `weights` points to. Importing this package
reads no file and loads neither ONNX Runtime nor Essentia.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from essentialist import registry
from essentialist.errors import ModelError

SHIPPED = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Nodes:
    """The outputs of a network's graph that are read, by purpose."""

    activations: str
    embeddings: str


@dataclass(frozen=True, slots=True)
class Model:
    """A network that reads mel-spectrogram patches.

    `name` is what extractors, embeddings and provenance call it. `weights` is the ONNX file, with the SHA-256 that it
    must have; the card is the file beside it that ends in `.json`. `input` is the node that takes patches of
    `patch_frames` frames; `patch_hop` is the hop, in frames, at which Essentia takes them from a whole track.
    `n_dims` is the length of an embedding. `batch` is how many patches at a time are fastest on one CPU core.
    """

    name: str
    title: str
    licence: str
    citation: str
    weights: Path
    sha256: str
    input: str
    outputs: Nodes
    patch_frames: int
    patch_hop: int
    n_dims: int
    batch: int = 1

    @property
    def classes(self) -> tuple[str, ...]:
        """What each activation is the probability of, in order.

        Raises
        ------
        ModelError
            When the card is missing or is not one.
        """
        return _classes(self.weights.with_suffix(".json"))


@cache
def networks() -> tuple[Model, ...]:
    """Every network of this folder."""
    return tuple(registry.entries(sys.modules[__name__], "MODEL", Model))


def network(name: str) -> Model:
    """Return the network of this name.

    Raises
    ------
    ModelError
        When there is none.
    """
    for model in networks():
        if model.name == name:
            return model
    known = ", ".join(model.name for model in networks())
    raise ModelError(f"There is no network called {name!r}. Choose one of: {known}.")


@cache
def _classes(card: Path) -> tuple[str, ...]:
    try:
        names = json.loads(card.read_text(encoding="utf-8"))["classes"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The classes of a network cannot be read from {card} ({error!r}). {remedy(card)}") from error
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise ModelError(f"The card {card} does not list the names of its classes. {remedy(card)}")
    return tuple(names)


def remedy(file: Path) -> str:
    """Say how to get a network's file back."""
    if file.is_relative_to(SHIPPED):
        return "Install essentialist again: the file is part of it."
    return "Put the right file in its place."
