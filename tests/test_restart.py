"""What a run leaves behind when it is stopped at any moment, and what the same command makes of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from essentialist.catalogue.catalog import Catalog
from runs import DEADLINE_S, Command, added, analyze, contents, make_music, n_tracks, parent_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc (Linux)")

FILES, IS_FIRST = 2, "track.file_id = file.id"  # of `contents`
N_TRACKS = 9
N_COPIES = 1
N_BROKEN = 1


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_music(tmp_path_factory.mktemp("restart") / "music", N_TRACKS)
    shutil.copy(folder / "00.flac", folder / "sub" / "copy.flac")
    (folder / "broken.mp3").write_bytes(b"no sound at all")
    return folder


@pytest.fixture(scope="module")
def undisturbed(music: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, object]]]:
    catalog = tmp_path_factory.mktemp("undisturbed") / "catalog.db"
    ledger = analyze(catalog, music)
    assert (ledger["analysed"], ledger["duplicates"], ledger["failed"]) == (N_TRACKS, N_COPIES, N_BROKEN)
    return contents(catalog)


def start(catalog: Path, music: Path) -> Command:
    return Command.start("analyze", music, "--workers", "2", "--json", "--catalog", catalog)


def until_entered(command: Command, catalog: Path, n_wanted: int) -> None:
    """Wait until workers are there and this many recordings are entered."""
    command.until(lambda: n_tracks(catalog) >= n_wanted and bool(command.workers()))


def gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + DEADLINE_S
    while any(parent_of(pid) is not None for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_killed_again_and_again_it_ends_as_if_undisturbed(
    music: Path, undisturbed: list[list[dict[str, object]]], tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.db"
    finished: dict[bytes, float] = {}
    for n_wanted in (0, 1, 4, 7):
        command = start(catalog, music)
        until_entered(command, catalog, n_wanted)
        workers = command.workers()
        command.process.kill()
        command.end()
        assert gone(workers), "workers outlive their run"
        assert finished.items() <= added(catalog).items(), "what was finished was entered again"
        finished = added(catalog)
    ledger = analyze(catalog, music)
    assert ledger["analysed"] == N_TRACKS - len(finished)
    assert finished.items() <= added(catalog).items()
    assert contents(catalog) == undisturbed


@pytest.mark.parametrize(("asked", "n_wanted"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGTERM, 2)])
def test_a_run_that_is_asked_to_stop_ends_with_the_ledger_and_the_next_one_goes_on(
    music: Path, undisturbed: list[list[dict[str, object]]], tmp_path: Path, asked: signal.Signals, n_wanted: int
) -> None:
    catalog = tmp_path / "catalog.db"
    command = start(catalog, music)
    until_entered(command, catalog, n_wanted)
    workers = command.workers()
    os.killpg(command.process.pid, asked)  # as terminals and service managers do: to the workers, too
    code, out, err = command.end()
    assert code == 128 + asked, err  # what a shell calls the end by a signal
    assert err.splitlines()[-1] == "essentialist: stopped; what was finished is kept"
    assert "Traceback" not in err
    ledger = json.loads(out)
    assert ledger["found"] == N_TRACKS + N_COPIES + N_BROKEN
    assert ledger["skipped"] > 0
    assert ledger["failed"] <= N_BROKEN
    assert gone(workers)
    assert n_tracks(catalog) == ledger["analysed"]
    assert analyze(catalog, music)["analysed"] == N_TRACKS - ledger["analysed"]
    assert contents(catalog) == undisturbed


def test_a_killed_worker_costs_one_file_and_the_same_command_makes_up_for_it(
    music: Path, undisturbed: list[list[dict[str, object]]], tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.db"
    command = start(catalog, music)
    until_entered(command, catalog, 1)
    os.kill(command.workers()[0], signal.SIGKILL)
    code, out, err = command.end()
    assert code == 0, err
    ledger = json.loads(out)
    assert ledger["failed"] <= N_BROKEN + 1
    assert ledger["found"] == N_TRACKS + N_COPIES + N_BROKEN
    assert analyze(catalog, music)["failed"] == 0
    # The killed worker may have had the first of two copies: the other one was then entered before it.
    assert without(contents(catalog), IS_FIRST) == without(undisturbed, IS_FIRST)


def test_two_runs_at_once_make_one_whole_catalogue(
    music: Path, undisturbed: list[list[dict[str, object]]], tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.db"
    commands = [start(catalog, music / "sub"), start(catalog, music)]
    for command in commands:
        code, _, err = command.end()
        assert code == 0, err
    assert analyze(catalog, music)["analysed"] == 0
    found = contents(catalog)
    assert sum(bool(file[IS_FIRST]) for file in found[FILES]) == N_TRACKS
    assert without(found, IS_FIRST) == without(undisturbed, IS_FIRST)  # which copy comes first is a matter of luck here


def test_a_folder_that_goes_away_costs_nothing_and_the_next_run_goes_on(
    music: Path, undisturbed: list[list[dict[str, object]]], tmp_path: Path
) -> None:
    catalog, elsewhere = tmp_path / "catalog.db", music.with_name("elsewhere")
    command = start(catalog, music)
    until_entered(command, catalog, 2)
    music.rename(elsewhere)
    try:
        code, out, err = command.end()
        away = Command.start("analyze", "--json", "--catalog", catalog).end()
    finally:
        elsewhere.rename(music)
    ledger = json.loads(out)
    assert code == 1, err
    assert (ledger["found"], ledger["failed"]) == (N_TRACKS + N_COPIES + N_BROKEN, 0)
    assert ledger["analysed"] + ledger["skipped"] == ledger["found"]
    assert err.count(f"{music} went away") == 2, "once at the time, once at the end"
    assert "give the same command again" in err.splitlines()[-1]
    assert away[0] == 1
    with Catalog(catalog).connected() as db:
        assert not db.execute("SELECT count(*) FROM file WHERE missing").fetchone()[0]
    finished = added(catalog)
    assert finished
    assert analyze(catalog, music)["analysed"] == N_TRACKS - len(finished)
    assert finished.items() <= added(catalog).items()
    assert without(contents(catalog), IS_FIRST) == without(undisturbed, IS_FIRST)


JUMPING_CLOCK = """
import itertools, sys, time
real, jumps = time.time, itertools.cycle((0, 86_400, -86_400, 3e9, -1e9))
time.time = lambda: real() + next(jumps)
from essentialist.cli import main
if __name__ == "__main__":
    main(sys.argv[1:])
