"""The form of a way of choosing: what its declared parameters are called for people, and how they are shown.

A way that is dropped into `playlists` has a form without a line here; names only make it kinder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist import measures
from essentialist.choosing.ordering import ORDERS
from essentialist.playlists import options, ways

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.playlists import Option, ParameterKind, Way
    from essentialist.query import Field

PRESETS: Final = "presets"
"""Not a way, but a place to begin from."""

CHOICES: Final = {
    "filter": "Describe it",
    "similar": "Like tracks",
    "path": "Path",
    "flow": "Flow",
    "clusters": "Mix",
}
"""What the ways are called in the studio, in this order; others follow by their own title."""

HINTS: Final = {
    "filter": "Say in words or as a query which tracks; they are taken by chance or by a value.",
    "similar": "Tracks that are like some that you name, and unlike others.",
    "path": "From one track to another, in small steps.",
    "flow": "A radio that drifts on from a track.",
    "clusters": "One of the kinds of music that the library falls into.",
}
LABELS: Final = {
    "by": "Take first",
    "like": "Sound like",
    "unlike": "Keep away from",
    "include": "Begin with these tracks",
    "alike": "Alike in",
    "start": "From",
    "end": "To",
    "drift": "Drift",
    "cluster": "Which kind of music",
    "n_clusters": "How many kinds",
}
NOT_HERE: Final = frozenset({"listed"})  # ways that are made by hand in the draft
_END: Final = re.compile(r"[,;:]| such as | or with ")


@dataclass(frozen=True, slots=True)
class Control:
    """A parameter as a page shows it; `key` tells it from those of other ways."""

    key: str
    name: str
    kind: ParameterKind
    label: str
    help: str
    default: object
    minimum: float | None
    maximum: float | None


def choices() -> dict[str, str]:
    """The ways that have a form, and what they are called."""
    others = {name: way.title for name, way in ways().items() if name not in CHOICES and name not in NOT_HERE}
    return {name: title for name, title in CHOICES.items() if name in ways()} | others


def controls(way: Way) -> tuple[Control, ...]:
    """The controls of a way, in the order that it declares."""
    return tuple(control(way, option) for option in options(way))


def control(way: Way, option: Option) -> Control:
    """One parameter; its help begins what it is called where nothing else does."""
    told = option.help[:1].upper() + option.help[1:]
    label = LABELS.get(option.name) or _END.split(told)[0]
    return Control(
        f"{way.name}.{option.name}",
        option.name,
        option.kind,
        label,
        told,
        option.default,
        option.minimum,
        option.maximum,
    )


def kinds_of_likeness() -> dict[str, str]:
    """What tracks can be alike in, and what each is called."""
    return {measures.USUAL: "Sound"} | {name: each.title for name, each in measures.measures().items()}


def fields_to_rank(fields: Mapping[str, Field]) -> dict[str, str]:
    """What a choice can begin with: "bpm" and "-bpm", and how that is said; first of all "", by chance."""
    said = {"": "By chance"}
    for name, field in fields.items():
        if name == field.name and field.kind in {"number", "whole", "duration", "date"} and name != "id":
            least, most = ("oldest", "newest") if field.kind == "date" else ("lowest", "highest")
            said[name] = f"{field.title}, {least} first"
            said[f"-{name}"] = f"{field.title}, {most} first"
    return said


def orders(others: Sequence[str] = ()) -> dict[str, str]:
    """The orders of play, and how each is said; `others` are some that only a recipe could say."""
    said = {"": "As usual for this way"} | {name: f"{name.capitalize()}: {what}" for name, what in ORDERS.items()}
    return said | {each: each for each in others if each not in said}
