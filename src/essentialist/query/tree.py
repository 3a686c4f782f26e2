"""What a query asks, as a tree that knows neither text nor SQL; `str()` of a tree is its canonical query.

The canonical query of a tree that `parse` returned parses to an equal tree. `And` and `Or` hold two terms or more;
only the empty query, which every track answers, is `And(())`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import datetime as dt

KEYWORDS = frozenset({"and", "or", "not", "any", "none"})
"""Words that mean themselves only in quotes."""

_PLAIN_WORD = re.compile(r"[^\W_][\w']*")
_AGE_UNITS = (("d", 86_400), ("h", 3_600), ("s", 1))


@dataclass(frozen=True, slots=True)
class Percentile:
    """The value that `rank` per cent of the collection's present values do not exceed (nearest rank).

    Of n values in rising order it is the one at ceil(n * rank / 100), and the first for rank 0.
    """

    rank: float

    def __str__(self) -> str:
        return f"p{_written(self.rank)}"


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range, in the field's unit; an `open` end is not part of the range."""

    value: float | Percentile
    open: bool = False

    def __str__(self) -> str:
        return str(self.value) if isinstance(self.value, Percentile) else _written(self.value)


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, one of which may be missing."""

    low: Bound | None
    high: Bound | None

    def __str__(self) -> str:
        return self.written()

    def written(self, unit: str = "", per_unit: float = 1.0) -> str:
        """Return the range with both ends divided by `per_unit` and followed by `unit`."""
        low, high = (_end(bound, unit, per_unit) for bound in (self.low, self.high))
        if self.low == self.high and self.low is not None and not self.low.open:
            return f"={low}"
        if self.high is None:
            return f">{low}" if self.low is not None and self.low.open else f"{low}.."
        if self.low is None:
            return f"<{high}" if self.high.open else f"..{high}"
        return f"{low}{'<' * self.low.open}..{'<' * self.high.open}{high}"


@dataclass(frozen=True, slots=True)
class And:
    """All terms hold."""

    terms: tuple[Tree, ...]

    def __str__(self) -> str:
        return " ".join(_enclosed(term, (And, Or)) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one term holds."""

    terms: tuple[Tree, ...]

    def __str__(self) -> str:
        return " or ".join(_enclosed(term, (Or,)) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Not:
    """The term does not hold: every other track, also one of which the value is not known."""

    term: Tree

    def __str__(self) -> str:
        return f"-{_enclosed(self.term, (And, Or))}"


@dataclass(frozen=True, slots=True)
class Words:
    """The text is part of title, artist, album and path taken together."""

    text: str

    def __str__(self) -> str:
        return quoted(self.text)


@dataclass(frozen=True, slots=True)
class TextHas:
    """The text is part of the field."""

    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.field}:{quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class TextIs:
    """The text is the whole field."""

    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.field}:={quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class Present:
    """The field of the track is known."""

    field: str

    def __str__(self) -> str:
        return f"{self.field}:any"


@dataclass(frozen=True, slots=True)
class Labelled:
    """The distribution of the track is known."""

    field: str

    def __str__(self) -> str:
        return f"{self.field}:any"


@dataclass(frozen=True, slots=True)
class NumberIn:
    """The number lies in the range; an absent one does not."""

    field: str
    range: Range

    def __str__(self) -> str:
        return f"{self.field}:{self.range}"


@dataclass(frozen=True, slots=True)
class AgeIn:
    """What happened at the time in the field lies as many seconds back; the range's ends are numbers."""

    field: str
    range: Range

    def __str__(self) -> str:
        seconds = [bound.value for bound in (self.range.low, self.range.high) if bound is not None]
        unit, length = next(
            (unit, length)
            for unit, length in _AGE_UNITS
            if length == 1 or all(isinstance(value, float) and value % length == 0 for value in seconds)
        )
        return f"{self.field}:{self.range.written(unit, length)}"


@dataclass(frozen=True, slots=True)
class DateIn:
    """The time in the field lies on one of the days, both included, by the local clock."""

    field: str
    first: dt.date | None
    last: dt.date | None

    def __str__(self) -> str:
        return f"{self.field}:{self.first or ''}..{self.last or ''}"


@dataclass(frozen=True, slots=True)
class KeyIs:
    """The key has this tonic (spelled as `keys.TONICS` does) and scale, or either scale."""

    tonic: str
    scale: str | None

    def __str__(self) -> str:
        return f'key:"{self.tonic} {self.scale}"' if self.scale else f"key:{self.tonic}"


@dataclass(frozen=True, slots=True)
class LabelIn:
    """The greatest probability among the labels that `label` names lies in the range.

    The label names "Genre---Style" by the whole, by the style or by the genre. A label that was not kept, in a
    distribution that is known, has probability 0.
    """

    field: str
    label: str
    range: Range

    def __str__(self) -> str:
        limit = str(self.range)
        if self.range.high is None and self.range.low is not None and not self.range.low.open:
            limit = f">={self.range.low}"
        return f"{self.field}:{quoted(self.label)}{'' if limit[0] in '<>=' else '='}{limit}"


Condition: TypeAlias = Words | TextHas | TextIs | Present | Labelled | NumberIn | AgeIn | DateIn | KeyIs | LabelIn
Tree: TypeAlias = And | Or | Not | Condition


def fields_in(tree: Tree) -> frozenset[str]:
    """The fields that a query asks about, also those that it excludes."""
    match tree:
        case And(terms) | Or(terms):
            return frozenset().union(*map(fields_in, terms))
        case Not(term):
            return fields_in(term)
        case Words():
            return frozenset()
        case KeyIs():
            return frozenset({"key", "scale"})
        case _:
            return frozenset({tree.field})


def quoted(text: str) -> str:
    """Return the text as a query writes it, in quotes where it needs them."""
    if _PLAIN_WORD.fullmatch(text) and text.lower() not in KEYWORDS:
        return text
    return '"' + text.replace('"', '""') + '"'


def _enclosed(term: Tree, kinds: tuple[type, ...]) -> str:
    return f"({term})" if isinstance(term, kinds) else str(term)


def _end(bound: Bound | None, unit: str, per_unit: float) -> str:
    if bound is None:
        return ""
    if isinstance(bound.value, Percentile) or not unit:
        return str(bound)
    return f"{_written(bound.value / per_unit)}{unit}"


def _written(number: float) -> str:
    """Return the shortest digits that read back as the same number, never with an exponent."""
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
