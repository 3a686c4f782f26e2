"""Many tracks: files to worker processes, results to the catalogue, one transaction a track.

Workers are processes, started afresh ("spawn") since the libraries in them keep threads and state that a fork would
break. A worker that crashes or takes too long costs its file only, which becomes a failure; the pool goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from pebble import ProcessExpired, ProcessPool

from essentialist.descriptors import extractors
from essentialist.listening import Task, Unheard, listen, start_worker
from essentialist.planning import Plan, Wanted, plan
from essentialist.recorder import Recorder

if TYPE_CHECKING:
    from essentialist.analysis import Heard
    from essentialist.catalog import Catalog
    from essentialist.ledger import Fate, Ledger
    from essentialist.settings import Settings

QUEUED_PER_WORKER = 2  # so that a worker never waits for the parent
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # the workers fill the cores already


class Observer(Protocol):
    """Who watches a run."""

    def planned(self, plan: Plan) -> None:
        """The walk is done; this is what is to do."""

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """One file is done; `reason` says why where it failed."""


class Silent:
    """An observer that does not mind."""

    def planned(self, plan: Plan) -> None:
        """Nothing to say."""

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """Nothing to say."""


def analyze(catalog: Catalog, wanted: Wanted, settings: Settings, observer: Observer | None = None) -> Ledger:
    """Bring the catalogue up to date with the folders: what is missing or stale is computed, and nothing else.

    Ctrl-C lets the tracks in work finish, enters them and ends the run; the same call goes on from there.

    Raises CollectionError for folders that cannot be used and CatalogError when the catalogue cannot be written; what
    was entered before stays.
    """
    started = time.monotonic()
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        run_id = recorder.begin_run()
        made = plan(recorder, wanted, settings)
        watcher = observer or Silent()
        watcher.planned(made)
        run = Run(recorder, settings, watcher, made)
        ledger = replace(run.to_the_end(), seconds=time.monotonic() - started)
        recorder.finish_run(run_id, ledger.as_row())
    return ledger


class Run:
    """The tasks of a plan on their way through the workers."""

    def __init__(self, recorder: Recorder, settings: Settings, observer: Observer, made: Plan) -> None:
        self.recorder = recorder
        self.settings = settings
        self.observer = observer
        self.waiting = deque(made.tasks)
        self.ledger = made.ledger
        self.working: dict[Future[Heard | Unheard], Task] = {}

    def to_the_end(self) -> Ledger:
        """Work through all tasks; those that Ctrl-C leaves waiting count as skipped."""
        if self.waiting:
            n_workers = min(self.settings.workers, len(self.waiting))
            os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
            context = multiprocessing.get_context("spawn")
            pool = ProcessPool(max_workers=n_workers, initializer=start_worker, context=context)
            try:
                self._work(pool, n_workers)
            finally:
                pool.stop()
                pool.join()
        return self.ledger.plus("skipped", len(self.waiting))

    def _work(self, pool: ProcessPool, n_workers: int) -> None:
        try:
            while self.waiting or self.working:
                self._feed(pool, n_workers * QUEUED_PER_WORKER)
                self._collect()
        except KeyboardInterrupt:
            while self.working:
                self._collect()

    def _feed(self, pool: ProcessPool, n_queued: int) -> None:
        while self.waiting and len(self.working) < n_queued:
            task = self.waiting.popleft()
            self.working[pool.schedule(listen, args=(task,), timeout=self.settings.timeout_s)] = task

    def _collect(self) -> None:
        """Enter what is done; waits for at least one."""
        done, _ = wait(self.working, return_when=FIRST_COMPLETED)
        for future in done:
            self._enter(self.working.pop(future), self._result(future))

    def _result(self, future: Future[Heard | Unheard]) -> Heard | Unheard:
        try:
            return future.result()
        except (TookTooLong, CancelledError):
            return Unheard("time-out", f"took longer than {self.settings.timeout_s:.0f} s and was stopped")
        except ProcessExpired as error:
            return Unheard("crash", f"the worker crashed (exit code {error.exitcode}); retry with --retry-failed")

    def _enter(self, task: Task, result: Heard | Unheard) -> None:
        if isinstance(result, Unheard):
            self.recorder.fail(task.root_id, task.file, result.stage, result.reason)
            self._tell(task, "failed", result.reason)
        else:
            self._tell(task, self._file(task, result), "")

    def _file(self, task: Task, heard: Heard) -> Fate:
        filing = self.recorder.enter(task.root_id, task.file, heard)
        if filing.is_copy:
            return "duplicates"
        return "analysed" if heard.analysis else "unchanged"

    def _tell(self, task: Task, fate: Fate, reason: str) -> None:
        self.ledger = self.ledger.plus(fate)
        self.observer.finished(task, fate, reason)
