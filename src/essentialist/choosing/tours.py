"""A short way through all points: nearest neighbours first, then 2-opt and Or-opt until nothing gets shorter.

2-opt turns a stretch of the tour round, Or-opt moves up to three points elsewhere (Croes, 1958; Or, 1976). A point that
costs nothing to reach closes the tour, so that both ends are free. No randomness: equal costs give equal tours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)

LONGEST_MOVE: Final = 3  # points moved together by Or-opt
LEAST_GAIN: Final = 1e-5  # of one move; below lies the noise of float32
MOST_SWEEPS: Final = 30
LOOKS: Final = 4_000  # points looked at from in all sweeps together: what bounds the time of a long tour


def short_tour(costs: NDArray[np.float32]) -> NDArray[np.intp]:
    """Order n points so that the costs between neighbours sum to little; `costs` is symmetric, shape (n, n)."""
    n = len(costs)
    closed = np.zeros((n + 1, n + 1), np.float32)
    closed[:n, :n] = costs
    tour = _by_nearest_neighbour(closed)
    for _ in range(min(MOST_SWEEPS, max(1, LOOKS // (n + 1)))):
        gain = _turn_stretches(tour, closed) + _move_points(tour, closed)
        if gain < LEAST_GAIN:
            break
    return tour[1:]


def _by_nearest_neighbour(costs: NDArray[np.float32]) -> NDArray[np.intp]:
    """From the free point to the first one, and from there always to the nearest that is left."""
    n = len(costs) - 1
    tour = np.empty(n + 1, np.intp)
    tour[0] = n
    taken = np.zeros(n + 1, np.float32)
    taken[n] = np.inf
    here = 0
    for position in range(1, n + 1):
        tour[position] = here
        taken[here] = np.inf
        here = int(np.argmin(costs[here] + taken))
    return tour


def _turn_stretches(tour: NDArray[np.intp], costs: NDArray[np.float32]) -> float:
    """One sweep of 2-opt, in place; returns what it gained."""
    gained = 0.0
    after = _nexts(tour)
    steps = costs[tour, after]
    for i in range(len(tour) - 2):
        ends, nexts = tour[i + 2 :], after[i + 2 :]
        gains = (steps[i] + steps[i + 2 :]) - (costs[tour[i]].take(ends) + costs[tour[i + 1]].take(nexts))
        best = int(np.argmax(gains))
        if gains[best] > LEAST_GAIN:
            gained += float(gains[best])
            j = i + 2 + best
            tour[i + 1 : j + 1] = tour[i + 1 : j + 1][::-1].copy()
            after[:-1], after[-1] = tour[1:], tour[0]
            steps[i + 1 : j] = steps[i + 1 : j][::-1].copy()
            steps[i], steps[j] = costs[tour[i], after[i]], costs[tour[j], after[j]]
    return gained


def _move_points(tour: NDArray[np.intp], costs: NDArray[np.float32]) -> float:
    """One sweep of Or-opt, in place; returns what it gained."""
    gained = 0.0
    steps = costs[tour, _nexts(tour)]
    for length in range(1, min(LONGEST_MOVE, len(tour) - 3) + 1):
        for start in range(1, len(tour) - length + 1):
            gain = _move(tour, steps, costs, slice(start, start + length))
            if gain > 0:
                gained += gain
                steps = costs[tour, _nexts(tour)]
    return gained


def _move(tour: NDArray[np.intp], steps: NDArray[np.float32], costs: NDArray[np.float32], stretch: slice) -> float:
    """Move a stretch to where it costs least, turned round if that is better; returns the gain, 0 if none."""
    start, stop = stretch.start, stretch.stop
    first, last = tour[start], tour[stop - 1]
    before, behind = tour[start - 1], tour[stop % len(tour)]
    joint = costs[before, behind]
    saved = steps[start - 1] + steps[stop - 1] - joint
    if saved <= LEAST_GAIN:
        return 0.0
    rest = np.concatenate([tour[:start], tour[stop:]])
    gaps = np.concatenate([steps[: start - 1], [joint], steps[stop:]])
    from_first, from_last = costs[first].take(rest), costs[last].take(rest)
    straight = from_first + _nexts(from_last) - gaps
    turned = from_last + _nexts(from_first) - gaps
    paid = np.minimum(straight, turned)
    best = int(np.argmin(paid))
    gain = float(saved - paid[best])
    if gain <= LEAST_GAIN:
        return 0.0
    moved = tour[stretch].copy()
    tour[:] = np.concatenate(
        [rest[: best + 1], moved[::-1] if turned[best] < straight[best] else moved, rest[best + 1 :]]
    )
    return gain


def _nexts(closed: NDArray[Number]) -> NDArray[Number]:
    """List what follows each place of a closed tour. Several times faster than np.roll."""
    return np.concatenate([closed[1:], closed[:1]])
