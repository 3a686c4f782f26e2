"""Which nodes of a graph are used, and whether it is the network that the registry and its card say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from essentialist import models
from essentialist.errors import ModelError
from essentialist.models import Head, Model, remedy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.cards import Card

Shape: TypeAlias = "Sequence[int | str | None]"
"""Of a node; a size that the graph leaves open is a name or None."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """The nodes of a graph that are used, and the widths of the outputs."""

    input: str
    outputs: tuple[str, ...]
    widths: tuple[int, ...]


def wire(entry: Model | Head, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape], card: Card) -> Wiring:
    """Find the nodes to use, given the shapes of all.

    Raises
    ------
    ModelError
        When the graph is another network's, or the card another graph's.
    """
    wiring = _network(entry, card) if isinstance(entry, Model) else _head(entry, inputs, outputs, card)
    reads = entry.patch_frames if isinstance(entry, Model) else models.network(entry.network).n_dims
    if list(inputs) != [wiring.input] or not _fits(inputs[wiring.input], 1, reads):
        given = ", ".join(f"{name} {list(shape)}" for name, shape in inputs.items())
        raise ModelError(f"This is not {entry.name}, which reads rows of {reads}: it reads {given}. {remedy(entry)}")
    for node, width in zip(wiring.outputs, wiring.widths, strict=True):
        if node not in outputs or not _fits(outputs[node], -1, width):
            given = f"{list(outputs[node])}" if node in outputs else "nothing"
            raise ModelError(f"{entry.name} should give {width} numbers as {node}, not {given}. {remedy(entry)}")
    return wiring


def _network(model: Model, card: Card) -> Wiring:
    widths = (len(card.classes), model.n_dims)
    return Wiring(model.input, (model.outputs.activations, model.outputs.embeddings), widths)


def _head(head: Head, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape], card: Card) -> Wiring:
    absent = sorted(head.meanings.keys() - set(card.classes))
    if absent:
        raise ModelError(f"The card of {head.name} has no class {absent[0]!r}: it is another card. {remedy(head)}")
    predictions = _predictions(head, outputs, card)
    return Wiring(next(iter(inputs)), (predictions,), (len(card.classes),))


def _predictions(head: Head, outputs: Mapping[str, Shape], card: Card) -> str:
    """The output that the card names for predictions; where the graph has only one, that leaves no choice."""
    if len(outputs) == 1:
        return next(iter(outputs))
    named = {_plain(node) for node in card.predictions}
    found = [node for node, shape in outputs.items() if _plain(node) in named and _fits(shape, -1, len(card.classes))]
    if len(found) != 1:
        raise ModelError(f"The card of {head.name} does not say which of {list(outputs)} to read. {remedy(head)}")
    return found[0]


def _plain(node: str) -> str:
    """A node's name as cards have it: converters add ":0"."""
    return node.removesuffix(":0")


def _fits(shape: Shape, axis: int, size: int) -> bool:
    """Whether a node may have this size; the outputs of a run are checked again."""
    if not -len(shape) <= axis < len(shape):
        return False
    return shape[axis] == size or not isinstance(shape[axis], int)
