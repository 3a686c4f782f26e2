"""What a worker can meet, for real: files that hang, crash or fill the memory, and workers that are killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import sounds
from essentialist.catalogue.recorder import Recorder
from essentialist.errors import CatalogError, CrewError
from essentialist.runs.observing import Observer
from essentialist.runs.planning import Wanted, plan
from essentialist.runs.runner import Run
from essentialist.workers import listeners
from runs import DEADLINE_S, Collection, Witness, fates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.runs.ledger import Ledger
    from essentialist.settings import Settings


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def run_after(collection: Collection, settings: Settings, change: Iterable[tuple[str, Path]]) -> tuple[Ledger, Witness]:
    """Plan, put something else in the place of files, and listen."""
    with Recorder(collection.catalog) as recorder:
        made = plan(recorder, Wanted((collection.music,)), settings)
        for name, other in change:
            other.rename(collection.music / name)
        witness = Witness()
        return Run(recorder, settings, witness, made).to_the_end(), witness


def add_new(music: Path, *names: str) -> None:
    for index, name in enumerate(names):
        sounds.write(music / name, sounds.chord((40 + 3 * index, 60 + index), 3.0), 44_100)


def test_a_file_that_hangs_is_given_up_and_the_others_are_analysed(collection: Collection, tmp_path: Path) -> None:
    add_new(collection.music, "hangs.flac", "x.flac", "y.flac", "z.flac")
    os.mkfifo(tmp_path / "pipe")  # nobody writes to it: opening it never ends
    settings = replace(collection.settings, timeout_s=25.0)
    ledger, witness = run_after(collection, settings, [("hangs.flac", tmp_path / "pipe")])
    assert fates(ledger) == {"analysed": 3, "failed": 1}
    assert "took longer than 25 s" in witness.fates["hangs.flac"][1]
    (failure,) = collection.catalog.failures()
    assert (failure.path.name, failure.stage, failure.attempts) == ("hangs.flac", "time-out", 1)
    assert not multiprocessing.active_children()


def crash_whoever_reads(path: Path, crashed: list[int]) -> None:
    """Send a segmentation fault to the worker that has a file open, as a decoder's bug would."""
    deadline = time.monotonic() + DEADLINE_S
    while not crashed and time.monotonic() < deadline:
        for child in multiprocessing.active_children():
            try:
                if any(os.path.realpath(link) == str(path) for link in Path(f"/proc/{child.pid}/fd").iterdir()):
                    os.kill(child.pid or 0, signal.SIGSEGV)
                    crashed.append(child.pid or 0)
            except (FileNotFoundError, PermissionError):  # it has just ended
                continue
        time.sleep(0.005)


def analyse_and_crash(collection: Collection, path: Path) -> Ledger:
    """Analyse, and crash the worker that reads a file."""
    crashed: list[int] = []
    killer = threading.Thread(target=crash_whoever_reads, args=(path, crashed))
    killer.start()
    ledger = collection.analyse()
    killer.join()
    assert len(crashed) == 1
    return ledger


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="finds the worker in /proc (Linux)")
def test_a_crash_costs_its_file_and_is_tried_again(collection: Collection) -> None:
    add_new(collection.music, "x.flac", "y.flac", "z.flac")
    long = sounds.write(collection.music / "long.wav", sounds.noise(1500.0, 8_000), 8_000)
    assert fates(analyse_and_crash(collection, long)) == {"analysed": 3, "failed": 1}
    (failure,) = collection.catalog.failures()
    assert (failure.path, failure.stage, failure.attempts) == (long, "crash", 1)
    assert f"exit code {-signal.SIGSEGV}" in failure.reason
    sounds.write(collection.music / "healthy.flac", sounds.chord((43, 71), 3.0), 44_100)
    assert fates(analyse_and_crash(collection, long)) == {"unchanged": 3, "analysed": 1, "failed": 1}
    (failure,) = collection.catalog.failures()
    assert (failure.path, failure.attempts) == (long, 2), "only what was in the worker's hands is to blame"
    assert fates(collection.analyse()) == {"unchanged": 4, "skipped": 1}
    as_it_was = long.stat()
    sounds.write(long, sounds.noise(3.0, 8_000), 8_000)
    os.truncate(long, as_it_was.st_size)
    os.utime(long, ns=(as_it_was.st_atime_ns, as_it_was.st_mtime_ns))
    assert fates(collection.analyse(retry=True)) == {"unchanged": 4, "analysed": 1}
    assert collection.catalog.failures() == ()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads what a process needs in /proc (Linux)")
