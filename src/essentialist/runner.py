"""Many tracks: files to worker processes, results to the catalogue, one transaction a track.

Workers are processes, started afresh ("spawn") since the libraries in them keep threads and state that a fork would
break. A worker that crashes or takes too long costs its file only, which becomes a failure; the pool goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import resource_tracker
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from essentialist import inventory
from essentialist.analysis import missing
from essentialist.descriptors import usable
from essentialist.errors import EssentialistError
from essentialist.jobs import Journal
from essentialist.listening import Task, Unheard, listen, start_worker
from essentialist.observing import Observers
from essentialist.planning import Plan, Recollection, Wanted, plan
from essentialist.recorder import Recorder
from essentialist.remembering import remember

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from essentialist.analysis import Analysis, Heard
    from essentialist.catalog import Catalog
    from essentialist.ledger import Fate, Ledger
    from essentialist.observing import Observer
    from essentialist.settings import Settings

QUEUED_PER_WORKER = 2  # so that a worker never waits for the parent
LOOK_EVERY_S = 5.0  # whether the pool still works
FRUITLESS_POOLS = 3  # in a row, before it is clear that workers cannot live here
AGAIN = "the next run tries once more, then --retry-failed does"
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # the workers fill the cores already


def analyze(catalog: Catalog, wanted: Wanted, settings: Settings, observer: Observer | None = None) -> Ledger:
    """Bring the catalogue up to date with the folders: what is missing or stale is computed, and nothing else.

    Ctrl-C lets the tracks in work finish, enters them and ends the run; the same call goes on from there.

    Raises CollectionError for folders that cannot be used and CatalogError when the catalogue cannot be written; what
    was entered before stays.
    """
    started = time.monotonic()
    with Recorder(catalog) as recorder, recorder.run() as run_id:
        made = plan(recorder, wanted, settings)
        recorder.learn(usable(made.installed))
        watchers = Observers(Journal(recorder, run_id), *([observer] if observer else []))
        watchers.planned(made)
        run = Run(recorder, settings, watchers, made)
        ledger = replace(run.to_the_end(), seconds=time.monotonic() - started)
        if not run.waiting:  # or what seems unheld may be in a file that was not listened to yet
            recorder.forget_unheld()
        recorder.finish_run(run_id, ledger.as_row())
    return ledger


class Run:
    """The tasks of a plan on their way through the workers."""

    def __init__(self, recorder: Recorder, settings: Settings, observer: Observer, made: Plan) -> None:
        self.recorder = recorder
        self.settings = settings
        self.observer = observer
        self.waiting = deque(made.tasks)
        self.recollections = made.recollections
        self.ledger = made.ledger
        self.working: dict[Future[Heard | Unheard], Task] = {}

    def to_the_end(self) -> Ledger:
        """Work through all tasks; those that Ctrl-C leaves waiting count as skipped."""
        os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
        n_fruitless = 0
        with stop_asked_for() as asked:
            self._remember(asked)
            while self.waiting and not asked.is_set():
                n_found = self.ledger.found
                try:
                    self._work(asked)
                except BrokenProcessPool:  # a worker was killed while it had nothing to do
                    n_fruitless = 0 if self.ledger.found > n_found else n_fruitless + 1
                    if n_fruitless == FRUITLESS_POOLS:
                        raise
                    self.waiting.extendleft(reversed(self.working.values()))
                    self.working.clear()
        return self.ledger.plus("skipped", len(self.waiting))

    def _remember(self, asked: Event) -> None:
        """Compute from kept patches what can be; the rest waits to be listened to."""
        for each in self.recollections:
            analysis = None if asked.is_set() else self._remembered(each)
            if analysis is None:
                self.waiting.append(each.task)
                continue
            self.recorder.enter_values(each.track_id, analysis)
            self._tell(each.task, "duplicates" if each.is_copy else "analysed", "")

    def _remembered(self, each: Recollection) -> Analysis | None:
        fingerprint = inventory.fingerprint(self.recorder.db, each.track_id)
        known = self.recorder.catalog.computed(fingerprint) or {}
        lacking = missing(usable(each.task.installed), known, each.task.profile)
        return remember(self.recorder.patches, fingerprint, each.task.file.absolute, lacking, each.task.profile)

    def _work(self, asked: Event) -> None:
        n_workers = min(self.settings.workers, len(self.waiting))
        with workers(n_workers) as pool:
            while self.working or (self.waiting and not asked.is_set()):
                if not asked.is_set():
                    self._feed(pool, n_workers * QUEUED_PER_WORKER)
                self._collect(pool)

    def _feed(self, pool: ProcessPool, n_queued: int) -> None:
        while self.waiting and len(self.working) < n_queued:
            if self.waiting[0].waits and not all(task.waits for task in self.working.values()):
                return
            if not pool.active:
                raise BrokenProcessPool
            future = pool.schedule(listen, args=(self.waiting[0],), timeout=self.settings.timeout_s)
            self.working[future] = self.waiting.popleft()

    def _collect(self, pool: ProcessPool) -> None:
        """Enter what is done; waits for some of it, but not on a pool that broke and forgot its tasks."""
        done, _ = wait(self.working, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
        if not done and not pool.active:
            raise BrokenProcessPool
        if not done:
            self.observer.waiting()
        for future in done:
            self._enter(self.working[future], self._result(future))
            del self.working[future]

    def _result(self, future: Future[Heard | Unheard]) -> Heard | Unheard:
        """What a worker answered; only what stops every track, not what stops one, is raised."""
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, EssentialistError | BrokenProcessPool):
            raise error
        if isinstance(error, TookTooLong):
            return Unheard("time-out", f"took longer than {self.settings.timeout_s:g} s and was stopped; {AGAIN}")
        if isinstance(error, ProcessExpired):
            return Unheard("crash", f"the worker crashed (exit code {error.exitcode}); {AGAIN}")
        return Unheard("unexpected", f"{type(error).__name__}: {error}; please report it".replace("\n", " "))

    def _enter(self, task: Task, result: Heard | Unheard) -> None:
        if isinstance(result, Unheard):
            self.recorder.fail(task.file, result.stage, result.reason)
            self._tell(task, "failed", result.reason)
            return
        if result.sound:
            self.observer.heard(task, result.sound.duration)
        filing = self.recorder.enter(task.file, result)
        if filing is None:  # another run struck the recording out meanwhile
            self.waiting.append(replace(task, may_be_known=False))
        elif filing.is_copy:
            self._tell(task, "duplicates", "")
        else:
            self._tell(task, "analysed" if result.analysis else "unchanged", "")

    def _tell(self, task: Task, fate: Fate, reason: str) -> None:
        self.ledger = self.ledger.plus(fate)
        self.observer.finished(task, fate, reason)


@contextmanager
def workers(n_workers: int) -> Iterator[ProcessPool]:
    """Processes that listen; stopped at the end, whatever they do."""
    pool = ProcessPool(n_workers, initializer=start_worker, context=multiprocessing.get_context("spawn"))
    try:
        with sheltered_from_ctrl_c():
            pool.active  # noqa: B018 - starts the workers
        yield pool
    finally:
        pool.stop()
        pool.join()


@contextmanager
def sheltered_from_ctrl_c() -> Iterator[None]:
    """What is started here never sees Ctrl-C, not even while it is too young to ignore it."""
    resource_tracker.ensure_running()  # lifts the block when it starts, so it has to run before
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def stop_asked_for() -> Iterator[Event]:
    """An event that Ctrl-C sets; pressed again, it interrupts at once. Only the main thread hears it."""
    asked = Event()
    before = signal.getsignal(signal.SIGINT)
    if before != signal.default_int_handler or current_thread() is not main_thread():
        yield asked
        return

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, stop)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
