"""How far a run is: counted from what it tells, for the terminal and for the catalogue alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist.runs.observing import Observer
from essentialist.runs.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.runs.ledger import Fate
    from essentialist.runs.planning import Plan
    from essentialist.tasks import Task
    from essentialist.track import AudioFile

MANY: Final = 8  # files being listened to that are named


@dataclass(frozen=True, slots=True)
class Progress:
    """A run at a moment.

    Counts are of files that had something to be computed. `share` of the work that is done, 0 to 1. `seconds_left` and
    `tracks_a_minute` are None while nobody can know. `now`: what is being listened to, as paths within the folder.
    """

    planned: int = 0
    done: int = 0
    failed: int = 0
    share: float = 0.0
    seconds_left: float | None = None
    tracks_a_minute: float | None = None
    now: tuple[str, ...] = ()


class Tally(Observer):
    """Keeps count; what is to be done with it is a subclass's own. The `clock` never jumps (`time.monotonic`)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._pace = Pace((), self._began)
        self._listened: frozenset[AudioFile] = frozenset()
        self._now: dict[AudioFile, None] = {}
        self._n_planned = self._n_done = self._n_failed = 0

    def planned(self, plan: Plan) -> None:
        """Begin to count; what is only remembered costs next to nothing and is no part of the pace."""
        self._began = self._clock()
        self._pace = Pace((task.file for task in plan.tasks), self._began)
        self._n_planned = len(plan.tasks) + len(plan.recollections)
        self._listened = frozenset(task.file for task in plan.tasks)

    def started(self, task: Task) -> None:
        """Note what is being listened to."""
        self._now[task.file] = None

    def heard(self, task: Task, seconds: float) -> None:
        """Learn how long files of a kind are."""
        self._pace.heard(task.file, seconds)

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """Count one file."""
        self._now.pop(task.file, None)
        self._n_done += 1
        self._n_failed += fate == "failed"
        if task.file in self._listened:
            self._pace.done(task.file, self._clock())

    def progress(self) -> Progress:
        """How far the run is."""
        now = self._clock()
        minutes = (now - self._began) / 60
        return Progress(
            planned=self._n_planned,
            done=self._n_done,
            failed=self._n_failed,
            share=self._pace.share_done if self._n_done else 0.0,
            seconds_left=self._pace.seconds_left(now),
            tracks_a_minute=self._n_done / minutes if self._n_done and minutes > 0 else None,
            now=tuple(file.path for file in self._now)[:MANY],
        )
