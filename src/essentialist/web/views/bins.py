"""A number in bins of one width with round edges, each with the query that finds what lies in it.

The first bin also has all that is less, the last all that is more, so that a few odd tracks do not press the others
together; together the bins hold every known value once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.human import minutes
from essentialist.query.tree import Bound, NumberIn, Present, Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from essentialist.query import Field
    from essentialist.query.tree import Tree

    Numbers = NDArray[np.float64]

OUTSIDE: Final = 0.5  # per cent of the values at either end that the bins need not reach
_STEPS: Final = (1.0, 2.0, 2.5, 5.0)
_STEPS_OF_TIME: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400)


@dataclass(frozen=True, slots=True)
class Bins:
    """The bins of a field; `inner` are the edges between them, rising, one less than there are bins."""

    field: Field
    inner: tuple[float, ...]

    @classmethod
    def over(cls, field: Field, values: Numbers, n_most: int) -> Bins:
        """At most so many bins over the values, NaN where unknown; one bin where there are none or all are equal."""
        known = values[~np.isnan(values)]
        if not len(known):
            return cls(field, ())
        low, high = (float(each) for each in np.percentile(known, [OUTSIDE, 100 - OUTSIDE]))
        width = _width(field, (high - low) / max(1, n_most - 1))
        first, last = math.floor(low / width) + 1, math.ceil(high / width) - 1
        return cls(field, tuple(float(f"{place * width:.12g}") for place in range(first, last + 1)))

    def __len__(self) -> int:
        return len(self.inner) + 1

    def places(self, values: Numbers) -> NDArray[np.intp]:
        """Which bin each of the values is in, shape (n,); -1 for NaN."""
        return np.where(np.isnan(values), -1, np.searchsorted(np.array(self.inner), values, side="right"))

    def counts(self, values: Numbers) -> NDArray[np.intp]:
        """How many values each bin holds, shape (len(self),)."""
        places = self.places(values)
        return np.bincount(places[places >= 0], minlength=len(self))

    def term(self, place: int) -> Tree:
        """What finds the tracks of a bin."""
        if not self.inner:
            return Present(self.field.name)
        low = Bound(self.inner[place - 1]) if place else None
        high = Bound(self.inner[place], open=True) if place < len(self.inner) else None
        return NumberIn(self.field.name, Range(low, high))

    def label(self, place: int) -> str:
        """A bin in words: "120 to 125 BPM", "under 60 BPM", "1990 to 1994"."""
        if not self.inner:
            return "all that is known"
        unit = f" {self.field.unit}" if self.field.unit and self.field.kind != "duration" else ""
        if place == 0:
            return f"under {said(self.field, self.inner[0])}{unit}"
        low = said(self.field, self.inner[place - 1])
        if place == len(self.inner):
            return f"{low}{unit} or more"
        high = self.inner[place] - (self.field.kind == "whole")
        return f"{low}{unit}" if said(self.field, high) == low else f"{low} to {said(self.field, high)}{unit}"


def said(field: Field, value: float) -> str:
    """An edge as short as it can be read, without its unit: "3:05", "120", "0.625"."""
    if field.kind == "duration":
        return minutes(value)
    return f"{value:.0f}" if field.kind == "whole" else f"{value:.6g}"


def rounded(field: Field, value: float) -> str:
    """A value as exactly as one hears it, with its unit: "3:05", "124 BPM", "0.62"."""
    if field.kind in {"duration", "whole"}:
        return said(field, value)
    n_decimals = 0 if abs(value) >= 20 else 1 if abs(value) >= 10 else 2
    digits = f"{value:.{n_decimals}f}"
    return f"{digits.removeprefix('-') if float(digits) == 0 else digits} {field.unit}".rstrip()


def _width(field: Field, least: float) -> float:
    """The smallest round width that is not less."""
    if field.kind == "duration":
        return float(_first(_STEPS_OF_TIME, least))
    if not least > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    width = _first([step * power for step in (*_STEPS, 10.0)], least)
    return max(1.0, round(width)) if field.kind == "whole" else width


def _first(widths: Sequence[float], least: float) -> float:
    return next((width for width in widths if width >= least), math.ceil(least / widths[-1]) * widths[-1])
