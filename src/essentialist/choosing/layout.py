"""A map by sound: a place in the plane for each track, so that those that sound alike lie close together.

Three steps, all in NumPy and the same for the same seed. Tracks are grouped round centres (spherical k-means), the
centres are laid out in the plane by exact t-SNE, and each track starts between the centres that it is most alike.
Then tracks are drawn to their nearest neighbours and pushed off others drawn by chance, as UMAP does it; neighbours
are looked for among the tracks of the nearest groups. `benchmarks/sound_map.py` says how much of the neighbourhoods is
kept.

van der Maaten & Hinton, Visualizing data using t-SNE, JMLR 9, 2008; McInnes, Healy & Melville, UMAP: uniform manifold
approximation and projection for dimension reduction, arXiv 1802.03426, 2018.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

VERSION: Final = 1
"""Raised when the same tracks get other places."""

DIMENSIONS: Final = 50  # of the space in which neighbours are looked for
TRACKS_A_GROUP: Final = 250
MOST_GROUPS: Final = 400
N_NEIGHBOURS: Final = 12
GROUPS_SEARCHED: Final = 5  # the nearest, for the neighbours of a group's tracks
PERPLEXITY: Final = 20.0
SWEEPS: Final = 400  # of t-SNE
WORK: Final = 4_000_000  # tracks times epochs, about
FEWEST_EPOCHS: Final = 100
MOST_EPOCHS: Final = 400
REPULSIONS: Final = 8  # for each attraction
REACH: Final = 2.0  # the longest step of an epoch
A: Final = 1.577  # UMAP's curve for a least distance of 0.1 ...
B: Final = 0.895  # ... is 1 / (1 + A * distance ** (2 * B))


def layout(vectors: Floats, *, seed: int = 0) -> Floats:
    """Places in the plane, shape (n, 2), of embeddings centred and of unit length, shape (n, d)."""
    n = len(vectors)
    if n < 3:
        return np.arange(2 * n, dtype=np.float32).reshape(n, 2)
    chance = np.random.default_rng(seed)
    points = principal(vectors, DIMENSIONS)
    groups, centres = grouped(points, chance)
    start = started(points, centres, tsne(centres, chance), chance)
    return drawn_together(start, neighbours(points, groups, centres), chance)


def principal(vectors: Floats, n: int) -> Floats:
    """The first principal components, shape (tracks, n), or fewer where there are fewer dimensions."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return np.ascontiguousarray(centred @ axes[:, ::-1][:, :n], np.float32)


