"""Where ids stand in an ascending array of ids, as columns, embeddings and maps of all tracks have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rows_in(ids: NDArray[np.int64], sought: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which of the sought ids are among `ids`, shape (len(sought),), and the rows of those that are, in their order."""
    if not len(ids):
        return np.zeros(len(sought), np.bool_), np.zeros(0, np.intp)
    rows = np.searchsorted(ids, sought).clip(max=len(ids) - 1)
    known = ids[rows] == sought
    return known, rows[known]