"""


def test_nothing_depends_on_the_clock_on_the_wall(
    music: Path, undisturbed: list[list[dict[str, object]]], tmp_path: Path
) -> None:
    catalog, program = tmp_path / "catalog.db", tmp_path / "jumping.py"
    program.write_text(JUMPING_CLOCK)
    before, after = music / "00.flac", music / "01.mp3"
    times = {path: path.stat().st_mtime_ns for path in (before, after)}
    os.utime(before, ns=(-(10**18), -(10**18)))  # in 1938
    os.utime(after, ns=(4 * 10**18, 4 * 10**18))  # in 2096
    try:
        arguments = ("analyze", music, "--workers", "2", "--json", "--catalog", catalog)
        code, out, err = Command.start(*arguments, program=(sys.executable, str(program))).end()
        assert code == 0, err
        again = analyze(catalog, music)
    finally:
        for path, time_ns in times.items():
            os.utime(path, ns=(time_ns, time_ns))
    ledger = json.loads(out)
    assert (ledger["analysed"], ledger["duplicates"], ledger["failed"]) == (N_TRACKS, N_COPIES, N_BROKEN)
    assert 0 < ledger["seconds"] < DEADLINE_S
    assert (again["unchanged"], again["analysed"]) == (N_TRACKS, 0)
    assert analyze(catalog, music)["analysed"] == 0
    assert contents(catalog) == undisturbed


def without(tables: list[list[dict[str, object]]], column: str) -> list[list[dict[str, object]]]:
    return [[{name: row[name] for name in row if name != column} for row in rows] for rows in tables]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can make a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("this system lets nobody make a small disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


def fill(filler: Path) -> None:
    """Write until the disk is full."""
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_full_disk_stops_the_run_and_loses_nothing(
    music: Path, undisturbed: list[list[dict[str, object]]], small_disk: Path
) -> None:
    catalog = small_disk / "catalog.db"
    filler = small_disk / "filler"
    command = start(catalog, music)
    until_entered(command, catalog, 1)
    fill(filler)
    code, out, err = command.end()
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    line = err.strip().splitlines()[-1]
    assert "full" in line
    assert "the same command goes on from here" in line
    filler.unlink()
    finished = added(catalog)
    assert 0 < len(finished) < N_TRACKS
    assert analyze(catalog, music)["analysed"] == N_TRACKS - len(finished)
    assert finished.items() <= added(catalog).items()
    assert contents(catalog) == undisturbed
