"""Processes of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from essentialist.analysis import Heard
from essentialist.listening import listen
from essentialist.tasks import Task
from essentialist.workers import Limits, Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.settings import Settings

AGAIN: Final = "the next run tries once more, then --retry-failed does"


class Local(Workers[Task, Heard]):
    """Processes that listen; use it as a context."""

    sees_catalog = True

    def __init__(self, n_workers: int, timeout_s: float, memory_mb: float) -> None:
        super().__init__(listen, n_workers, Limits(timeout_s, memory_mb, AGAIN))


def crew(settings: Settings, n_tasks: int, remark: Callable[[str], None]) -> Local:
    """As many processes as the settings say, but not more than there are tasks."""
    return Local(min(settings.workers, n_tasks), settings.timeout_s, settings.worker_memory_mb)
