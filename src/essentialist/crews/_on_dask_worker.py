"""What runs on the workers of a Dask cluster.

Every thread of a Dask worker keeps a listening process of its own, so that a file that crashes, hangs or fills the
memory is told as on this machine, and the Dask worker goes on and answers its scheduler while native code works.
"""

from __future__ import annotations

import multiprocessing
import uuid
from threading import get_ident
from typing import TYPE_CHECKING, cast

from distributed import WorkerPlugin, get_worker

from essentialist import models
from essentialist.analysis import provenance
from essentialist.crews.local import Local
from essentialist.descriptors import usable
from essentialist.errors import CrewError, ModelError
from essentialist.tasks import Unheard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from distributed import Worker

    from essentialist.analysis import Heard
    from essentialist.tasks import Task

UNSEEN = "unseen"
"""The stage of a file that the worker does not find."""


class Listening(WorkerPlugin):
    """What a run keeps on each Dask worker until it ends: a listening process for each thread."""

    def __init__(self, timeout_s: float, memory_mb: float) -> None:
        self.name = f"essentialist-{uuid.uuid4().hex}"
        self.timeout_s = timeout_s
        self.memory_mb = memory_mb
        self.crews: dict[int, Local] = {}

    def setup(self, worker: Worker) -> None:
        """Let the worker have children, which no daemon may; its nanny ends it all the same."""
        multiprocessing.current_process().daemon = False

    def teardown(self, worker: Worker) -> None:
        """End the processes."""
        while self.crews:
            self.crews.popitem()[1].__exit__()

    def listen(self, task: Task) -> Heard | Unheard:
        """Have this thread's process listen to a file."""
        if get_ident() not in self.crews:
            self.crews[get_ident()] = Local(1, self.timeout_s, self.memory_mb).__enter__()
        crew = self.crews[get_ident()]
        crew.send(task)
        while True:
            for returned in crew.wait().returned:
                if returned.result:
                    return returned.result
                crew.send(task)


def listen_there(task: Task, plugin: str, expected: Mapping[str, str]) -> Heard | Unheard:
    """Listen to a file, if this is the worker to do it."""
    worker = get_worker()
    check_fitness(task, expected, worker.address)
    if not (task.there or task.file.absolute).exists():
        return Unheard(UNSEEN, worker.address)
    return cast("Listening", worker.plugins[plugin]).listen(task)


def check_fitness(task: Task, expected: Mapping[str, str], address: str) -> None:
    """Raise an error unless this worker would compute the same as the machine that the run is on."""
    needed = {name for extractor in usable(task.installed) for name in extractor.models}
    for name in sorted(name for name in needed if not models.available(name)):
        raise ModelError(
            f"The Dask worker {address} has no {name}: run `essentialist models pull {name}` on its machine, or say"
            " there with ESSENTIALIST_MODELS where the models are. What was finished is kept."
        )
    found = expectations(task)
    for name in sorted(expected.keys() | found.keys()):
        if found.get(name) != expected.get(name):
            raise CrewError(
                f'The Dask worker {address} computes {name} as "{found.get(name)}", not "{expected.get(name)}": install'
                " the same release of essentialist and the same models there. What was finished is kept."
            )


def expectations(task: Task) -> dict[str, str]:
    """What the values of a task come from on this machine, by extractor."""
    return {extractor.name: provenance(extractor, task.profile) for extractor in usable(task.installed)}
