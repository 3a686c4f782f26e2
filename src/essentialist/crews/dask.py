"""Workers of a Dask cluster that see the files, perhaps under another folder. Needs the extra `dask` (distributed).

No more tasks are sent than the cluster has threads: a worker that is lost takes with it only what it was listening to,
which Dask gives to another one, up to its own limit (`distributed.scheduler.allowed-failures`). A scheduler that is
lost takes all that is in work; it is sent again when the scheduler is back. The catalogue stays here.
"""

from __future__ import annotations

import logging
import time
import uuid
import warnings
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from distributed import Client, Future, KilledWorker, TimeoutError

from essentialist.crews._on_dask_worker import UNSEEN, Listening, expectations, listen_there
from essentialist.errors import CrewError, EssentialistError
from essentialist.tasks import Report, Returned, Unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from essentialist.analysis import Heard
    from essentialist.settings import Settings
    from essentialist.tasks import Task

Answer: TypeAlias = "Heard | Unheard"

LOOK_EVERY_S = 0.5
PATIENCE_S = 30.0  # with a scheduler that does not answer, or has no workers
GONE = (OSError, TimeoutError)  # which Python 3.10 tells apart
GO_ON = "What was finished is kept, and the same command goes on from here."


class Cluster:
    """The workers of a scheduler; use it as a context."""

    sees_catalog = False

    def __init__(self, settings: Settings, remark: Callable[[str], None]) -> None:
        self.address = settings.dask
        self.map_root = settings.map_root
        self.remark = remark
        self.listening = Listening(settings.timeout_s, settings.worker_memory_mb)
        self.expected: Mapping[str, str] = {}
        self.in_hand: dict[Future[Answer], Task] = {}
        self.back: SimpleQueue[Future[Answer]] = SimpleQueue()
        self.sent: list[Task] = []
        self.ready_at = ""
        self.n_threads = 0
        self.looked = 0.0
        self.alone_since: float | None = None

    def __enter__(self) -> Cluster:
        for name in ("distributed", "distributed.client", "distributed.core"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what concerns the run is said by the run
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of other versions there: what matters is checked with each task
                self.client = Client(self.address, timeout=PATIENCE_S, set_as_default=False, name="essentialist")
        except (*GONE, ValueError) as error:
            raise CrewError(
                f"No Dask scheduler answers at {self.address}: start one with `dask scheduler` and its workers with"
                f" `dask worker {self.address}`, or leave --dask out."
            ) from error
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(*GONE):  # where the scheduler is gone, so is the plugin
            if self.client.status == "running":
                self.client.unregister_worker_plugin(self.listening.name)
        with suppress(*GONE):
            self.client.close(timeout=1)

    @property
    def n_wanted(self) -> int:
        """As many as there are threads; workers come and go."""
        self._look()
        return self.n_threads - len(self.in_hand)

    def send(self, task: Task) -> None:
        """Give a task to Dask."""
        self.expected = self.expected or expectations(task)
        key = f"{self.listening.name}-{uuid.uuid4().hex}"
        there = replace(task, there=self._there(task))
        future = self.client.submit(listen_there, there, self.listening.name, self.expected, key=key, pure=False)
        self.in_hand[future] = task
        self.sent.append(task)
        future.add_done_callback(self.back.put)

    def wait(self) -> Report[Task, Heard]:
        """What came back; the scheduler and its workers are looked at meanwhile."""
        self._look()
        returned = tuple(self._returned(future) for future in self._coming())
        begun, self.sent = tuple(self.sent), []
        return Report(begun, returned)

    def _returned(self, future: Future[Answer]) -> Returned[Task, Heard]:
        task = self.in_hand[future]
        result = self._result(future)
        del self.in_hand[future]
        return Returned(task, result)

    def _there(self, task: Task) -> Path | None:
        """Where workers find a file, by the first mapping that says so."""
        places = (mapping.apply(str(task.file.absolute)) for mapping in self.map_root)
        return next((Path(place) for place in places if place), None)

    def _coming(self) -> Iterator[Future[Answer]]:
        with suppress(Empty):
            yield self.back.get(timeout=LOOK_EVERY_S)
            while True:
                yield self.back.get_nowait()

    def _look(self) -> None:
        """Ask now and then how many workers there are; raises CrewError when there were none for too long."""
        now = time.monotonic()
        if self.looked and now - self.looked < LOOK_EVERY_S:
            return
        self.n_threads = self._ask()
        self.looked = time.monotonic()
        if self.n_threads:
            self.alone_since = None
            return
        is_there = self.client.status == "running"
        if self.alone_since is None:
            self.alone_since = now
            self.remark(f"waiting for {'a worker of ' * is_there}the Dask scheduler at {self.address}")
        elif now - self.alone_since > PATIENCE_S:
            missing = "has no workers" if is_there else "went away"
            raise CrewError(f"The Dask scheduler at {self.address} {missing}: start what is missing. {GO_ON}")

    def _ask(self) -> int:
        """How many threads the cluster has; one that is new, or new again, is made ready first."""
        if self.client.status != "running":
            return 0
        try:
            scheduler = self.client.scheduler_info()["id"]
            if scheduler != self.ready_at:
                self.client.register_plugin(self.listening)
                self.ready_at = scheduler
            return sum(self.client.nthreads().values())
        except GONE:
            return 0

    def _result(self, future: Future[Answer]) -> Heard | Unheard | None:
        """What came of a future; only what stops every track, not what stops one, is raised."""
        try:
            result: Heard | Unheard = future.result(timeout=PATIENCE_S)
        except EssentialistError:
            raise
        except KilledWorker as error:
            n_lost = error.allowed_failures + 1
            return Unheard("crash", f"{n_lost} Dask workers were lost while they listened to it; see their logs")
        except (*GONE, CancelledError):  # the scheduler went away, or the worker with the result
            return None
        except Exception as error:
            raise CrewError(
                f"The Dask workers cannot listen ({type(error).__name__}: {error}): install the same release of"
                f" essentialist there. {GO_ON}"
            ) from error
        return self._seen(future, result)

    def _seen(self, future: Future[Answer], result: Heard | Unheard) -> Heard | Unheard:
        """The result, unless the worker did not find the file: then it is gone, or the worker is in a wrong place."""
        if not isinstance(result, Unheard) or result.stage != UNSEEN:
            return result
        file = self.in_hand[future].file.absolute
        if not file.exists():
            return Unheard("read", "the file went away; run the analysis again")
        raise CrewError(
            f"The Dask worker {result.reason} does not see {file}: mount its folder there, or say where it lies with"
            f" --map-root HERE=THERE. {GO_ON}"
        )


def crew(settings: Settings, n_tasks: int, remark: Callable[[str], None]) -> Cluster:
    """The cluster of the scheduler that the settings name."""
    return Cluster(settings, remark)
