"""What a command costs: time from start to exit, processor time, and memory, of it and of all processes below it.

Linux only: memory is read from /proc.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds from start to exit, processor seconds, and the most memory in bytes, of all processes together."""

    wall_s: float
    cpu_s: float
    peak_bytes: int


def cost_of(command: Sequence[str], environment: Mapping[str, str], output: Path) -> Cost:
    """Run a command to its end; what it prints goes to a file."""
    with output.open("wb") as out, output.with_suffix(".err").open("wb") as err:
        start = perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        with Memory(process.pid) as memory:
            _, status, usage = os.wait4(process.pid, 0)
        wall_s = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = output.with_suffix(".err").read_text(errors="replace")[-1_000:]
        raise SystemExit(f"{' '.join(command)[:300]} ended with {process.returncode}: {tail}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, memory.peak_bytes)


class Memory:
    """The most memory (resident set) that a process and those below it hold together, looked at 20 times a second."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._pid = pid
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(POLL_S):
            self.peak_bytes = max(self.peak_bytes, sum(map(resident_bytes, family(self._pid))))


def family(pid: int) -> list[int]:
    """A process and those below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            stat = read(entry / "stat").rpartition(")")[2].split()
            if stat:
                children.setdefault(int(stat[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found.extend(children.get(each, ()))
    return found


def resident_bytes(pid: int) -> int:
    """What a process holds; nothing when it has ended."""
    pages = read(Path(f"/proc/{pid}/statm")).split()
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") if pages else 0


def read(path: Path) -> str:
    """A file of /proc; nothing when the process has ended."""
    try:
        return path.read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
