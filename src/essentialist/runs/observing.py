"""Who watches a run: what it is told, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signal import Signals

    from essentialist.runs.ledger import Fate
    from essentialist.runs.planning import Plan
    from essentialist.tasks import Task


class Observer:
    """Watches a run; what a subclass does not override goes by unseen.

    All is told by the thread that runs the analysis, which waits: what takes long belongs elsewhere.
    """

    def planned(self, plan: Plan) -> None:
        """The walk is done; this is what is to do."""

    def started(self, task: Task) -> None:
        """A worker begins with a file. After a worker's end the same file may begin again."""

    def heard(self, task: Task, seconds: float) -> None:
        """A file was listened to; its sound lasts so long."""

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """One file is done; `reason` says why where it failed or was skipped. It need not have been started."""

    def remarked(self, text: str) -> None:
        """Something that concerns more than one file, in one line: what the run waits for, say."""

    def lost(self, root: str, n_files: int) -> None:
        """The run is over, and a music folder went away during it with so many files to do; they were skipped."""

    def stopped(self, by: Signals, n_files: int) -> None:
        """A signal ended the run before so many files had their turn."""

    def waiting(self) -> None:
        """The run goes on although nothing was finished for some seconds; told again and again."""


class Observers(Observer):
    """Several observers as one: each is told everything, in turn."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def planned(self, plan: Plan) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.planned(plan)

    def started(self, task: Task) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.started(task)

    def heard(self, task: Task, seconds: float) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.heard(task, seconds)

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.finished(task, fate, reason)

    def remarked(self, text: str) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.remarked(text)

    def waiting(self) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.waiting()

    def lost(self, root: str, n_files: int) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.lost(root, n_files)

    def stopped(self, by: Signals, n_files: int) -> None:
        """Tell each."""
        for observer in self._observers:
            observer.stopped(by, n_files)
