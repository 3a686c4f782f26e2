"""Watched folders: real files copied in, growing and deleted while `analyze --watch` runs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from essentialist.catalogue.catalog import Catalog
from essentialist.errors import FolderMissing
from essentialist.runs import jobs
from essentialist.runs.watching import Unsettled, own_files, watched
from made_up import make_files
from runs import Command, make_music, read

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Command]:
    """The command, watching a folder with one track; the catalogue lies in that folder."""
    material = make_music(tmp_path / "material", 5)
    make_files(tmp_path / "music", {"00.flac": (material / "00.flac").read_bytes()})
    catalog = tmp_path / "music" / "catalog.db"
    command = Command.start("analyze", tmp_path / "music", "--watch", "--workers", "1", "--json", "--catalog", catalog)
    yield command
    if command.process.poll() is None:
        command.process.kill()
        command.end()


def heeds_signals(command: Command) -> bool:
    """Whether SIGTERM has a way of its own by now, and so has SIGINT, which Python handles from the beginning."""
    mask = int(read(Path(f"/proc/{command.process.pid}/status")).partition(b"SigCgt:")[2].split()[0], 16)
    return bool(mask >> (signal.SIGTERM - 1) & 1)


def listed(catalog: Path) -> list[str]:
    return sorted(track.path.name for track in Catalog(catalog).tracks()) if catalog.exists() else []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_waiting(running: Command, sent: signal.Signals) -> None:
    assert running.process.stderr is not None
    assert any(line.startswith("Watching") for line in running.process.stderr)  # reads no further than that line
    running.until(lambda: heeds_signals(running))
    running.process.send_signal(sent)
    code, out, err = running.end()
    assert (code, json.loads(out)["analysed"]) == (0, 1)
    assert err.endswith("Stopped watching.\n")


def is_at_rest(catalog: Path) -> bool:
    """Whether no analysis is under way: a signal then ends the watch and interrupts nothing."""
    job = jobs.latest(Catalog(catalog))
    return job is not None and job.finished is not None


def test_what_comes_and_goes_while_it_runs_is_kept_up_with(running: Command, tmp_path: Path) -> None:
    material, music = tmp_path / "material", tmp_path / "music"
    catalog = music / "catalog.db"
    running.until(lambda: listed(catalog) == ["00.flac"])
    (music / "new").mkdir()
    content = (material / "01.mp3").read_bytes()
    with (music / "new" / "slow.mp3").open("wb", buffering=0) as file:  # as a download comes
        for start in range(0, len(content), len(content) // 8):
            file.write(content[start : start + len(content) // 8])
            time.sleep(0.4)
    shutil.copy(material / "03.m4a", music / "new" / "03.m4a")
    running.until(lambda: listed(catalog) == ["00.flac", "03.m4a", "slow.mp3"])
    shutil.rmtree(music / "new")
    running.until(lambda: listed(catalog) == ["00.flac"] and is_at_rest(catalog) and heeds_signals(running))
    os.killpg(running.process.pid, signal.SIGINT)
    code, out, err = running.end()
    assert code == 0, err
    assert err.endswith("Stopped watching.\n")
    decoder, ledgers = json.JSONDecoder(), []
    while out := out.lstrip():
        ledger, end = decoder.raw_decode(out)
        ledgers.append(ledger)
        out = out[end:]
    assert sum(ledger["analysed"] for ledger in ledgers) == 3  # half a file was never listened to
    assert sum(ledger["failed"] for ledger in ledgers) == 0
    assert len(ledgers) <= 5  # the catalogue's own files wake nobody


def test_a_folder_is_told_once_all_in_it_is_calm(tmp_path: Path) -> None:
    make_files(tmp_path, {"a/1": b"1", "a/b/2": b"2", "c/3": b"3"})
    paths = {name: str(tmp_path / name) for name in ("a/1", "a/b/2", "c/3", "gone/4")}
    unsettled = Unsettled(calm_s=2)
    unsettled.note(paths.values(), now=0)
    assert unsettled.settled(now=1.9) == []
    make_files(tmp_path, {"a/b/2": b"longer"})
    assert unsettled.settled(now=2.5) == [tmp_path / "c", tmp_path / "gone"]  # "a" waits for what is below it
    assert unsettled.settled(now=4) == []
    assert unsettled.settled(now=4.5) == [tmp_path / "a"]
    assert unsettled.settled(now=9) == []


def test_the_catalogues_own_files_are_known(tmp_path: Path) -> None:
    own = own_files(tmp_path / "catalog.db")
    assert {str(tmp_path / name) for name in ("catalog.db", "catalog.db-wal", "catalog.patches.db-shm")} <= own
    assert str(tmp_path / "catalog.flac") not in own


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    with pytest.raises(FolderMissing, match="connect the disk"), watched([tmp_path / "none"], tmp_path / "catalog.db"):
        pass
