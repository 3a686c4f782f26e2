"""Groups of tracks that are alike: spherical k-means, and how many groups there are.

Each track belongs to the centre it is most alike; each centre is the mean of its tracks, and all lie at distance 1 from
the middle of the space. Starts are drawn by k-means++ and the best of several is kept, so that small changes of the
collection seldom change the outcome. Of many tracks a sample finds the centres, and all of them settle there.

The number is the one with the highest simplified silhouette: for each track, how much nearer its own centre is than the
second nearest, as a share of the latter; then the mean. It is between `FEWEST` and `MOST`, or fewer where groups would
have less than `LEAST_TRACKS` on average: two or three halves of a collection would score well and say little.

Dhillon & Modha, Concept decompositions for large sparse text data using clustering, Machine Learning 42, 2001; Arthur &
Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007; Hruschka, de Castro & Campello, Evolutionary
algorithms for clustering gene-expression data, ICDM 2004 (the silhouette). A library would do k-means as well; it would
be the largest dependency of all, for the sixty lines that follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST: Final = 4
MOST: Final = 12
LEAST_TRACKS: Final = 8  # a cluster, on average
STARTS: Final = 10
SWEEPS: Final = 50  # at most, of a start ...
SWEEPS_OF_ALL: Final = 8  # ... and of the outcome, with every track
SAMPLE: Final = 4_000  # tracks that find the centres
STARTS_TO_COUNT: Final = 4  # for each number that is tried ...
SAMPLE_TO_COUNT: Final = 2_000  # ... on so many tracks


@dataclass(frozen=True, slots=True, eq=False)
class Clustering:
    """Which cluster each track is in, and how typical it is there; 0 is the largest cluster.

    Attributes
    ----------
    centres : float32 array of shape (k, d), rows of length 1
    labels : array of shape (n,), 0 to k - 1
    likeness : float32 array of shape (n,), the cosine of each track and its centre
    silhouette : -1 to 1, how far apart the clusters are; None of a single one
    """

    centres: NDArray[np.float32]
    labels: NDArray[np.intp]
    likeness: NDArray[np.float32]
    silhouette: float | None


def clusters(vectors: NDArray[np.float32], n: int | None = None, *, seed: int = 0) -> Clustering:
    """Group rows of length 1, shape (tracks, d), into `n` clusters or as many as there seem to be.

    There are fewer where there are too few different rows.
    """
    chance = np.random.default_rng(seed)
    some = _sample(vectors, SAMPLE, chance)
    k = min(n or _number(_sample(some, SAMPLE_TO_COUNT, chance), chance), len(vectors))
    centres = _settled(vectors, _best(some, k, STARTS, chance), SWEEPS_OF_ALL)
    return _by_size(vectors, centres)


def _number(vectors: NDArray[np.float32], chance: np.random.Generator) -> int:
    most = min(MOST, len(vectors) // LEAST_TRACKS)
    if most <= FEWEST:
        return max(1, most)
    tried = {k: _silhouette(vectors @ _best(vectors, k, STARTS_TO_COUNT, chance).T) for k in range(FEWEST, most + 1)}
    return max(tried, key=lambda k: (tried[k], -k))


def _sample(vectors: NDArray[np.float32], size: int, chance: np.random.Generator) -> NDArray[np.float32]:
    if len(vectors) <= size:
        return vectors
    return vectors[np.sort(chance.choice(len(vectors), size, replace=False))]


def _best(vectors: NDArray[np.float32], k: int, starts: int, chance: np.random.Generator) -> NDArray[np.float32]:
    """Of several starts the centres that tracks are most alike on average."""
    found = [_settled(vectors, _drawn(vectors, k, chance)) for _ in range(starts)]
    return max(found, key=lambda centres: float((vectors @ centres.T).max(axis=1).mean()))


def _drawn(vectors: NDArray[np.float32], k: int, chance: np.random.Generator) -> NDArray[np.float32]:
    """By k-means++: each new centre is a track, by chance in proportion to its distance to the centres before."""
    rows = [int(chance.integers(len(vectors)))]
    distance = np.full(len(vectors), np.inf)
    for _ in range(k - 1):
        distance = np.minimum(distance, np.maximum(1 - vectors @ vectors[rows[-1]], 0))
        total = distance.sum()
        rows.append(int(chance.choice(len(vectors), p=distance / total if total > 0 else None)))
    return vectors[rows]


def _settled(vectors: NDArray[np.float32], centres: NDArray[np.float32], sweeps: int = SWEEPS) -> NDArray[np.float32]:
    """Move each centre to the mean of its tracks until none changes sides; one without tracks stays."""
    labels = np.full(len(vectors), -1)
    for _ in range(sweeps):
        before, labels = labels, (vectors @ centres.T).argmax(axis=1)
        if np.array_equal(before, labels):
            break
        sums = (np.arange(len(centres))[:, None] == labels).astype(np.float32) @ vectors
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(length > 0, sums / np.where(length > 0, length, 1), centres)
    return centres


def _silhouette(nearness: NDArray[np.float32]) -> float:
    """Simplified silhouette from the cosines to the centres, shape (tracks, k)."""
    second, own = np.maximum(1 - np.partition(nearness, -2, axis=1)[:, -2:].T, 0)
    return float(np.where(second > 0, 1 - own / np.where(second > 0, second, 1), 0).mean())


def _by_size(vectors: NDArray[np.float32], centres: NDArray[np.float32]) -> Clustering:
    """Number the clusters that have tracks from the largest on."""
    nearness = vectors @ centres.T
    labels = nearness.argmax(axis=1)
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]
    number = np.empty(len(centres), np.intp)
    number[order] = np.arange(len(order))
    separation = _silhouette(nearness[:, order]) if len(order) > 1 else None
    return Clustering(centres[order], number[labels], nearness.max(axis=1), separation)
