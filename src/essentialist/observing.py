"""Who watches a run: what it is told, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from essentialist.ledger import Fate
    from essentialist.listening import Task
    from essentialist.planning import Plan


class Observer:
    """Watches a run; what a subclass does not override goes by unseen.

    All is told by the thread that runs the analysis, which waits: what takes long belongs elsewhere.
    """

    def planned(self, plan: Plan) -> None:
        """The walk is done; this is what is to do."""

    def started(self, task: Task) -> None:
        """A worker begins with a file. After a worker's end the same file may begin again."""

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """One file is done; `reason` says why where it failed or was skipped. It need not have been started."""

    def remarked(self, text: str) -> None:
        """Something that concerns more than one file, in one line: a folder that went away, say."""
