"""Work that is counted, as a person watches it: a bar on a terminal, a line now and then elsewhere, on stderr."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from types import TracebackType

LINE_EVERY_S = 10.0


class Counting:
    """Shows how far something is; call it with how many are done, and of how many where that is known."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.console = Console(stderr=True, highlight=False)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
            console=self.console,
            transient=True,
        )
        self.bar = self.progress.add_task(verb, total=None)
        self.last_line = time.monotonic()

    def __enter__(self) -> Counting:
        if self.console.is_terminal:
            self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self.progress.stop()

    def __call__(self, n_done: int, n_all: int | None) -> None:
        """Move on."""
        if self.console.is_terminal:
            self.progress.update(self.bar, completed=n_done, total=n_all)
        elif time.monotonic() - self.last_line >= LINE_EVERY_S:
            self.last_line = time.monotonic()
            self.console.print(f"{self.verb}: {n_done:,}" + ("" if n_all is None else f" of {n_all:,}"))
