"""Work that the studio starts in processes of its own: to listen and to fetch networks needs what is never loaded here.

A chore goes on when the studio ends; what it has done by then stays, as with every run of the command.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from essentialist.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LAST = 4096  # bytes of what a chore said that are shown


@dataclass(frozen=True, slots=True)
class Chore:
    """A command that runs or ran, and how it ended: its exit code (None: under way) and what it said last."""

    title: str
    code: int | None
    said: str


class Chores:
    """One chore at a time, for all visitors; what it says is kept beside the catalogue until the next one."""

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._log = catalog.with_suffix(".chore.log")
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._title = ""

    def start(self, title: str, arguments: Sequence[str]) -> None:
        """Run a command of essentialist on the catalogue; SettingsError while another chore is under way."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                raise SettingsError(f"{self._title} is under way: wait for its end or stop it.")
            program = [sys.executable, "-m", "essentialist", "--catalog", str(self._catalog), *arguments]
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(  # noqa: S603 - no shell, and folders come after "--"
                    program, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            self._title = title

    def stop(self) -> None:
        """Ask the chore to end: what it is in the middle of is finished first."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(signal.SIGTERM)

    def latest(self) -> Chore | None:
        """The chore under way, or the last one of this studio; None where there was none."""
        with self._lock:
            if self._process is None:
                return None
            with self._log.open("rb") as log:
                log.seek(max(0, log.seek(0, 2) - LAST))
                return Chore(self._title, self._process.poll(), log.read(LAST).decode(errors="replace"))
