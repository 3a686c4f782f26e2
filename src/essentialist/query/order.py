"""The tracks of columns in the order of a field: the same order that the catalogue gives by SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from essentialist import camelot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.query.columns import Columns, Texts


def order(columns: Columns, sort: str = "") -> NDArray[np.intp]:
    """Places of all tracks by a field ("bpm", "-bpm"), by id among equals and where no field is named.

    What is unknown or empty comes last, either way round. `sort` is as `sortable` gives it.
    """
    name = sort.removeprefix("-")
    if not name:
        return np.arange(len(columns))
    values = columns.numbers[name] if name in columns.numbers else _ranks(name, columns.texts[name])
    return np.argsort(-values if sort.startswith("-") else values, kind="stable")  # NaN comes last


def _ranks(name: str, texts: Texts) -> NDArray[np.float64]:
    """What each track's text is sorted by: its place in the alphabet, or on the Camelot wheel; NaN for none."""
    different = texts.different()
    if name == "camelot":
        hours = [camelot.parse(text) for text in different]
        ranks = np.array([np.nan if hour is None else hour.index for hour in hours], np.float64)
    else:
        ranks = np.unique(np.array(different, np.object_), return_inverse=True)[1].astype(np.float64)
    return np.append(ranks, np.nan)[texts.codes]  # ABSENT is the last place