def grouped(points: Floats, chance: Generator) -> tuple[NDArray[np.intp], Floats]:
    """The group of each track, and the groups' centres, by k-means from tracks drawn by chance."""
    k = int(np.clip(len(points) // TRACKS_A_GROUP, min(len(points), 8), MOST_GROUPS))
    centres = points[np.sort(chance.choice(len(points), k, replace=False))]
    for _ in range(8):
        groups = nearest_centre(points, centres)
        sizes = np.bincount(groups, minlength=k)
        order = np.argsort(groups, kind="stable")
        filled = np.flatnonzero(sizes)
        starts = (np.cumsum(sizes) - sizes)[filled]
        means = np.add.reduceat(points[order], starts, axis=0) / sizes[filled, None]
        centres = means.astype(np.float32)
        k = len(centres)
    return nearest_centre(points, centres), centres


def nearest_centre(points: Floats, centres: Floats) -> NDArray[np.intp]:
    """Which centre is nearest to each point."""
    nearest: NDArray[np.intp] = (points @ centres.T - (centres**2).sum(axis=1) / 2).argmax(axis=1)
    return nearest


def squares(a: Floats, b: Floats) -> Floats:
    """Squared distances, shape (len(a), len(b))."""
    found = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * (a @ b.T)
    return np.asarray(np.maximum(found, 0), np.float32)


def affinities(distances: Floats, perplexity: float) -> Floats:
    """How alike others are to each, rows that sum to 1, by Gaussians as wide as to reach `perplexity` others.

    `distances` are squares, shape (k, k).
    """
    n = len(distances)
    least, most = np.zeros(n), np.full(n, np.inf)
    beta = 1 / np.maximum(np.median(distances, axis=1), 1e-9).astype(np.float64)
    shifted = distances - np.sort(distances, axis=1)[:, 1:2]  # to the nearest other, so that no row vanishes
    np.fill_diagonal(shifted, 0)
    for _ in range(40):
        weights = np.exp(-shifted * beta[:, None])
        np.fill_diagonal(weights, 0)
        total = weights.sum(axis=1)
        entropy = np.log(total) + beta * (shifted * weights).sum(axis=1) / total
        wide = entropy > np.log(perplexity)
        least, most = np.where(wide, beta, least), np.where(wide, most, beta)
        beta = np.where(np.isinf(most), beta * 2, (least + most) / 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def tsne(centres: Floats, chance: Generator) -> Floats:
    """Centres in the plane by exact t-SNE from their principal components, shape (k, 2)."""
    k = len(centres)
    start = principal(centres, 2)
    places = np.zeros((k, 2), np.float32)
    places[:, : start.shape[1]] = start * (1e-2 / max(float(np.abs(start).max()), 1e-9))
    places += chance.normal(0, 1e-4, places.shape).astype(np.float32)
    if k < 4:
        return places
    alike = affinities(squares(centres, centres), min(PERPLEXITY, (k - 1) / 3))
    alike = (alike + alike.T) / np.float32(2 * k)
    step, rate = np.zeros_like(places), max(k / 12, 10)
    for sweep in range(SWEEPS):
        early = sweep < SWEEPS // 4
        close = 1 / (1 + squares(places, places))
        np.fill_diagonal(close, 0)
        force = (alike * (12 if early else 1) - close / close.sum()) * close
        gradient = 4 * (force.sum(axis=1)[:, None] * places - force @ places)
        step = (0.5 if early else 0.8) * step - rate * gradient
        places += step
    return places


def started(points: Floats, centres: Floats, places: Floats, chance: Generator) -> Floats:
    """Each track between the places of its three nearest centres, the nearer the closer, shape (n, 2)."""
    scale = 10 / max(float(np.abs(places).max()), 1e-9)
    found = np.empty((len(points), 2), np.float32)
    n_nearest = min(3, len(centres))
    for first in range(0, len(points), 10_000):
        rows = slice(first, first + 10_000)
        distance = squares(points[rows], centres)
        near = np.argpartition(distance, n_nearest - 1, axis=1)[:, :n_nearest]
        weight = 1 / np.maximum(np.take_along_axis(distance, near, axis=1), 1e-9) ** 2
        found[rows] = (places[near] * (weight / weight.sum(axis=1, keepdims=True))[:, :, None]).sum(axis=1)
    return np.asarray(found * scale + chance.normal(0, 0.1, found.shape), np.float32)


def neighbours(points: Floats, groups: NDArray[np.intp], centres: Floats) -> NDArray[np.int32]:
    """The nearest tracks of each, among those of the groups nearest to its own; shape (n, at most N_NEIGHBOURS)."""
    n = min(N_NEIGHBOURS, len(points) - 1)
    order = np.argsort(groups, kind="stable").astype(np.int32)
    starts = np.searchsorted(groups[order], np.arange(len(centres) + 1))
    ranked = np.argsort(squares(centres, centres), axis=1)
    found = np.empty((len(points), n), np.int32)
    for group in range(len(centres)):
        own = order[starts[group] : starts[group + 1]]
        others = [order[starts[each] : starts[each + 1]] for each in ranked[group]]
        sizes = np.cumsum([len(each) for each in others])
        reach = max(GROUPS_SEARCHED, int(np.searchsorted(sizes, n + 1)) + 1)
        candidates = np.concatenate(others[:reach])
        for some in np.array_split(own, max(1, len(own) // 1_000)):
            distance = squares(points[some], points[candidates])
            distance[some[:, None] == candidates] = np.inf
            found[some] = candidates[np.argpartition(distance, n - 1, axis=1)[:, :n]]
    return found


def drawn_together(places: Floats, near: NDArray[np.int32], chance: Generator) -> Floats:
    """Move tracks to their neighbours and off others, in smaller and smaller steps."""
    n, n_near = near.shape
    places = places.copy()
    rows = np.arange(n)
    epochs = int(np.clip(WORK // n, FEWEST_EPOCHS, MOST_EPOCHS))
    for epoch in range(epochs):
        rate = np.float32(1 - epoch / epochs)
        turn = near[:, epoch % n_near]
        pull = attraction(places, places[turn])
        move = pull.copy()
        for axis in (0, 1):  # the neighbour comes as far as the track goes
            move[:, axis] -= np.bincount(turn, weights=pull[:, axis], minlength=n)
        for _ in range(REPULSIONS):
            move += repulsion(places, places[chance.permutation(rows)])
        places += shortened(move) * rate
    return places


def shortened(moves: Floats) -> Floats:
    """The moves, none longer than REACH, in their directions."""
    length = np.sqrt((moves**2).sum(axis=1, keepdims=True))
    return np.asarray(moves * np.minimum(1, REACH / np.maximum(length, 1e-9)), np.float32)


def attraction(a: Floats, b: Floats) -> Floats:
    """Which way UMAP moves `a` to `b`."""
    apart = a - b
    square = (apart**2).sum(axis=1, keepdims=True)
    power = np.power(np.maximum(square, 1e-6), np.float32(B - 1))
    return np.asarray(shortened(-2 * A * B * power / (1 + A * power * square) * apart), np.float32)


def repulsion(a: Floats, b: Floats) -> Floats:
    """Which way UMAP moves `a` off `b`."""
    apart = a - b
    square = (apart**2).sum(axis=1, keepdims=True)
    power = np.power(np.maximum(square, 1e-6), np.float32(B))
    return np.asarray(shortened(2 * B / ((0.001 + square) * (1 + A * power)) * apart), np.float32)
