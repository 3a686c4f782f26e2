"""A run, as a person watches it: a bar with an honest time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from essentialist.cli._output import printable
from essentialist.human import about, counted
from essentialist.runs.progress import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable
    from signal import Signals
    from types import TracebackType

    from rich.console import RenderableType

    from essentialist.runs.ledger import Fate
    from essentialist.runs.planning import Plan
    from essentialist.tasks import Task

LINE_EVERY_S = 10.0


class Bar(Progress):
    """A bar, and below it what is being listened to."""

    below = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """The bar, then a line that is cut to the terminal's width."""
        yield from super().get_renderables()
        if self.below:
            yield Text(self.below, style="dim", no_wrap=True, overflow="ellipsis")


class Watcher(Tally):
    """Shows a run on stderr."""

    def __init__(self) -> None:
        super().__init__()
        self.console = Console(stderr=True, highlight=False)
        self.stopped_by: Signals | None = None
        self.away = ""
        self.last_line = self._clock()
        self.bar = Bar(
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %"),
            TextColumn("{task.description}"),
            console=self.console,
            transient=True,
        )

    def __enter__(self) -> Watcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self.bar.stop()

    def planned(self, plan: Plan) -> None:
        """Say what is to do."""
        super().planned(plan)
        if not self.progress().planned:
            return
        self.console.print(f"{outlined(plan)}. Ctrl-C stops; run it again to go on.")
        if self.console.is_terminal:
            self.bar.add_task("starting", total=1.0)
            self.bar.start()

    def started(self, task: Task) -> None:
        """Show what is being listened to."""
        super().started(task)
        self._show()

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """Move on by one file; a failure is told at once."""
        super().finished(task, fate, reason)
        if fate == "failed":
            self.console.print(f"failed: {printable(task.file.path)}: {printable(reason)}", markup=False)
        self._show()

    def remarked(self, text: str) -> None:
        """Tell it at once."""
        self.console.print(printable(text), markup=False)

    def waiting(self) -> None:
        """Bring the time left up to date."""
        self._show()

    def lost(self, root: str, n_files: int) -> None:
        """Keep what to do about it."""
        self.away = (
            f"{root} went away with {counted(n_files, 'file')} still to do: connect the disk or the network share, then"
            " give the same command again"
        )

    def stopped(self, by: Signals, n_files: int) -> None:
        """Keep who stopped it."""
        self.stopped_by = by

    def _show(self) -> None:
        if self.console.is_terminal:
            progress = self.progress()
            self.bar.below = " · ".join(map(printable, progress.now))
            for task_id in self.bar.task_ids:
                self.bar.update(task_id, completed=progress.share, description=self._said())
        elif self._clock() - self.last_line >= LINE_EVERY_S:
            self.last_line = self._clock()
            self.console.print(self._said())

    def _said(self) -> str:
        progress = self.progress()
        parts = [f"{progress.done:,} of {progress.planned:,}"]
        if progress.tracks_a_minute is not None:
            parts.append(f"{progress.tracks_a_minute:,.0f} a minute")
        if progress.seconds_left:
            parts.append(f"{about(progress.seconds_left)} left")
        if progress.failed:
            parts.append(f"{progress.failed:,} failed")
        return ", ".join(parts)


def outlined(plan: Plan) -> str:
    """Say how many files are to be listened to, how many need no more than what was kept of them, how many nothing."""
    parts = (
        (len(plan.tasks), f"{counted(len(plan.tasks), 'file')} to listen to"),
        (len(plan.recollections), f"{counted(len(plan.recollections), 'file')} to complete from kept patches"),
        (plan.ledger.found, f"{plan.ledger.found:,} need nothing"),
    )
    return ", ".join(text for n_files, text in parts if n_files)
