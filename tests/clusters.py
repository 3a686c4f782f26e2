"""A Dask cluster of real processes on the loopback interface, for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from runs import DEADLINE_S, processes

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
NOTHING_FANCY = ("--host", HOST, "--no-dashboard")


@dataclass
class Cluster:
    """A scheduler and its workers, each a process with a log."""

    folder: Path
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        return f"tcp://{HOST}:{self.port}"

    def start_scheduler(self, **environment: str) -> None:
        """Start it, and wait until it listens."""
        self._start("scheduler", "scheduler", "--port", str(self.port), **environment)
        deadline = time.monotonic() + DEADLINE_S
        while not is_listening(self.port):
            assert self.processes["scheduler"].poll() is None, self.log("scheduler")
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def start_worker(self, name: str, *, threads: int = 1, **environment: str) -> None:
        """Start a worker; it finds the scheduler by itself."""
        options = ("--name", name, "--nthreads", str(threads), "--local-directory", str(self.folder))
        self._start(name, "worker", self.address, *options, **environment)

    def _start(self, name: str, *command: str, **environment: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", *command, *NOTHING_FANCY],
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def workers_reading(self, path: Path) -> Iterator[str]:
        """The workers of which a process has a file open."""
        groups = {process.pid: name for name, process in self.processes.items()}
        for pid in processes():
            with suppress(OSError):  # it has just ended, or is somebody else's
                name = groups.get(os.getpgid(pid))
                if name and any(os.readlink(link) == str(path) for link in Path(f"/proc/{pid}/fd").iterdir()):
                    yield name

    def kill(self, name: str) -> None:
        """End a process, and with a worker its nanny, as a power failure does."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name: str) -> str:
        """What a process has said."""
        return (self.folder / f"{name}.log").read_text()


def is_listening(port: int) -> bool:
    """Whether somebody takes connections at a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(folder: Path, *workers: str, **environment: str) -> Iterator[Cluster]:
    """A scheduler and workers of one thread each, ended at the end."""
    made = Cluster(folder, free_port())
    try:
        made.start_scheduler(**environment)
        for name in workers:
            made.start_worker(name)
        yield made
    finally:
        for name in tuple(made.processes):
            made.kill(name)
