"""Tracks that are good and unlike each other, rather than just the best.

Maximal marginal relevance: each time the track whose place in the ranking, against its likeness to what was taken
before, is worth most. Carbonell & Goldstein, The use of MMR, diversity-based reranking for reordering documents and
producing summaries, SIGIR 1998.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from essentialist.similarity import Embeddings
    from essentialist.wishes import Pick

DEPTH: Final = 12  # of the ranking that is looked at, in lengths of the playlist
LEAST: Final = 100  # picks looked at
MOST: Final = 3_000


def varied(ranking: Iterable[Pick], diversity: float, n: int, embeddings: Embeddings | None) -> Iterator[Pick]:
    """Rank again for `n` tracks; `diversity` 0 changes nothing, 1 asks only for what is unlike what went before.

    What is asked for stays in front. A track without an embedding is like no other.
    """
    picks = iter(ranking)
    head = list(islice(picks, min(max(LEAST, DEPTH * n), MOST)))
    asked = [pick for pick in head if pick.asked]
    others = [pick for pick in head if not pick.asked]
    vectors = _vectors([*asked, *others], embeddings)
    order = _marginal(vectors[len(asked) :], vectors[: len(asked)], diversity)
    return chain(asked, (others[place] for place in order), picks)


def _marginal(vectors: NDArray[np.float32], taken: NDArray[np.float32], diversity: float) -> Iterator[int]:
    """Places of a ranking, by merit (1 for the first to 0 for the last) against likeness to what was taken before."""
    merit = np.linspace(1, 0, len(vectors))
    likeness = (vectors @ taken.T).max(axis=1, initial=-1)
    left = np.ones(len(vectors), bool)
    for _ in range(len(vectors)):
        worth = np.where(left, (1 - diversity) * merit - diversity * likeness, -np.inf)
        place = int(np.argmax(worth))
        left[place] = False
        likeness = np.maximum(likeness, vectors @ vectors[place])
        yield place


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
