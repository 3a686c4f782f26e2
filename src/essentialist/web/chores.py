"""Work that the studio starts in processes of its own: to listen and to fetch networks needs what is never loaded here.

A chore goes on when the studio ends; what it has done by then stays, as with every run of the command.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from essentialist.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LAST = 4096  # bytes of what a chore said that are shown
SIGNALLED = 128  # and the signal: the exit code of a command that was stopped


@dataclass(frozen=True, slots=True)
class Chore:
    """A command that runs or ran, and how it ended: its exit code (None: under way) and what it said last.

    `before` is how much of what it makes was there when it began, `seconds` how long ago that was. One that was paused
    can go on.
    """

    title: str
    command: str
    code: int | None
    said: str
    before: int
    seconds: float
    is_paused: bool

    @property
    def is_stopped(self) -> bool:
        """Whether it ended because it was asked to."""
        return self.code in {-signal.SIGTERM, SIGNALLED + signal.SIGTERM}


@dataclass(frozen=True, slots=True)
class _Started:
    title: str
    arguments: tuple[str, ...]
    before: int
    at: float
    process: subprocess.Popen[bytes]

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None


class Chores:
    """One chore at a time, for all visitors; what it says is kept beside the catalogue until the next one."""

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._log = catalog.with_suffix(".chore.log")
        self._lock = Lock()
        self._last: _Started | None = None
        self._is_paused = False

    def start(
        self, title: str, arguments: Sequence[str], *, before: int = 0, prepare: Callable[[], object] | None = None
    ) -> None:
        """Run a command of essentialist on the catalogue; SettingsError while another chore is under way.

        `prepare` is done before, when no other is: it may write what commands read.
        """
        with self._lock:
            if self._last is not None and self._last.is_running:
                raise SettingsError(f"{self._last.title} is under way: wait for its end or stop it.")
            if prepare is not None:
                prepare()
            program = [sys.executable, "-m", "essentialist", "--catalog", str(self._catalog), *arguments]
            with self._log.open("wb") as log:
                process = subprocess.Popen(  # noqa: S603 - no shell, and folders come after "--"
                    program, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            self._last = _Started(title, tuple(arguments), before, time.monotonic(), process)
            self._is_paused = False

    def stop(self, *, pause: bool = False) -> None:
        """Ask the chore to end: what it is in the middle of is finished first. One that is paused can go on."""
        with self._lock:
            self._is_paused = pause
            if self._last is not None and self._last.is_running:
                self._last.process.send_signal(signal.SIGTERM)

    def go_on(self, *, before: int = 0) -> None:
        """Run the paused one again, which takes up where it was."""
        if self._last is not None and self._is_paused:
            self.start(self._last.title, self._last.arguments, before=before)

    def latest(self) -> Chore | None:
        """The chore under way, or the last one of this studio; None where there was none."""
        with self._lock:
            last = self._last
            if last is None:
                return None
            with self._log.open("rb") as log:
                log.seek(max(0, log.seek(0, 2) - LAST))
                said = log.read(LAST).decode(errors="replace")
            code, seconds = last.process.poll(), time.monotonic() - last.at
            return Chore(last.title, last.arguments[0], code, said, last.before, seconds, self._is_paused)
