"""From one track to another in small steps.

Among all walks with the wished number of steps the cheapest is found exactly, by dynamic programming. A step costs the
fourth power of its distance, so one large jump is dearer than several small ones, and the walk goes round a gap that a
straight line between the ends would fall into. Where it treads a track twice the nearest free one steps in; then
each step moves while that makes the walk cheaper. Weak where nothing lies between the ends: the largest jump is then
the gap that the collection has. `docs/playlists.md` compares it with the straight line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist import measures
from essentialist.choosing.wishes import Pick, Wishes
from essentialist.errors import PlaylistError
from essentialist.playlists import Candidates, Way, param
from essentialist.versions import artist_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.choosing.similarity import Embeddings
    from essentialist.track import Track

POOL: Final = 1_200  # tracks the walk may tread: what bounds its time in a large collection
POOL_OF_ALL: Final = 4 * POOL  # tracks that are left to it once, however often the wishes refuse a part of the walk
MOST_BETWEEN: Final = 400  # tracks; the time of a walk grows with them
SAME_ARTIST: Final = 4.0  # added to a step's cost: that of a step between unrelated tracks
MOST_SWEEPS: Final = 30
LONGEST_TURN: Final = 8  # steps turned round together
LEAST_GAIN: Final = 1e-6
AT_ONCE: Final = 64  # rows that fit into the processor's cache


@dataclass(frozen=True, slots=True)
class Path:
    """Where the path begins and ends."""

    start: Track | None = param("track", None, "the first track")
    end: Track | None = param("track", None, "the last track")
    alike: str = param("measure", measures.USUAL, "in what they should be alike, such as mood or 'sound:2, tempo:1'")


def choose(candidates: Candidates, parameters: Path, wishes: Wishes) -> list[Pick]:
    """Walk from the one track to the other in the wished number of steps, or as many as there can be."""
    start, end = _ends(parameters)
    between = _between(candidates, parameters, POOL)
    n_between = max(0, min(wishes.length.n_tracks(candidates.tracks) - 2, len(between), MOST_BETWEEN))
    tracks = [start, end, *between]
    vectors = candidates.space(parameters.alike, (start, end)).placed([track.id for track in tracks])
    costs = _costs(tracks, vectors)
    steps = _relaxed(_each_once(_walk(costs, n_between), costs), costs)
    return _picks([tracks[step] for step in steps])


def narrow(candidates: Candidates, parameters: Path) -> Candidates:
    """Leave those that a walk may come to, of many: wishes then cost a walk each and no look at all tracks."""
    return replace(candidates, tracks=tuple(_between(candidates, parameters, POOL_OF_ALL)))


def _ends(parameters: Path) -> tuple[Track, Track]:
    start, end = parameters.start, parameters.end
    if start is None or end is None or start.id == end.id:
        raise PlaylistError("A path needs two different tracks. Name the one it begins with and the one it ends with.")
    return start, end


def _between(candidates: Candidates, parameters: Path, size: int) -> list[Track]:
    """Tracks between the ends, of very many so many."""
    start, end = _ends(parameters)
    space = candidates.space(parameters.alike, (start, end))
    ids = np.fromiter((track.id for track in candidates.tracks), np.int64, len(candidates.tracks))
    between = np.flatnonzero(space.known(ids) & (ids != start.id) & (ids != end.id))
    if len(between) > size:
        between = between[_pool(_nearness(space, (start.id, end.id), space.rows(ids[between])), size)]
    return [candidates.tracks[place] for place in between.tolist()]


def _nearness(space: Embeddings, ends: tuple[int, int], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Likeness to either end or to their middle, whichever is most."""
    start, end = space.vectors[space.rows(ends)]
    towards = np.stack([start, end, (start + end) / 2]).T
    if 2 * len(rows) < len(space):
        return _most(space.vectors[rows] @ towards)
    return _most(space.vectors @ towards)[rows]  # to copy most of it is dearer


