"""Who listens to the files of a run: one kind of crew a file, here their contract.

    local    processes of this machine
    dask     workers of a Dask cluster that see the files, perhaps under another folder

A crew takes tasks and gives each back, in any order: with what was heard, with why nothing was, or as lost. It keeps
to the limits: a file that crashes its worker, hangs or fills the memory comes back as such, and costs no other file.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol

from essentialist.errors import CrewError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from essentialist.analysis import Heard
    from essentialist.settings import Settings
    from essentialist.tasks import Report, Task


class Crew(Protocol):
    """Workers that listen.

    `sees_catalog`: whether they can look up what is known of a sound; to others the run says what it knows.
    """

    sees_catalog: bool

    @property
    def n_wanted(self) -> int:
        """How many more tasks it can use now, so that nobody waits."""

    def send(self, task: Task) -> None:
        """Have somebody listen to a file."""

    def wait(self) -> Report[Task, Heard]:
        """What has happened; waits for it, half a second at most.

        Raises an EssentialistError for what would stop every file, such as a network whose weights are damaged.
        """


def crew_for(settings: Settings, n_tasks: int, remark: Callable[[str], None]) -> AbstractContextManager[Crew]:
    """The crew that a person chose, for so many tasks; as a context, at the end of which it is dismissed.

    `remark` is told in one line what makes the run wait. Raises CrewError where there is no such crew.
    """
    try:
        kind = importlib.import_module(f"{__name__}.{'dask' if settings.dask else 'local'}")
    except ModuleNotFoundError as error:
        raise CrewError(f"--dask needs {error.name}: pip install 'essentialist[dask]', or leave it out.") from error
    crew: AbstractContextManager[Crew] = kind.crew(settings, n_tasks, remark)
    return crew
