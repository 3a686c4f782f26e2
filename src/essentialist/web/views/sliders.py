"""A number as a slider over its histogram: where it can stand, where a query has it, how many tracks lie where.

A slider stands between bins. Their width is a round number, and their ends leave out the rarest hundredth of the values
on either side: those are counted in the first and the last bin, and a slider at its end lets them through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.query import limit
from essentialist.query.tree import Bound, Range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from essentialist.query import Field

N_BINS: Final = 80  # at most, and a third of it at least ...
FEW: Final = 1_000  # ... or half as many for fewer tracks than this
NO_BIN: Final = 255
_ROUND: Final = (1, 2, 5, 10)  # what a width is, times a power of ten
_RARE: Final = 0.5  # per cent of the values on either side


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """The bins of one number, and in which of them each track lies.

    Bin k is from `low + k * width` up to the next. `bins` is a uint8 array of shape (n_tracks,), NO_BIN where the value
    is not known; `values` are what it was made of.
    """

    field: Field
    low: float
    width: float
    n: int
    bins: NDArray[np.uint8]
    values: NDArray[np.float64]

    def edge(self, position: int) -> float:
        """Where the slider is at a position, 0 to n, without what is only the noise of floating point."""
        return round(self.low + position * self.width, self.decimals)

    @property
    def decimals(self) -> int:
        """How many digits after the point tell two edges apart."""
        return max(0, -math.floor(math.log10(self.width) + 1e-9))

    def counts(self, mask: NDArray[np.bool_]) -> list[int]:
        """How many of the tracks in the mask lie in each bin."""
        counted: list[int] = np.bincount(self.bins[mask], minlength=256)[: self.n].tolist()
        return counted

    def positions(self, asked: Iterable[Range]) -> tuple[int, int]:
        """Where the slider's ends are for ranges that all hold: the nearest positions, 0 and n for no limit."""
        low, high = 0, self.n
        for each in asked:
            if each.low is not None:
                low = max(low, self._position(each.low, 0))
            if each.high is not None:
                high = min(high, self._position(each.high, int(self._is_whole and not each.high.open)))
        return min(low, self.n), max(high, 0)

    def range(self, low: int, high: int) -> Range | None:
        """What the slider asks with its ends at these positions: nothing with both at their ends."""
        low, high = sorted((min(max(low, 0), self.n), min(max(high, 0), self.n)))
        if self._is_whole and low == high:  # both ends on one edge, with no whole number in between
            low, high = (low - 1, high) if high == self.n else (low, high + 1)
        at_least = Bound(self.edge(low)) if low > 0 else None
        at_most = Bound(self.edge(high) - self._is_whole) if high < self.n else None
        return Range(at_least, at_most) if at_least or at_most else None

    @property
    def _is_whole(self) -> bool:
        """Whether values are whole: then the bin up to 2001 ends with 2000."""
        return self.field.kind == "whole"

    def _position(self, bound: Bound, offset: int) -> int:
        value = limit(bound, self.values) + offset
        return 0 if math.isnan(value) else min(max(round((value - self.low) / self.width), 0), self.n)


def scale_of(field: Field, values: NDArray[np.float64]) -> Scale | None:
    """The slider of a number, shape (n_tracks,) with NaN where it is not known; None where it is nowhere known."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    least, most = (
        np.percentile(known, (_RARE, 100 - _RARE)).tolist() if len(known) >= 100 else (known.min(), known.max())
    )
    width = round_width((most - least) / (N_BINS if len(known) >= FEW else N_BINS // 2), whole=field.kind == "whole")
    first = math.floor(least / width)
    n = max(1, math.floor(most / width) - first + 1)
    low = first * width
    with np.errstate(invalid="ignore"):
        place = np.clip(np.floor((values - low) / width + 1e-9), 0, n - 1)
    return Scale(field, low, width, n, np.where(np.isfinite(values), place, NO_BIN).astype(np.uint8), values)


def round_width(rough: float, *, whole: bool = False) -> float:
    """The least round number (1, 2 or 5 times a power of ten) that is not below a width; 1 at least for whole ones."""
    least = max(rough, 1.0 if whole else 1e-6)
    power = 10.0 ** math.floor(math.log10(least))
    return next(each * power for each in _ROUND if each * power >= least * (1 - 1e-9))
