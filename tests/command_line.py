"""The command line as tests call it: here, in a process of its own, or on a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist import cli

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PROGRAM = (sys.executable, "-m", "essentialist")
DEADLINE_S = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: int


@dataclass(frozen=True, slots=True)
class Here:
    """Runs commands in this process, which spares their imports."""

    catalog: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Answer:
        """Run a command; its catalogue is named before all else."""
        self.capture.readouterr()
        code = cli.run(["--catalog", str(self.catalog), *arguments])
        printed = self.capture.readouterr()
        return Answer(printed.out, printed.err, code)


def environment(**changed: str) -> dict[str, str]:
    """This process's environment without the settings of essentialist, with changes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ESSENTIALIST_")}
    return kept | changed


def apart(*arguments: str | bytes, **changed: str) -> Answer:
    """Run a command in a process of its own, in a changed environment."""
    done = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, env=environment(**changed), timeout=DEADLINE_S, check=False
    )
    return Answer(done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode)


def on_terminal(*arguments: str, columns: int = 80, **changed: str) -> list[str]:
    """Run a command on a terminal of this width; the lines that it showed on stdout."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=environment(**{"TERM": "xterm", **changed}),
    )
    os.close(theirs)
    shown = b"".join(iter(lambda: read_some(ours), b""))
    os.close(ours)
    assert process.wait(DEADLINE_S) == 0
    return shown.decode().splitlines()


def read_some(descriptor: int) -> bytes:
    """What a terminal shows next; nothing at its end, which Linux reports as an error."""
    try:
        return os.read(descriptor, 65_536)
    except OSError:
        return b""
