"""Days and ages: `added:2024-01-01..`, `added:2024`, `added:<30d`."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from essentialist.errors import QueryError
from essentialist.query.fields import Field, shown
from essentialist.query.quantities import Point, percentile, range_of, with_unit
from essentialist.query.tree import AgeIn, Bound, DateIn, NumberIn, Range

_DAY_S = 86_400
_AGE_UNITS = {"s": 1, "h": 3_600, "d": _DAY_S, "w": 7 * _DAY_S, "m": 30 * _DAY_S, "y": 365 * _DAY_S}
_OF_PERCENTILES = re.compile("[<>=.]*[pP]")
_DATE = re.compile(r"((?:19|20|21)[0-9]{2})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_COMPARED = re.compile("<=|>=|<|>|=")
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Days:
    """The first and the last day of a date, a month or a year."""

    first: dt.date
    last: dt.date


def read_time(text: str, field: Field) -> AgeIn | DateIn | NumberIn:
    """Read what `text` asks of a time: an age (`<30d`), days (`2024-01-01..`, `2024-03`) or a percentile (`p90..`).

    Raises
    ------
    QueryError
        It is none of these.
    """
    if _OF_PERCENTILES.match(text):
        return NumberIn(field.name, range_of(text, field.name, lambda part: _rank(part, field)))
    if any(char.isalpha() for char in text):
        if text[0] not in "<>=" and ".." not in text and _age(text, field):
            raise QueryError(f"Write {field.name}:<{shown(text)} for the last {shown(text)}, > for longer ago.")
        return AgeIn(field.name, range_of(text, field.name, lambda part: _age(part, field)))
    first, dots, last = text.partition("..")
    if not dots or not (first or last):
        return _compared(text, field)
    start, end = (_days(part, field) if part else None for part in (first, last))
    if start and end and start.first > end.last:
        raise QueryError(f'The range "{shown(text)}" runs backwards; write {last}..{first}.')
    return DateIn(field.name, start.first if start else None, end.last if end else None)


def moments(first: dt.date | None, last: dt.date | None) -> Range:
    """Return the seconds since 1970 at which it is one of the days by the local clock."""
    end = None if last is None else Bound(_midnight(last + _ONE_DAY), open=True)
    return Range(None if first is None else Bound(_midnight(first)), end)


def _midnight(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time.min).astimezone().timestamp()


def _compared(text: str, field: Field) -> DateIn:
    """Before or after days, or on one of them."""
    comparison = _COMPARED.match(text)
    operator = comparison[0] if comparison else ""
    date = text[len(operator) :]
    days = _days(date, field)
    match operator:
        case "<":
            return DateIn(field.name, None, days.first - _ONE_DAY)
        case "<=":
            return DateIn(field.name, None, days.last)
        case ">":
            return DateIn(field.name, days.last + _ONE_DAY, None)
        case ">=":
            return DateIn(field.name, days.first, None)
    return DateIn(field.name, days.first, days.last)


def _days(text: str, field: Field) -> _Days:
    found = _DATE.fullmatch(text)
    if found is None:
        raise _wrong(text, field)
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise _wrong(text, field) from error
    last_month = month or 12
    return _Days(
        first, first if day else dt.date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])
    )


def _age(text: str, field: Field) -> Point:
    age = with_unit(text, _AGE_UNITS)
    if age is None:
        raise _wrong(text, field)
    return age


def _rank(text: str, field: Field) -> Point:
    rank = percentile(text)
    if rank is None:
        raise _wrong(text, field)
    return rank


def _wrong(text: str, field: Field) -> QueryError:
    return QueryError(
        f'{field.name} cannot be "{shown(text)}"; write a day such as 2024-01-31, a month 2024-01, a year 2024, '
        "an age such as <30d (h, d, w, m for months, y) or a percentile such as p90."
    )
