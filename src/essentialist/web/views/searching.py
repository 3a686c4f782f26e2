"""Tracks by what somebody types: every word in title, artist, album or genre, the nearest to what was typed first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.text import fold

if TYPE_CHECKING:
    from essentialist.query import Columns

MOST_WORDS: Final = 12
LONGEST: Final = 200  # characters that are read


def found(columns: Columns, text: str, limit: int) -> list[int]:
    """The ids of some tracks; first those of this very title or artist, then those where the words stand together."""
    folded = " ".join(fold(text[:LONGEST]).split()[:MOST_WORDS])
    if not folded:
        return []
    have = np.ones(len(columns), np.bool_)
    for word in folded.split():
        have &= columns.texts["search"].having(word)
    title, artist = columns.texts["title"], columns.texts["artist"]
    near = 2 * (title.being(folded) | artist.being(folded)) + (title.having(folded) | artist.having(folded))
    rows = np.flatnonzero(have)
    return [int(each) for each in columns.ids[rows[np.argsort(-near[rows], kind="stable")][:limit]]]
