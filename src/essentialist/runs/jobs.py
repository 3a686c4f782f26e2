"""Analyses as the catalogue knows them, for whoever looks on: which is under way, how far, and how the last one ended.

The process that analyses writes its row about once a second (`Journal`); anybody may read it (`latest`). Paths in it
are other people's names, with bytes that are not UTF-8 shown as U+FFFD.
"""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from essentialist.runs.progress import Progress, Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.catalogue.catalog import Catalog
    from essentialist.catalogue.recorder import Recorder
    from essentialist.runs.ledger import Fate
    from essentialist.runs.planning import Plan
    from essentialist.tasks import Task

WRITE_EVERY_S: Final = 1.0
SILENT_S: Final = 300.0  # without a sign of life, an analysis is taken to have been killed


class Journal(Tally):
    """Writes into the catalogue how far a run is, at most once a second."""

    def __init__(self, recorder: Recorder, run_id: int) -> None:
        super().__init__()
        self._recorder = recorder
        self._run_id = run_id
        self._written = -WRITE_EVERY_S

    def planned(self, plan: Plan) -> None:
        """Count and write."""
        super().planned(plan)
        self._write()

    def started(self, task: Task) -> None:
        """Count and write."""
        super().started(task)
        self._write()

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """Count and write."""
        super().finished(task, fate, reason)
        self._write()

    def waiting(self) -> None:
        """Give a sign of life."""
        self._write()

    def _write(self) -> None:
        if self._clock() - self._written >= WRITE_EVERY_S:
            self._written = self._clock()
            progress = self.progress()
            now = tuple(os.fsencode(path).decode(errors="replace") for path in progress.now)
            self._recorder.note_progress(self._run_id, replace(progress, now=now))


@dataclass(frozen=True, slots=True)
class Job:
    """One analysis. Times are seconds since 1970; `finished` is None while it is under way, or was killed.

    `ledger` is empty until it is finished, and of one that ended in an error.
    """

    host: str
    pid: int
    started: float
    seen: float
    finished: float | None
    progress: Progress
    ledger: Mapping[str, float]

    @property
    def is_running(self) -> bool:
        """Whether the process is still at it: it gives signs of life, and on this machine it is there."""
        if self.finished is not None or abs(time.time() - self.seen) > SILENT_S:
            return False
        return self.host != platform.node() or is_alive(self.pid)


def latest(catalog: Catalog) -> Job | None:
    """The analysis under way, or the last one; None where there was none."""
    with catalog.reading() as db:
        row = db.execute(
            "SELECT host, pid, started, seen, finished, progress, ledger FROM run ORDER BY id DESC LIMIT 1"
        ).fetchone()
    if row is None:
        return None
    noted = json.loads(row["progress"])
    return Job(
        host=row["host"],
        pid=row["pid"],
        started=row["started"],
        seen=row["seen"],
        finished=row["finished"],
        progress=Progress(**{**noted, "now": tuple(noted.get("now", ()))}),
        ledger=json.loads(row["ledger"]),
    )


def is_alive(pid: int) -> bool:
    """Whether a process of this machine exists."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
