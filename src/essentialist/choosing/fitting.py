"""Which tracks fill a time: the first choice that meets it, or the one that comes nearest from below.

Depth first, in the order of the ranking, so that better tracks are tried first. Branches that cannot come nearer than
what was found are cut off, and so is the search after a number of looks: among few tracks the answer is exact, and
among many there is nearly always one that fits.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOKS: Final = 3_000


class Gap(NamedTuple):
    """A time to be filled, in s: at least `least`, where that is possible, and at most `most`."""

    least: float
    most: float


def fitting(
    durations: Sequence[float], gap: Gap, enter: Callable[[int], bool], leave: Callable[[int], None]
) -> tuple[int, ...]:
    """Find rows whose durations, in s and above 0, fill the gap; otherwise those that come nearest without overrunning.

    `enter` tells whether a row may join those that are inside and lets it in, `leave` undoes that; nobody is inside
    when it is over.
    """
    search = _Search(durations, gap, enter, leave)
    search.go(0, 0.0)
    return search.best


class _Search:
    def __init__(
        self, durations: Sequence[float], gap: Gap, enter: Callable[[int], bool], leave: Callable[[int], None]
    ) -> None:
        self.durations, self.gap, self.enter, self.leave = durations, gap, enter, leave
        self.looks = LOOKS
        self.all_behind = [*accumulate(reversed(durations), initial=0.0)][::-1]
        self.shortest_behind = [*accumulate(reversed(durations), min, initial=float("inf"))][::-1]
        self.inside: list[int] = []
        self.best: tuple[int, ...] = ()
        self.best_s = 0.0

    @property
    def is_over(self) -> bool:
        return self.best_s >= self.gap.least or self.looks <= 0

    def go(self, row: int, filled_s: float) -> None:
        """Try every choice of this row and those behind it, beside what is inside."""
        if filled_s > self.best_s:
            self.best, self.best_s = tuple(self.inside), filled_s
        room_s = self.gap.most - filled_s
        while row < len(self.durations) and not self.is_over:
            if filled_s + self.all_behind[row] <= self.best_s or self.shortest_behind[row] > room_s:
                return
            self.looks -= 1
            if self.durations[row] <= room_s and self.enter(row):
                self.inside.append(row)
                self.go(row + 1, filled_s + self.durations[row])
                self.inside.pop()
                self.leave(row)
            row += 1