def _most(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """The greatest of each row of three; faster than numpy's own for so few columns."""
    return np.asarray(np.maximum(np.maximum(likeness[:, 0], likeness[:, 1]), likeness[:, 2]), np.float32)


def _pool(nearness: NDArray[np.float32], size: int) -> NDArray[np.intp]:
    """Cut down many tracks: one half those nearest to the ends, the other half spread evenly over the rest."""
    if len(nearness) <= size:
        return np.arange(len(nearness))
    nearest_first = np.argsort(-nearness, kind="stable")
    others = np.linspace(size // 2, len(nearness) - 1, size - size // 2).astype(np.intp)
    return np.sort(np.concatenate([nearest_first[: size // 2], nearest_first[others]]))


def _costs(tracks: list[Track], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cost of each step, shape (n, n): the distance to the fourth, more between tracks of one artist."""
    numbers: dict[object, int] = {}
    artists = np.array([numbers.setdefault(artist_key(track), len(numbers)) for track in tracks])
    costs = np.asarray(vectors @ vectors.T, np.float32)
    costs *= -2  # in place: another array of this size costs more than what is computed
    costs += 2
    np.maximum(costs, 0, out=costs)
    np.square(costs, out=costs)
    np.add(costs, SAME_ARTIST, out=costs, where=artists[:, None] == artists)
    np.fill_diagonal(costs, np.inf)
    return costs


def _walk(costs: NDArray[np.float32], n_between: int) -> list[int]:
    """Find the cheapest walk from row 0 to row 1 with so many steps between; it may tread a row twice."""
    cheapest = np.full(len(costs), np.inf, np.float32)
    cheapest[0] = 0
    origins, rows = [], np.arange(len(costs))
    for _ in range(n_between):
        origin = np.empty(len(costs), np.intp)
        for first in range(0, len(costs), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            np.add(costs[some], cheapest).argmin(axis=1, out=origin[some])  # row v of `costs` holds the steps to v too
        origins.append(origin)
        cheapest = costs[rows, origin] + cheapest[origin]
        cheapest[:2] = np.inf
    row = int(np.argmin(costs[1] + cheapest))
    steps = [1, row] if n_between else [1]
    for origin in reversed(origins):
        row = int(origin[row])
        steps.append(row)
    return steps[::-1] if n_between else [0, 1]


def _each_once(steps: list[int], costs: NDArray[np.float32]) -> list[int]:
    """Put the nearest free row where one comes again."""
    free = np.zeros(len(costs), np.float32)
    free[steps] = np.inf
    seen: set[int] = set()
    for place, row in enumerate(steps):
        if row in seen:
            steps[place] = int(np.argmin(costs[row] + free))
            free[steps[place]] = np.inf
        seen.add(steps[place])
    return steps


def _relaxed(steps: list[int], costs: NDArray[np.float32]) -> list[int]:
    """Replace inner steps and turn stretches of them while that costs less."""
    total = _total(steps, costs)
    for _ in range(MOST_SWEEPS):
        _replace(steps, costs)
        _turn(steps, costs)
        before, total = total, _total(steps, costs)
        if before - total < LEAST_GAIN:
            break
    return steps


def _replace(steps: list[int], costs: NDArray[np.float32]) -> None:
    """Give each inner place the free row that costs least there."""
    for place in range(1, len(steps) - 1):
        cost = costs[steps[place - 1]] + costs[steps[place + 1]]
        now = cost[steps[place]]
        cost[steps] = np.inf
        best = int(np.argmin(cost))
        if cost[best] < now - LEAST_GAIN:
            steps[place] = best


def _turn(steps: list[int], costs: NDArray[np.float32]) -> None:
    """Turn a stretch of inner steps round where that costs less."""
    for first in range(1, len(steps) - 2):
        for stop in range(first + 2, min(first + LONGEST_TURN, len(steps) - 1) + 1):
            before, behind = steps[first - 1], steps[stop]
            now = costs[before, steps[first]] + costs[steps[stop - 1], behind]
            if costs[before, steps[stop - 1]] + costs[steps[first], behind] < now - LEAST_GAIN:
                steps[first:stop] = steps[first:stop][::-1]


def _total(steps: list[int], costs: NDArray[np.float32]) -> float:
    rows = np.array(steps)
    return float(costs[rows[:-1], rows[1:]].sum())


def _picks(tracks: list[Track]) -> list[Pick]:
    last = len(tracks) - 1
    ends = f"from {tracks[0].title} to {tracks[-1].title}"
    reasons = [
        "where the path begins",
        *(f"on the way {ends}" for _ in range(1, last)),
        "where the path ends",
    ]
    return [
        Pick(track, reason, asked=place in {0, last})
        for place, (track, reason) in enumerate(zip(tracks, reasons, strict=True))
    ]


WAY = Way("path", "From one track to another", Path, choose, order="as-is", linked=True, whole=True, narrow=narrow)
