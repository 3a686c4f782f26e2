"""Numbers as places on circles, so that the cosine between two of them says how far they are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def on_circle(turns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn numbers (n,), 1 once round, into points (n, 2) at distance 1 from the middle; 0 for NaN."""
    angles = 2 * np.pi * turns
    return np.asarray(np.nan_to_num(np.stack([np.cos(angles), np.sin(angles)], axis=1)), np.float64)


def by_rank(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put numbers (n,) on half a circle (n, 2), from the least of these at one end to the most at the other.

    Equal numbers are in one place; NaN is in the middle of the circle, unrelated to all.
    """
    known = ~np.isnan(values)
    distinct, place, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    middles = np.cumsum(counts) - (counts + 1) / 2
    turns = np.full(len(values), np.nan)
    turns[known] = middles[place] / max(known.sum() - 1, 1) / 2 if len(distinct) else 0
    return on_circle(turns)
