"""How good chosen tracks and their orders are, in figures: pure functions of tracks, places and labels."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.choosing import transitions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from essentialist.choosing.similarity import Embeddings
    from essentialist.track import Track

ORDERS_A_TIME: Final = 500


def shares_of_own_kind(space: Embeddings, ids: Sequence[int], kinds: ArrayLike, counts: Sequence[int]) -> list[float]:
    """For each count n, the share of every track's n nearest that are of its kind."""
    vectors, labels = space.placed(ids), np.asarray(kinds)
    nearness = vectors @ vectors.T
    np.fill_diagonal(nearness, -np.inf)
    nearest = np.argsort(-nearness, axis=1, kind="stable")
    return [float((labels[nearest[:, :n]] == labels[:, None]).mean()) for n in counts]


def share_by_chance(kinds: ArrayLike) -> float:
    """The share of all others that are of a track's kind."""
    _, place, counts = np.unique(np.asarray(kinds), return_inverse=True, return_counts=True)
    return float((counts[place] - 1).mean() / (len(place) - 1))


def steps(space: Embeddings, ids: Sequence[int]) -> NDArray[np.float64]:
    """Distances from each track to the next."""
    return np.array([float(np.linalg.norm(b - a)) for a, b in pairwise(space.placed(ids))])


def straight_line(space: Embeddings, ids: Sequence[int], ends: tuple[int, int], n: int) -> list[int]:
    """The nearest free track to each of `n` even points of the straight line between two tracks: ids."""
    (a, b), vectors = space.placed(ends), space.placed(ids)
    free = ~np.isin(ids, ends)
    line = [ends[0]]
    for part in np.linspace(0, 1, n)[1:-1]:
        row = int(np.argmax(np.where(free, vectors @ ((1 - part) * a + part * b), -np.inf)))
        free[row] = False
        line.append(ids[row])
    return [*line, ends[1]]


def adjusted_rand(a: ArrayLike, b: ArrayLike) -> float:
    """Agreement of two partitions: 1 the same, 0 as by chance. Hubert & Arabie, Comparing partitions, 1985."""
    (_, rows), (_, columns) = (np.unique(np.asarray(each), return_inverse=True) for each in (a, b))
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    both, first, second = (_pairs(each) for each in (table, table.sum(axis=1), table.sum(axis=0)))
    expected = first * second / _pairs(np.array([len(rows)]))
    most = (first + second) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def _pairs(counts: NDArray[np.float64]) -> float:
    return float((counts * (counts - 1) / 2).sum())


def random_costs(tracks: Sequence[Track], sound: Embeddings | None, n: int, seed: int = 0) -> NDArray[np.float64]:
    """Mean cost between neighbours in `n` random orders."""
    chance, costs = np.random.default_rng(seed), transitions.costs(tracks, sound)
    means = []
    for first in range(0, n, ORDERS_A_TIME):
        some = chance.random((min(ORDERS_A_TIME, n - first), len(tracks))).argsort(axis=1)
        means.append(costs[some[:, :-1], some[:, 1:]].mean(axis=1))
    return np.concatenate(means)


def greedy_cost(tracks: Sequence[Track], sound: Embeddings | None) -> float:
    """Mean cost between neighbours from the first track on, always to the nearest that is left."""
    costs = transitions.costs(tracks, sound)
    left = np.ones(len(tracks), bool)
    here, total = 0, 0.0
    for _ in tracks[1:]:
        left[here] = False
        cheapest = int(np.argmin(np.where(left, costs[here], np.inf)))
        total += float(costs[here, cheapest])
        here = cheapest
    return total / (len(tracks) - 1)
