"""Processes of this machine that work on files: what one of them does to its process costs no other.

They are started afresh ("spawn"), at 0.3 s of one core each: a server that forks them with the libraries loaded would
not be safe, since ONNX Runtime starts a thread when it is imported. Pebble keeps the pool: a process that crashes costs
the file in its hands and is replaced. Time is measured here, by a clock that nobody can set, and memory is looked at
from here: a process in the middle of native code could do neither.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING, Generic

import psutil
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from essentialist.errors import CrewError, EssentialistError
from essentialist.one_thread import demand_one_thread
from essentialist.tasks import R, Report, Returned, T, Unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self


QUEUED_PER_WORKER = 2  # so that a worker never waits for the parent
LOOK_EVERY_S = 0.5
FRUITLESS_POOLS = 3  # in a row, before it is clear that workers cannot live here
TOO_LARGE = signal.SIGUSR2
"""What ends a worker over its limit of memory: its exit code says why, also to a pool that did not send it."""


class Listener(SpawnProcess):
    """A worker process, told from all other children of this one."""


class _Context(SpawnContext):
    """Makes processes that are known as listeners."""

    Process = Listener


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take; `again` says of one that took more when it is tried again."""

    timeout_s: float
    memory_mb: float
    again: str


class Workers(Generic[T, R]):
    """A pool of processes that do one kind of `work`; use it as a context.

    What is wrong with a file is an answer of the work, not an error.
    """

    def __init__(self, work: Callable[[T], R | Unheard], n_workers: int, limits: Limits) -> None:
        self.work = work
        self.n_workers = n_workers
        self.limits = limits
        self.in_hand: dict[Future[R | Unheard], T] = {}
        self.begun: dict[Future[R | Unheard], float] = {}
        self.n_fruitless = 0

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        self.pool.stop()
        for listener in listeners():
            listener.kill()
        self.pool.join()

    @property
    def n_wanted(self) -> int:
        """As many as there are workers, and one more for each to begin with when it is done."""
        return self.n_workers * QUEUED_PER_WORKER - len(self.in_hand) if self.pool.active else 0

    def send(self, task: T) -> None:
        """Give a task to the pool."""
        try:
            future = self.pool.schedule(self.work, args=(task,))
        except RuntimeError:  # it broke just now: the task comes back as lost
            future = ProcessFuture()
            future.set_exception(BrokenProcessPool())
        self.in_hand[future] = task

    def wait(self) -> Report[T, R]:
        """What has happened in the pool; what is over a limit is ended, a broken pool is made anew."""
        done, _ = wait(self.in_hand, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
        begun = tuple(self._note_begun())
        self._end_what_takes_too_long()
        self._end_what_is_too_large()
        returned: list[Returned[T, R]] = [Returned(self.in_hand.pop(future), self._result(future)) for future in done]
        if any(each.result for each in returned):
            self.n_fruitless = 0
        if not self.pool.active:
            returned += [Returned(task, None) for task in self.in_hand.values()]
            self._start_again()
        self.begun = {future: since for future, since in self.begun.items() if future in self.in_hand}
        return Report(begun, tuple(returned))

    def _start(self) -> None:
        demand_one_thread()
        self.pool = ProcessPool(self.n_workers, initializer=start_worker, context=_Context())
        with sheltered():
            self.pool.active  # noqa: B018 - starts the workers

    def _start_again(self) -> None:
        """A worker was killed while it had nothing to do, and with it went the pool."""
        self.n_fruitless += 1
        if self.n_fruitless == FRUITLESS_POOLS:
            raise CrewError(
                "The processes that listen end before they begin: see whether something kills them, such as a limit"
                " of memory. What was finished is kept, and the same command goes on from here."
            )
        self.in_hand.clear()
        self.pool.stop()
        self.pool.join()
        self._start()

    def _note_begun(self) -> Iterator[T]:
        for future, task in self.in_hand.items():
            if future not in self.begun and future.running():
                self.begun[future] = time.monotonic()
                yield task

    def _end_what_takes_too_long(self) -> None:
        """Not by Pebble's own limit, which goes by the clock on the wall."""
        now = time.monotonic()
        for future, since in self.begun.items():
            if now - since > self.limits.timeout_s:
                future.cancel()

    def _end_what_is_too_large(self) -> None:
        for listener in listeners():
            with suppress(psutil.Error, ProcessLookupError):  # it has just ended by itself
                if own_memory_mb(listener.pid) > self.limits.memory_mb:
                    os.kill(listener.pid or 0, TOO_LARGE)

    def _result(self, future: Future[R | Unheard]) -> R | Unheard | None:
        """What a worker answered; only what stops every task, not what stops one, is raised."""
        limits = self.limits
        try:
            return future.result()
        except EssentialistError:
            raise
        except BrokenProcessPool:
            return None
        except CancelledError:
            return Unheard("time-out", f"took longer than {limits.timeout_s:g} s and was stopped; {limits.again}")
        except ProcessExpired as error:
            if error.exitcode == -TOO_LARGE:
                reason = f"took more than {limits.memory_mb:,.0f} MB of memory and was stopped; {limits.again}"
                return Unheard("memory", reason)
            return Unheard("crash", f"the worker crashed (exit code {error.exitcode}); {limits.again}")
        except Exception as error:  # noqa: BLE001 - whatever a worker met is a row, not a stop
            return Unheard("unexpected", f"{type(error).__name__}: {error}; please report it".replace("\n", " "))


def start_worker() -> None:
    """Prepare a worker process: the parent decides about Ctrl-C, and no worker outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=die_with, args=(parent.sentinel,), daemon=True).start()


def die_with(sentinel: int) -> None:
    """End this process when the other one has ended, however it did."""
    connection.wait([sentinel])
    os._exit(1)


def listeners() -> list[Listener]:
    """The worker processes of this process."""
    return [child for child in multiprocessing.active_children() if isinstance(child, Listener)]


def own_memory_mb(pid: int | None) -> float:
    """What a process holds in memory for itself; libraries that it shares with others do not count (Linux)."""
    memory = psutil.Process(pid).memory_info()
    return (int(memory.rss) - int(getattr(memory, "shared", 0))) / 1e6


@contextmanager
def sheltered() -> Iterator[None]:
    """What is started here never sees the signals that end a run: its parent decides.

    Not even while it is too young to ignore them; and a service that is stopped may signal all of its processes.
    """
    resource_tracker.ensure_running()  # lifts the block when it starts, so it has to run before
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
