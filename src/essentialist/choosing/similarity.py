"""Which tracks sound alike: cosine similarity between their embeddings, exact over the whole collection.

A network's embeddings share a direction, so any two tracks have a high cosine (MusiCNN: 0.63 on 45 clips of all kinds).
So the collection's mean is taken out first, and similarity means "alike, for this collection": 1 the same, 0 unrelated,
negative opposite. The mean of a handful of tracks is mostly their own sound; there it is shrunk towards zero.

Several seeds take turns in proportion to their weights. Their average would be a sound that none of them has, and the
largest similarity alone would let the seed in the densest neighbourhood take every place. Unlike seeds push away:
part of the similarity to the nearest of them is taken off. `docs/playlists.md` has the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.errors import PlaylistError, UnknownTrack
from essentialist.lookup import rows_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from numpy.typing import ArrayLike, NDArray

SHRINKAGE: Final = 10  # tracks; the mean of n tracks counts n / (n + SHRINKAGE)
PUSH: Final = 0.5  # of the similarity to an unlike seed of weight 1
DECIMALS: Final = 6  # float32 holds no more; equal embeddings must tie exactly

NO_SEEDS: Final[Mapping[int, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """A collection's embeddings of one network, centred and of unit length. Made by `Embeddings.of`.

    Attributes
    ----------
    ids : int64 array of shape (n,), ascending
    vectors : float32 array of shape (n, d), rows of length 1 (or 0 where a track equals the mean)
    """

    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]

    @classmethod
    def of(cls, ids: ArrayLike, vectors: ArrayLike) -> Embeddings:
        """Centre and normalise raw embeddings; one row of `vectors` (n, d) for each of `ids` (n,).

        Raises ValueError where shapes disagree, an id comes twice or a number is not finite.
        """
        keys, raw = np.asarray(ids, np.int64), np.array(vectors, np.float32)
        if keys.ndim != 1 or raw.ndim != 2 or len(keys) != len(raw):
            raise ValueError(f"ids of shape {keys.shape} do not go with vectors of shape {raw.shape}")
        if not (np.diff(keys) > 0).all():
            ascending = np.argsort(keys)
            keys, raw = keys[ascending], raw[ascending]
        if (np.diff(keys) == 0).any() or not np.isfinite(raw).all():
            raise ValueError("ids must differ and vectors must be finite")
        if len(raw):
            raw -= raw.mean(axis=0) * np.float32(len(raw) / (len(raw) + SHRINKAGE))
        length = np.sqrt(np.einsum("ij,ij->i", raw, raw))[:, None]  # a third of the time of np.linalg.norm
        raw /= np.where(length > 0, length, 1)
        return cls(keys, raw)

    def __len__(self) -> int:
        return len(self.ids)

    def known(self, ids: Collection[int]) -> NDArray[np.bool_]:
        """Tell which of these ids have an embedding."""
        return rows_in(self.ids, np.fromiter(ids, np.int64, len(ids)))[0]

    def rows(self, ids: Collection[int]) -> NDArray[np.intp]:
        """Find the rows of these ids. Raises UnknownTrack for one without an embedding."""
        keys = np.fromiter(ids, np.int64, len(ids))
        known, rows = rows_in(self.ids, keys)
        if not known.all():
            unknown = int(keys[~known][0])
            raise UnknownTrack(
                f"Track {unknown} cannot be compared: it was not analysed, or is too short or silent."
                " Run `essentialist analyze` on its folder first."
            )
        return rows

    def placed(self, ids: Collection[int]) -> NDArray[np.float32]:
        """Give the vectors of these ids, shape (len(ids), d), 0 where there is none: like nothing, unlike nothing."""
        known, rows = rows_in(self.ids, np.fromiter(ids, np.int64, len(ids)))
        vectors = np.zeros((len(ids), self.vectors.shape[1]), np.float32)
        vectors[known] = self.vectors[rows]
        return vectors


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A track near a seed. `similarity` is the cosine to `seed`, -1 to 1; without like seeds, `seed` is None."""

    id: int
    similarity: float
    seed: int | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Tracks near the seeds, best first.

    Attributes
    ----------
    ids : int64 array of shape (n,)
    similarities : float32 array of shape (n,), -1 to 1, each to the seed that brought the track
    """

    ids: NDArray[np.int64]
    similarities: NDArray[np.float32]


def nearest(
    embeddings: Embeddings,
    like: int | Mapping[int, float],
    n: int,
    *,
    unlike: Mapping[int, float] = NO_SEEDS,
    exclude: Collection[int] = (),
) -> Neighbours:
    """Find the `n` tracks most like the seeds and not among them; fewer where the collection ends.

    Parameters
    ----------
    like : id of a seed, or weights above 0 by id
    unlike : weights above 0 by id, of tracks to keep away from
    exclude : ids never to return

    Raises
    ------
    UnknownTrack
        A seed has no embedding.
    PlaylistError
        There is no seed, or a weight is not above 0.
    """
    seeds = {like: 1.0} if isinstance(like, int) else like
    found = list(islice(_ranked(embeddings, seeds, unlike, exclude, n), n))
    return Neighbours(
        np.array([neighbour.id for neighbour in found], np.int64),
        np.array([neighbour.similarity for neighbour in found], np.float32),
    )


def ranked(
    embeddings: Embeddings,
    like: Mapping[int, float],
    *,
    unlike: Mapping[int, float] = NO_SEEDS,
    exclude: Collection[int] = (),
) -> Iterator[Neighbour]:
    """Every track but the seeds, from the most to the least alike; as `nearest`, without an end."""
    return _ranked(embeddings, like, unlike, exclude, len(embeddings))


def _ranked(
    embeddings: Embeddings,
    like: Mapping[int, float],
    unlike: Mapping[int, float],
    exclude: Collection[int],
    n: int,
) -> Iterator[Neighbour]:
    """Neighbours in order; right for the first `n` of them."""
    _check(like, unlike)
    similarities = _cosines(embeddings, like)
    worth = similarities - _penalty(embeddings, unlike)
    barred = np.array([*like, *unlike, *exclude], np.int64)
    worth[:, np.isin(embeddings.ids, barred)] = -np.inf
    orders = [_best(row, n) for row in worth]
    seeds: list[int | None] = [*like] or [None]
    for turn, row in _turns(orders, list(like.values()) or [1.0]):
        yield Neighbour(int(embeddings.ids[row]), float(similarities[turn, row]), seeds[turn])


def _check(like: Mapping[int, float], unlike: Mapping[int, float]) -> None:
    if not like and not unlike:
        raise PlaylistError("There is no track to be like or unlike. Name at least one.")
    if any(not weight > 0 for weight in (*like.values(), *unlike.values())):
        raise PlaylistError("A weight must be above 0. To keep away from a track, name it as unlike.")


def _cosines(embeddings: Embeddings, like: Mapping[int, float]) -> NDArray[np.float32]:
    """Shape (seeds, n); one row of zeros where there is no seed."""
    if not like:
        return np.zeros((1, len(embeddings)), np.float32)
    vectors = embeddings.vectors
    # One product of matrix and vector a seed: faster than one of two matrices with so few columns.
    cosines = np.stack([vectors @ vectors[row] for row in embeddings.rows(like)])
    return np.round(cosines, DECIMALS).clip(-1, 1)


def _penalty(embeddings: Embeddings, unlike: Mapping[int, float]) -> NDArray[np.float32]:
    """Price nearness to unlike seeds, shape (n,). An opposite sound is no merit of its own."""
    if not unlike:
        return np.zeros(len(embeddings), np.float32)
    weights = np.fromiter(unlike.values(), np.float32, len(unlike))
    nearness = np.maximum(_cosines(embeddings, unlike), 0) * weights[:, None]
    return np.asarray(np.float32(PUSH) * nearness.max(axis=0), np.float32)


def _best(worth: NDArray[np.float32], n: int) -> NDArray[np.intp]:
    """Rows of the `n` largest values, largest first, ties by row (and so by id); none that is -inf."""
    n = min(n, int(np.count_nonzero(worth > -np.inf)))
    if n == 0:
        return np.empty(0, np.intp)
    least = np.partition(worth, len(worth) - n)[len(worth) - n]
    above = np.flatnonzero(worth > least)
    rows = np.concatenate([above, np.flatnonzero(worth == least)[: n - len(above)]])
    return np.asarray(rows[np.lexsort((rows, -worth[rows]))], np.intp)


def _turns(orders: list[NDArray[np.intp]], weights: list[float]) -> Iterator[tuple[int, int]]:
    """Seeds take turns in proportion to their weights, each its best row that is still free: (seed, row)."""
    queues = [iter(order.tolist()) for order in orders]
    taken: set[int] = set()
    turns = [0] * len(queues)
    waiting = set(range(len(queues)))
    while waiting:
        turn = min(waiting, key=lambda seed: ((turns[seed] + 1) / weights[seed], seed))
        row = next((row for row in queues[turn] if row not in taken), None)
        if row is None:
            waiting.remove(turn)
            continue
        turns[turn] += 1
        taken.add(row)
        yield turn, row
