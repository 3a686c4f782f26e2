"""A run, as a person watches it: a bar with an honest time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from essentialist.cli._output import counted, printable
from essentialist.observing import Observer

if TYPE_CHECKING:
    from types import TracebackType

    from essentialist.ledger import Fate
    from essentialist.listening import Task
    from essentialist.planning import Plan

LINE_EVERY_S = 10.0


class Watcher(Observer):
    """Shows a run on stderr. Time left goes by bytes, not by files: a long mix is not a short one."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.n_planned = 0
        self.n_done = 0
        self.n_failed = 0
        self.began = time.monotonic()
        self.last_line = self.began
        self.progress = Progress(
            TextColumn("listening"),
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %"),
            TextColumn("{task.fields[tracks]}"),
            TextColumn("{task.fields[pace]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("left {task.fields[failures]}"),
            console=self.console,
            transient=True,
        )

    def __enter__(self) -> Watcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self.progress.stop()

    @property
    def is_stopped(self) -> bool:
        """Whether the run ended before all was done: somebody pressed Ctrl-C."""
        return self.n_done < self.n_planned

    def planned(self, plan: Plan) -> None:
        """Say what is to do."""
        tasks = [*plan.tasks, *(each.task for each in plan.recollections)]
        self.n_planned = len(tasks)
        self.n_bytes = sum(task.file.size for task in tasks)
        if not self.n_planned:
            return
        rest = plan.ledger.found
        known = f", {rest:,} need nothing" if rest else ""
        self.console.print(
            f"{counted(self.n_planned, 'file')} to listen to{known}. Ctrl-C stops; run it again to go on."
        )
        if self.console.is_terminal:
            self.bar = self.progress.add_task("", total=self.n_bytes, **self._fields())
            self.progress.start()

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """Move on by one file; a failure is told at once."""
        self.n_done += 1
        if fate == "failed":
            self.n_failed += 1
            self.progress.console.print(f"failed: {printable(task.file.path)}: {printable(reason)}", markup=False)
        if self.console.is_terminal:
            self.progress.update(self.bar, advance=task.file.size, **self._fields())
        elif time.monotonic() - self.last_line >= LINE_EVERY_S:
            self.last_line = time.monotonic()
            fields = self._fields()
            self.console.print(f"{fields['tracks']}, {fields['pace']} {fields['failures']}".rstrip())

    def remarked(self, text: str) -> None:
        """Tell what concerns the whole run."""
        self.progress.console.print(printable(text), markup=False)

    def _fields(self) -> dict[str, Any]:
        """What the bar shows beside itself; rich takes it as keywords of any kind."""
        elapsed_min = (time.monotonic() - self.began) / 60
        return {
            "tracks": f"{self.n_done:,} of {self.n_planned:,}",
            "pace": f"{self.n_done / elapsed_min:,.0f} a minute" if self.n_done else "",
            "failures": f"({self.n_failed:,} failed)" if self.n_failed else "",
        }
