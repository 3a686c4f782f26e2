"""Cards: the JSON files beside networks and heads that name their classes and their outputs.

A card changes from time to time (a link, a date) while its weights stay, so cards are not known by a hash; what is read
from one is checked against the graph when that is loaded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from essentialist.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says: its `classes` in the order of the outputs, and the nodes that may hold the `predictions`."""

    classes: tuple[str, ...]
    predictions: tuple[str, ...]


def read_card(path: Path, remedy: str) -> Card:
    """Read a card; ModelError, ending in the remedy, where it is missing or is not one."""
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise ModelError(f"The card {path} cannot be read: {error.strerror}. {remedy}") from error
    except ValueError as error:
        raise ModelError(f"{path} is not a card: {error}. {remedy}") from error


@lru_cache(maxsize=64)
def _read(path: Path, mtime_ns: int, size: int) -> Card:
    """Read a card once while it stays as it is."""
    return parse_card(path.read_bytes())


def parse_card(content: bytes) -> Card:
    """Understand a card, or raise ValueError."""
    try:
        card = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not JSON") from error
    classes = card.get("classes") if isinstance(card, dict) else None
    if not (isinstance(classes, list) and classes and all(isinstance(name, str) for name in classes)):
        raise ValueError("it does not list the names of its classes")
    if len(set(classes)) < len(classes):
        raise ValueError("it lists a class twice")
    return Card(tuple(classes), _predictions(card.get("schema")))


def _predictions(schema: object) -> tuple[str, ...]:
    """The outputs marked as predictions; all of them in older cards, which mark none."""
    outputs = schema.get("outputs") if isinstance(schema, dict) else None
    nodes = [node for node in outputs if isinstance(node, dict)] if isinstance(outputs, list) else []
    marked = [node for node in nodes if node.get("output_purpose") == "predictions"] or nodes
    return tuple(str(node["name"]) for node in marked if "name" in node)
