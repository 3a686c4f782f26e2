"""A tree as the WHERE clause of `SELECT ... FROM listing`: text made here alone, everything asked for as arguments.

The connection must know `essentialist.text.fold` as the SQL function `fold`. Each condition is true, false or unknown
where a value is absent; unknown counts as false, and `Not` is true wherever its term is not.
"""

# Only names of columns, checked by _column, and this module's own text enter the SQL.
# ruff: noqa: S608
from __future__ import annotations

import re
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from essentialist.query.dates import moments
from essentialist.query.keys import spellings
from essentialist.query.tree import (
    AgeIn,
    And,
    Bound,
    DateIn,
    KeyIs,
    LabelIn,
    Labelled,
    Not,
    NumberIn,
    Or,
    Percentile,
    Present,
    Range,
    TextHas,
    TextIs,
    Tree,
    Words,
)
from essentialist.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

Argument: TypeAlias = str | int | float

_SEARCHED = frozenset({"title", "artist", "album_artist", "album", "path"})  # what listing.search is made of
_NAME = re.compile("[a-z][a-z0-9_]*")

_LABELS = (
    "(SELECT id FROM label WHERE descriptor = ?"
    " AND (instr('---' || fold(name) || '---', ?) OR replace(fold(name), '---', ' / ') = ?))"
)
_OF_DISTRIBUTION = (
    "EXISTS (SELECT 1 FROM probability WHERE track_id = listing.id"
    " AND +label_id IN (SELECT id FROM label WHERE descriptor = ?))"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """An SQL expression and the arguments of its `?`, in order."""

    text: str
    arguments: tuple[Argument, ...] = ()


def sql(tree: Tree, *, now: float | None = None) -> Clause:
    """Return the condition on the columns of `listing` that the tree's tracks meet.

    `now` (seconds since 1970) is what ages count back from; by default the present.
    """
    return _clause(tree, time.time() if now is None else now)


def _clause(tree: Tree, now: float) -> Clause:
    match tree:
        case And(terms):
            return _joined(" AND ", [_clause(term, now) for term in terms]) if terms else Clause("1")
        case Or(terms):
            return _joined(" OR ", [_clause(term, now) for term in terms])
        case Not(term):
            inner = _clause(term, now)
            return Clause(f"(({inner.text}) IS NOT TRUE)", inner.arguments)
        case Words(text):
            return Clause("instr(listing.search, ?)", (fold(text),))
        case TextHas(field, text):
            return _text(field, "instr({}, ?)", fold(text))
        case TextIs(field, text):
            return _text(field, "{} = ?", fold(text))
        case Present(field):
            return Clause(f"coalesce({_column(field)}, '') <> ''")
        case Labelled(field):
            return Clause(_OF_DISTRIBUTION, (field,))
        case NumberIn(field, numbers):
            return _within(Clause(_column(field)), numbers, lambda bound: _number(bound, field))
        case AgeIn(field, ages):
            return _within(Clause(f"(? - {_column(field)})", (now,)), ages, lambda bound: _number(bound, field))
        case DateIn(field, first, last):
            return _within(Clause(_column(field)), moments(first, last), lambda bound: _number(bound, field))
        case KeyIs(tonic, scale):
            return _key(tonic, scale)
        case LabelIn():
            return _label(tree)


def _joined(operator: str, clauses: list[Clause]) -> Clause:
    return Clause(
        f"({operator.join(clause.text for clause in clauses)})",
        tuple(argument for clause in clauses for argument in clause.arguments),
    )


def _column(field: str) -> str:
    """Name the column, qualified: SQLite would take an unknown name in quotes alone for a text."""
    if not _NAME.fullmatch(field):
        raise ValueError(f"{field!r} cannot be the name of a field")
    return f'listing."{field}"'


def _text(field: str, condition: str, text: str) -> Clause:
    """Folding 100,000 texts takes long: first look where it is folded already, or fold each different text once.

    Text in ASCII is folded by `lower`, which costs a tenth.
    """
    column = _column(field)
    if field in _SEARCHED:
        quick, sure = (condition.format(f"{function}({column})") for function in ("lower", "fold"))
        return Clause(f"(instr(listing.search, ?) AND ({quick} OR {sure}))", (text, text, text))
    different = f"SELECT DISTINCT {column} AS text FROM listing WHERE {column} IS NOT NULL LIMIT -1"
    return Clause(f"{column} IN (SELECT text FROM ({different}) WHERE {condition.format('fold(text)')})", (text,))


def _within(value: Clause, numbers: Range, end: Callable[[Bound], Clause]) -> Clause:
    """Whether `value` lies between the ends, each of which `end` makes an expression."""
    sides = [(">", numbers.low), ("<", numbers.high)]
    clauses = []
    for comparison, bound in sides:
        if bound is not None:
            limit = end(bound)
            text = f"{value.text} {comparison}{'' if bound.open else '='} {limit.text}"
            clauses.append(Clause(text, value.arguments + limit.arguments))
    return _joined(" AND ", clauses)


def _number(bound: Bound, field: str) -> Clause:
    """Return the bound itself, or the collection's value at its percentile."""
    if not isinstance(bound.value, Percentile):
        return Clause("?", (bound.value,))
    column = _column(field)
    count = f"count({column})"
    rank = _rank(bound.value, count)
    # SQLite keeps as many values sorted as it must skip: come from the nearer end.
    order, offset = ("DESC", f"{count} - {rank.text}") if bound.value.rank > 50 else ("ASC", f"{rank.text} - 1")
    return Clause(
        f"(SELECT {column} FROM listing WHERE {column} IS NOT NULL ORDER BY {column} {order}"
        f" LIMIT 1 OFFSET (SELECT {offset} FROM listing))",
        rank.arguments,
    )


def _rank(percentile: Percentile, count: str) -> Clause:
    """ceil(count * rank / 100) in whole numbers, at least 1."""
    share = Fraction(str(percentile.rank)) / 100
    return Clause(f"max(({count} * ? + ?) / ?, 1)", (share.numerator, share.denominator - 1, share.denominator))


def _key(tonic: str, scale: str | None) -> Clause:
    names = spellings(tonic)
    named = f'listing."key" IN ({", ".join("?" * len(names))})'
    return Clause(f'({named} AND listing."scale" = ?)', (*names, scale)) if scale else Clause(named, names)


def _label(asked: LabelIn) -> Clause:
    """Ask whether the greatest probability lies in the range; what was not kept counts as 0 where others were."""
    folded = fold(asked.label)
    labels = Clause(_LABELS, (asked.field, f"---{folded}---", folded))
    low, high = asked.range.low, asked.range.high
    known = Clause(_OF_DISTRIBUTION, (asked.field,))
    clauses = [known] if low is None else [_reaching(low, labels, asked.field, ">" if low.open else ">=")]
    if low is not None and (zero := _zero(low, ">" if low.open else ">=", labels, asked.field)):
        clauses = [_joined(" OR ", [*clauses, _joined(" AND ", [zero, known])])]
    if high is not None:
        beyond = _reaching(high, labels, asked.field, ">=" if high.open else ">")
        zero = _zero(high, "<" if high.open else "<=", labels, asked.field) or Clause("0")
        clauses += [Clause(f"NOT {beyond.text}", beyond.arguments), zero]
    return _joined(" AND ", clauses)


def _reaching(bound: Bound, labels: Clause, field: str, comparison: str) -> Clause:
    """Whether one of the labels was kept and is as probable as the bound."""
    limit = _probability(bound, labels, field)
    return Clause(
        f"listing.id IN (SELECT track_id FROM probability WHERE label_id IN {labels.text}"
        f" AND value {comparison} {limit.text})",
        labels.arguments + limit.arguments,
    )


def _zero(bound: Bound, comparison: str, labels: Clause, field: str) -> Clause | None:
    """Whether 0 lies on this side of the bound; None where it is known not to, which spares SQLite a long OR."""
    limit = _probability(bound, labels, field)
    if isinstance(bound.value, Percentile):
        return None if comparison == ">" else Clause(f"0 {comparison} {limit.text}", limit.arguments)
    value = bound.value
    holds = {">": value < 0, ">=": value <= 0, "<": value > 0, "<=": value >= 0}
    return Clause("1") if holds[comparison] else None


def _probability(bound: Bound, labels: Clause, field: str) -> Clause:
    """Return the bound itself, or the probability at its percentile among the tracks whose distribution is known.

    It is counted from the top, as labels that were not kept are 0 and no rows.
    """
    if not isinstance(bound.value, Percentile):
        return Clause("?", (bound.value,))
    rank = _rank(bound.value, "count(*)")
    return Clause(
        "coalesce((SELECT max(value) AS greatest FROM probability"
        f" WHERE label_id IN {labels.text} AND track_id IN (SELECT id FROM listing)"
        " GROUP BY track_id ORDER BY greatest DESC"
        f" LIMIT 1 OFFSET (SELECT count(*) - {rank.text} FROM listing WHERE {_OF_DISTRIBUTION})), 0)",
        (*labels.arguments, *rank.arguments, field),
    )
