"""Many tracks: the tasks of a plan to a crew, what comes back to the catalogue, one transaction a track.

Nothing is computed in this process but what heads say of kept patches: it writes.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import replace
from typing import TYPE_CHECKING

from essentialist.analysis import missing
from essentialist.catalogue import inventory
from essentialist.catalogue.recorder import Recorder
from essentialist.catalogue.remembering import Memory
from essentialist.crews import crew_for
from essentialist.descriptors import usable
from essentialist.files.whereabouts import Whereabouts
from essentialist.runs.jobs import Journal
from essentialist.runs.observing import Observers
from essentialist.runs.planning import Plan, Wanted, plan
from essentialist.runs.stopping import Stop, stop_asked_for
from essentialist.tasks import Task, Unheard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.analysis import Heard
    from essentialist.catalogue.catalog import Catalog
    from essentialist.crews import Crew
    from essentialist.runs.ledger import Fate, Ledger
    from essentialist.runs.observing import Observer
    from essentialist.settings import Settings


def analyze(catalog: Catalog, wanted: Wanted, settings: Settings, observer: Observer | None = None) -> Ledger:
    """Bring the catalogue up to date with the folders: what is missing or stale is computed, and nothing else.

    Ctrl-C or SIGTERM lets the tracks in work finish, enters them and ends the run; the same call goes on from there.

    Raises CollectionError for folders that cannot be used, CrewError when nobody can listen and CatalogError when the
    catalogue cannot be written; what was entered before stays.
    """
    started = time.monotonic()
    with Recorder(catalog) as recorder, recorder.run() as run_id:
        made = plan(recorder, wanted, settings)
        recorder.learn(usable(made.installed))
        watchers = Observers(Journal(recorder, run_id), *([observer] if observer else []))
        watchers.planned(made)
        run = Run(recorder, settings, watchers, made)
        ledger = replace(run.to_the_end(), seconds=time.monotonic() - started)
        if not run.waiting and not run.lost:  # or what seems unheld may be in a file that was not listened to yet
            recorder.forget_unheld()
        recorder.finish_run(run_id, ledger.as_row())
    return ledger


class Run:
    """The tasks of a plan on their way to a crew and back."""

    def __init__(self, recorder: Recorder, settings: Settings, observer: Observer, made: Plan) -> None:
        self.recorder = recorder
        self.settings = settings
        self.observer = observer
        self.waiting = deque(made.tasks)
        self.recollections = made.recollections
        self.installed = made.installed
        self.ledger = made.ledger
        self.working: list[Task] = []
        self.lost: Counter[str] = Counter()  # files by root
        self.whereabouts = Whereabouts({task.file.root for task in made.tasks})

    def to_the_end(self) -> Ledger:
        """Work through all tasks; those that a signal leaves waiting, or that went away, count as skipped."""
        with stop_asked_for() as stop:
            self._remember(stop)
            if self.waiting and not stop:
                with crew_for(self.settings, len(self.waiting), self.observer.remarked) as crew:
                    self._work(crew, stop)
        for root, n_files in self.lost.items():
            self.observer.lost(root, n_files)
        if stop.by and self.waiting:
            self.observer.stopped(stop.by, len(self.waiting))
        return self.ledger.plus("skipped", len(self.waiting))

    def _remember(self, stop: Stop) -> None:
        """Compute from kept patches what can be; the rest waits to be listened to."""
        memory = Memory(self.recorder, usable(self.installed), self.settings.profile)
        for each in self.recollections:
            analysis = None if stop else memory.analysis(each.track_id, each.task.file.absolute)
            if analysis is None:
                self.waiting.append(each.task)
                continue
            self.recorder.enter_values(each.track_id, analysis)
            self._tell(each.task, "duplicates" if each.is_copy else "analysed", "")

    def _work(self, crew: Crew, stop: Stop) -> None:
        while self.working or (self.waiting and not stop):
            if not stop:
                self._feed(crew)
            report = crew.wait()
            for task in report.begun:
                self.observer.started(task)
            if not report.returned:
                self.observer.waiting()
            for returned in report.returned:
                self.working.remove(returned.task)
                self._enter(returned.task, returned.result)

    def _feed(self, crew: Crew) -> None:
        for _ in range(crew.n_wanted):
            task = take_next(self.waiting, self.working)
            if task is None:
                return
            if not crew.sees_catalog:
                task = replace(task, catalog=None, known=task.known or inventory.known_of(self.recorder.db, task.file))
            self.working.append(task)
            crew.send(task)

    def _enter(self, task: Task, result: Heard | Unheard | None) -> None:
        if result is None:
            self.waiting.appendleft(task)
        elif isinstance(result, Unheard):
            self._fail(task, result)
        elif result.sound is None and (known := self._known_in_part(task, result.fingerprint)) is not None:
            self.waiting.append(replace(task, may_be_known=False, known=known))
        else:
            self._file(task, result)

    def _known_in_part(self, task: Task, fingerprint: bytes) -> dict[str, str] | None:
        """What is computed of a sound of which something is missing: a worker that sees no catalogue cannot know."""
        known = self.recorder.catalog.computed(fingerprint) or {}
        return dict(known) if missing(usable(task.installed), known, task.profile) else None

    def _file(self, task: Task, heard: Heard) -> None:
        if heard.sound:
            self.observer.heard(task, heard.sound.duration)
        filing = self.recorder.enter(task.file, heard)
        if filing is None:  # another run struck the recording out meanwhile
            self.waiting.append(replace(task, may_be_known=False, known={}))
        elif filing.is_copy:
            self._tell(task, "duplicates", "")
        else:
            self._tell(task, "analysed" if heard.analysis else "unchanged", "")

    def _fail(self, task: Task, unheard: Unheard) -> None:
        if unheard.stage == "read" and (task.file.root in self.lost or self.whereabouts.is_lost(task.file)):
            self._leave(task)
            return
        self.recorder.fail(task.file, unheard.stage, unheard.reason)
        self._tell(task, "failed", unheard.reason)

    def _leave(self, task: Task) -> None:
        """A root went away: its files are nobody's failures, they are left for the next run."""
        root = task.file.root
        if root not in self.lost:
            self.observer.remarked(f"{root} went away")
        left = [task, *(each for each in self.waiting if each.file.root == root)]
        self.waiting = deque(each for each in self.waiting if each.file.root != root)
        self.lost[root] += len(left)
        for each in left:
            self._tell(each, "skipped", f"{root} went away")

    def _tell(self, task: Task, fate: Fate, reason: str) -> None:
        self.ledger = self.ledger.plus(fate)
        self.observer.finished(task, fate, reason)


def take_next(waiting: deque[Task], working: Iterable[Task]) -> Task | None:
    """Take the next task out of those that wait; None where all have to go on waiting.

    One that may be a copy of a file in work waits for that file. It does not wait for another that may be a copy too:
    clips that were cut alike are all of one size, and must not be listened to one by one.
    """
    firsts = {task.file.size for task in working if not task.waits}
    for index, task in enumerate(waiting):
        if not (task.waits and task.file.size in firsts):
            del waiting[index]
            return task
    return None
