"""Numbers, durations, percentiles, and the ranges between them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from essentialist.errors import QueryError
from essentialist.query.fields import Field, shown
from essentialist.query.tree import Bound, Percentile, Range

_COMPARISON = re.compile("(<=|>=|<|>|=)(.*)", re.DOTALL)
_INTERVAL = re.compile(r"(.*?)(<?)\.\.(<?)(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]{0,15}(?:\.[0-9]{1,12})?(?<=[0-9])")
_LIMIT = 10**15  # no end of a range is as large, or it could not be read again
_FINEST = 9  # decimals to which a number alone is rounded; its ends then have no more than are read
_PERCENTILE = re.compile(r"[pP]([0-9]{1,3}(?:\.[0-9]{1,6})?)")
_CLOCK = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-5][0-9])")
_HYPHENATED = re.compile("([0-9.:]+[a-z]?)[-\u2013]([0-9.:]+[a-z]?)")
_UNITS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3_600}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written: its value, and the step between two numbers written with as many digits."""

    value: Decimal
    step: Decimal


Point: TypeAlias = Quantity | Percentile
Reader: TypeAlias = Callable[[str], Quantity | None]


def read_range(text: str, field: Field) -> Range:
    """Read the range of numbers that `text` says: `120`, `<=6m`, `=3`, `p20..p80`, `..<130`.

    A number alone means whatever rounds to it as written: 120 is from 119.5 up to but not including 120.5.

    Raises
    ------
    QueryError
        It is no number, runs backwards, or nothing in the field's range can lie in it.
    """
    reader = duration if field.kind == "duration" else number
    found = range_of(text, field.name, lambda part: _point(part, field, reader), whole=field.kind == "whole")
    return _possible(found, text, field)


def range_of(text: str, name: str, point: Callable[[str], Point], *, whole: bool = True) -> Range:
    """Read the range that `text` says, its ends read by `point`; a lone number is exact where all are `whole`."""
    if comparison := _COMPARISON.fullmatch(text):
        operator, rest = comparison.groups()
        if operator == "=" and ".." in rest:
            return range_of(rest, name, point)
        return _compared(operator, _bound(point(rest), is_open=operator in ("<", ">")))
    interval = _INTERVAL.fullmatch(text)
    if interval is None:
        alone = point(text)
        return _compared("=", _bound(alone)) if whole or isinstance(alone, Percentile) else _rounding_to(alone)
    low, low_open, high_open, high = interval.groups()
    if not (low or high):
        raise QueryError(f'"{shown(text)}" has no end; write {name}:any for tracks that have a value at all.')
    return _ordered(
        Range(
            _bound(point(low), is_open=bool(low_open)) if low else None,
            _bound(point(high), is_open=bool(high_open)) if high else None,
        ),
        text,
    )


def number(text: str) -> Quantity | None:
    """Read the plain number that `text` writes, if it does."""
    if not text or not _NUMBER.fullmatch(text):
        return None
    return Quantity(Decimal(text), Decimal(1).scaleb(-min(len(text.partition(".")[2]), _FINEST)))


def duration(text: str) -> Quantity | None:
    """Read the seconds that `text` writes, if it does: `90`, `90s`, `6m`, `1.5h`, `3:30`, `1:02:03`."""
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return Quantity(Decimal(hours * 3_600 + minutes * 60 + seconds), Decimal(1))
    return with_unit(text, _UNITS) or number(text)


def with_unit(text: str, units: dict[str, int]) -> Quantity | None:
    """Read the number with one of the units that `text` writes, if it does."""
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit, plain = units.get(text[len(digits) :].lower()), number(digits)
    if not unit or not plain or (abs(plain.value) + plain.step) * unit >= _LIMIT:
        return None
    return Quantity(plain.value * unit, plain.step * unit)


def percentile(text: str) -> Percentile | None:
    """Read the percentile that `text` writes, if it does."""
    found = _PERCENTILE.fullmatch(text)
    if found is None:
        return None
    if float(found[1]) > 100:
        raise QueryError(f'"{shown(text)}" is no percentile; they go from p0 to p100.')
    return Percentile(float(found[1]))


def _point(text: str, field: Field, reader: Reader) -> Point:
    point = percentile(text) or reader(text)
    if point is None:
        raise QueryError(f'{field.name} cannot be "{shown(text)}"; {_remedy(text, field)}')
    return point


def _remedy(text: str, field: Field) -> str:
    if ends := _HYPHENATED.fullmatch(text):
        return f"a range is written {ends[1]}..{ends[2]}."
    if field.kind == "duration":
        return "write a duration such as 90s, 6m, 3:30 or 1h, or a percentile such as p80."
    unit = f" of {field.unit}" if field.unit else ""
    return f"write a number{unit} such as 3 or 0.5, a range such as 3..5, or a percentile such as p80."


def _bound(point: Point, *, is_open: bool = False) -> Bound:
    return Bound(point if isinstance(point, Percentile) else float(point.value), is_open)


def _compared(operator: str, bound: Bound) -> Range:
    return Range(None if operator in ("<", "<=") else bound, None if operator in (">", ">=") else bound)


def _rounding_to(written: Quantity) -> Range:
    half = written.step / 2
    return Range(Bound(float(written.value - half)), Bound(float(written.value + half), open=True))


def _ordered(found: Range, text: str) -> Range:
    low, high = (_rank(bound) for bound in (found.low, found.high))
    if low is not None and high is not None and low[0] == high[0] and low[1] > high[1]:
        raise QueryError(f'The range "{shown(text)}" runs backwards; write {found.high}..{found.low}.')
    return found


def _rank(bound: Bound | None) -> tuple[bool, float] | None:
    """Return what can be compared with another bound of the same sort."""
    if bound is None:
        return None
    return (True, bound.value.rank) if isinstance(bound.value, Percentile) else (False, bound.value)


def _possible(found: Range, text: str, field: Field) -> Range:
    if field.range is None:
        return found
    least, most = field.range
    low, high = (bound.value if bound else None for bound in (found.low, found.high))
    if (isinstance(low, float) and low > most) or (isinstance(high, float) and high < least):
        raise QueryError(f'{field.name} is never "{shown(text)}"; it lies between {least:g} and {most:g}.')
    return found
