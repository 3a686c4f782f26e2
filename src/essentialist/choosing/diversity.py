"""Tracks that are good and unlike each other, rather than just the best.

The more diversity is wished, the further down the ranking one looks: at 0 no further than the playlist is long, at 1
six times as far. Among these each track in turn is the one least like all that were taken before, so no kind of music
among them is left out. Gonzalez, Clustering to minimize the maximum intercluster distance, Theoretical Computer Science
38, 1985, shows that this comes within a factor of two of the most varied choice.
"""

from __future__ import annotations

import math
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from essentialist.choosing.similarity import Embeddings
    from essentialist.choosing.wishes import Pick

FURTHER: Final = 5  # lengths of the playlist, beyond its own, that are looked at for the most diversity
MOST: Final = 2_000  # picks looked at


def varied(ranking: Iterable[Pick], diversity: float, n: int, embeddings: Embeddings | None) -> Iterator[Pick]:
    """Rank again for `n` tracks, `diversity` from 0, which changes nothing, to 1.

    What is asked for stays in front. A track without an embedding is like no other.
    """
    picks = iter(ranking)
    head = list(islice(picks, min(math.ceil(n * (1 + FURTHER * diversity)), MOST)))
    asked = [pick for pick in head if pick.asked]
    others = [pick for pick in head if not pick.asked]
    if len(head) <= n:
        return chain(asked, others, picks)
    order = _far_apart(_vectors(others, embeddings))
    return chain(asked, (others[place] for place in order), picks)


def _far_apart(vectors: NDArray[np.float32]) -> Iterator[int]:
    """Places: the first, and from there on always the least like all before; ties by place."""
    left = np.ones(len(vectors), bool)
    likeness = np.full(len(vectors), -np.inf, np.float32)
    place = 0
    for _ in vectors:
        yield place
        left[place] = False
        likeness = np.maximum(likeness, vectors @ vectors[place])
        place = int(np.argmin(np.where(left, likeness, np.inf)))


def inserted(picks: Sequence[Pick], others: Iterable[Pick], embeddings: Embeddings | None) -> list[Pick]:
    """Put others into an order of play, each where that costs least; the first and the last stay if they are asked for.

    The cost is that of the two steps it makes, less that of the one it takes away.
    """
    line = list(picks)
    for pick in others:
        if any(pick.track.id == one.track.id for one in line):
            continue
        vectors = _vectors([*line, pick], embeddings)
        to_new = 1 - vectors[:-1] @ vectors[-1]
        between = 1 - np.einsum("ij,ij->i", vectors[:-2], vectors[1:-1])
        costs = np.concatenate([to_new[:1], to_new[:-1] + to_new[1:] - between, to_new[-1:]])
        if line and line[0].asked:
            costs[0] = np.inf
        if len(line) > 1 and line[-1].asked:
            costs[-1] = np.inf
        line.insert(int(np.argmin(costs)) if line else 0, pick)
    return line


def _vectors(picks: Sequence[Pick], embeddings: Embeddings | None) -> NDArray[np.float32]:
    """One row a pick, 0 where there is no embedding."""
    if embeddings is None or not len(embeddings):
        return np.zeros((len(picks), 1), np.float32)
    return embeddings.placed([pick.track.id for pick in picks])