def test_a_file_that_fills_the_memory_is_given_up_and_the_others_are_analysed(collection: Collection) -> None:
    add_new(collection.music, "x.flac", "y.flac")
    beat = sounds.clicks(100, 900.0, 8_000) / 2 + sounds.chord(seconds=900.0, sample_rate=8_000) / 2
    # Music, so that what is kept of it is heard for seconds.
    large = sounds.write(collection.music / "large.wav", beat.astype(np.float32), 8_000)
    collection.settings = replace(collection.settings, worker_memory_mb=needed_mb(collection) + 40)
    assert fates(collection.analyse()) == {"analysed": 2, "failed": 1}
    (failure,) = collection.catalog.failures()
    assert (failure.path, failure.stage, failure.attempts) == (large, "memory", 1)
    assert "MB of memory and was stopped" in failure.reason


def needed_mb(collection: Collection) -> float:
    """What a worker needs for a small file, at its peak."""
    program = (
        "import sys, psutil\nfrom pathlib import Path\nfrom essentialist.listening import listen\n"
        "from essentialist.tasks import Task\n"
        "from essentialist.track import AudioFile\n"
        "listen(Task(AudioFile(sys.argv[1], 'x.flac', 0, 0), None, 'balanced'))\n"
        "peak_kb = int(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])\n"
        "print(peak_kb * 1024 - psutil.Process().memory_info().shared)"
    )
    out = subprocess.run([sys.executable, "-c", program, collection.music], check=True, capture_output=True).stdout
    return int(out) / 1e6


def test_workers_that_are_killed_before_they_begin_are_replaced(collection: Collection) -> None:
    add_new(collection.music, "x.flac")
    killed: list[int] = []

    def kill_the_first() -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not killed and time.monotonic() < deadline:
            for child in multiprocessing.active_children():
                if child.pid:
                    os.kill(child.pid, signal.SIGKILL)
                    killed.append(child.pid)

    killer = threading.Thread(target=kill_the_first)
    killer.start()
    ledger = collection.analyse()
    killer.join()
    assert killed
    assert fates(ledger) == {"analysed": 1}


def test_where_no_worker_can_live_the_run_ends_with_a_line(collection: Collection) -> None:
    add_new(collection.music, "x.flac")
    is_over = threading.Event()

    def kill_them_all() -> None:
        while not is_over.wait(0.02):
            for listener in listeners():
                listener.kill()

    killer = threading.Thread(target=kill_them_all)
    killer.start()
    try:
        with pytest.raises(CrewError, match="end before they begin"):
            collection.analyse()
    finally:
        is_over.set()
        killer.join()
    assert fates(collection.analyse()) == {"analysed": 1}


def test_what_nobody_expected_of_one_file_is_a_row(collection: Collection) -> None:
    add_new(collection.music, "x.flac", "y.flac")
    with Recorder(collection.catalog) as recorder:
        made = plan(recorder, Wanted((collection.music,)), collection.settings)
        made.tasks[0] = replace(made.tasks[0], catalog=str(collection.catalog.path))  # type: ignore[arg-type] # the bug
        ledger = Run(recorder, collection.settings, Observer(), made).to_the_end()
    assert fates(ledger) == {"analysed": 1, "failed": 1}
    (failure,) = collection.catalog.failures()
    assert failure.stage == "unexpected"
    assert failure.reason.startswith("AttributeError")


def test_what_stops_every_file_stops_the_run(collection: Collection, tmp_path: Path) -> None:
    add_new(collection.music, "x.flac", "y.flac")
    with Recorder(collection.catalog) as recorder:
        made = plan(recorder, Wanted((collection.music,)), collection.settings)
        made.tasks[:] = [replace(task, catalog=tmp_path / "none.db") for task in made.tasks]
        with pytest.raises(CatalogError, match="There is no catalogue"):
            Run(recorder, collection.settings, Observer(), made).to_the_end()
    assert fates(collection.analyse()) == {"analysed": 2}
