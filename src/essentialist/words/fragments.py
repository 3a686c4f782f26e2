"""Fragments of the query language in a vocabulary: their places filled, the first that can be answered, by degrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from essentialist.errors import QueryError
from essentialist.query import parse
from essentialist.query.tree import And, Bound, LabelIn, NumberIn, Or, Percentile, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.query import Field

NAMES = frozenset({"key", "scale"})  # what a pattern finds that is no number, though "a" is one


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was said, for a template: `{n}`, `{n:*0.95}`, `{n:+9}`. What is no number stays text."""

    said: str
    value: float | None

    @classmethod
    def read(cls, said: str, numbers: Mapping[str, float]) -> Number:
        """Read digits, or a word that is among `numbers`."""
        try:
            return cls(said, numbers[said] if said in numbers else float(said))
        except ValueError:
            return cls(said, None)

    def __format__(self, spec: str) -> str:
        if self.value is None:
            return self.said
        if not spec:
            return self.said if self.said.isdecimal() else f"{self.value:g}"
        value = self.value * float(spec[1:]) if spec[0] == "*" else self.value + float(spec)
        return f"{round(value, 1):g}"


def places_of(found: Mapping[str, str], numbers: Mapping[str, float]) -> Places:
    """What a pattern found in a text, for the places of templates; the lower of two ends comes first."""
    places = Places(
        {name: Number(text, None) if name in NAMES else Number.read(text, numbers) for name, text in found.items()}
    )
    low, high = (places.get(name) for name in ("low", "high"))
    if low and high and (low.value or 0) > (high.value or 0):
        places.update(low=high, high=low)
    return places


def filled(template: str, places: Places) -> str:
    """The template with its places filled."""
    return template.format_map(places)


def answerable(templates: Sequence[str], places: Places, fields: Mapping[str, Field]) -> Tree | None:
    """The first of the queries that a catalogue with these fields can answer."""
    for template in templates:
        try:
            return parse(filled(template, places), fields)
        except (QueryError, KeyError):
            continue
    return None


class Places(dict[str, Number]):
    """What a template's places are filled with; one is what is meant where no number was said ("the last week")."""

    def __missing__(self, key: str) -> Number:
        if key != "n":
            raise KeyError(key)
        return Number("1", 1.0)


def scaled(tree: Tree, factor: float) -> Tree:
    """Narrow or widen what the percentiles of a tree let through: half of "the lowest 30 %" is the lowest 15 %."""
    if factor == 1:
        return tree
    if isinstance(tree, And | Or):
        return replace(tree, terms=tuple(scaled(term, factor) for term in tree.terms))
    if not isinstance(tree, NumberIn | LabelIn):
        return tree
    low, high = tree.range.low, tree.range.high
    if low is not None and high is None and isinstance(low.value, Percentile):
        return replace(tree, range=replace(tree.range, low=_ranked(low, 100 - (100 - low.value.rank) * factor)))
    if high is not None and low is None and isinstance(high.value, Percentile):
        return replace(tree, range=replace(tree.range, high=_ranked(high, high.value.rank * factor)))
    return tree


def _ranked(bound: Bound, rank: float) -> Bound:
    return replace(bound, value=Percentile(float(min(max(round(rank), 1), 99))))
