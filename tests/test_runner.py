"""Whole runs on real sounds: what is computed, what is not, and what a bad file costs."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import mutagen
import numpy as np
import pytest

import sounds
from essentialist.catalog import Catalog
from essentialist.errors import CatalogError
from essentialist.ledger import Ledger
from essentialist.observing import Observer
from essentialist.planning import Plan, Wanted, plan
from essentialist.recorder import Recorder
from essentialist.runner import Run, analyze
from essentialist.settings import Settings
from made_up import extractors
from runs import DEADLINE_S, added, make_music

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.ledger import Fate
    from essentialist.listening import Task

N_TRACKS = 9


class Witness(Observer):
    """Remembers what a run told."""

    def __init__(self) -> None:
        self.n_planned = 0
        self.fates: dict[str, tuple[str, str]] = {}

    def planned(self, plan: Plan) -> None:
        """Keep how many files were to be listened to."""
        self.n_planned = len(plan.tasks)

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """Keep what became of a file."""
        self.fates[task.file.path] = fate, reason


class Collection:
    """Music, its catalogue, and what the latest run told."""

    def __init__(self, folder: Path) -> None:
        self.music = folder / "music"
        self.settings = Settings(folder / "catalog.db", 2)
        self.catalog = Catalog.create(self.settings.catalog)
        self.witness = Witness()

    def analyse(self, *, retry: bool = False) -> Ledger:
        """Run, and check that the ledger adds up."""
        self.witness = Witness()
        ledger = analyze(self.catalog, Wanted((self.music,), retry=retry), self.settings, self.witness)
        assert len(self.witness.fates) == self.witness.n_planned
        row = ledger.as_row()
        assert ledger.found == sum(row[fate] for fate in ("analysed", "unchanged", "duplicates", "failed", "skipped"))
        status = self.catalog.status()
        assert status.found == sum(
            (status.analysed, status.unchanged, status.duplicates, status.failed, status.skipped)
        )
        return ledger

    def titles(self) -> dict[str, str]:
        """Path -> title of what is listed."""
        return {os.path.relpath(track.path, self.music): track.title for track in self.catalog.tracks()}


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = tmp_path_factory.mktemp("analysed")
    make_music(folder / "music", N_TRACKS)
    collection = Collection(folder)
    ledger = collection.analyse()
    assert replace(ledger, seconds=0.0) == Ledger(analysed=N_TRACKS)
    return collection


@pytest.fixture
def collection(analysed: Collection, tmp_path: Path) -> Collection:
    """The analysed collection, at another place of its own."""
    shutil.copytree(analysed.music, tmp_path / "music")
    shutil.copy(analysed.catalog.path, tmp_path / "catalog.db")
    with Catalog(tmp_path / "catalog.db").connected() as db:
        db.execute("UPDATE root SET path = ?", (os.fsencode(tmp_path / "music"),))
    return Collection(tmp_path)


def fates(ledger: Ledger) -> dict[str, float]:
    """The counts of a ledger that are not zero."""
    return {name: n for name, n in ledger.as_row().items() if n and name not in ("found", "seconds")}


def retag(path: Path, title: str) -> None:
    tags = mutagen.File(path, easy=True)
    assert tags is not None
    tags["title"] = title
    tags.save()


def test_every_format_is_analysed_in_full_and_nothing_is_done_twice(analysed: Collection) -> None:
    tracks = analysed.catalog.tracks()
    assert {track.title for track in tracks} == {f"Piece {index}" for index in range(N_TRACKS)}
    assert all(track.duration == pytest.approx(4.0, abs=0.15) for track in tracks)
    assert all(track.number("loudness") is not None and track.distribution("tags") for track in tracks)
    assert analysed.catalog.failures() == ()
    ledger = analysed.analyse()
    assert fates(ledger) == {"unchanged": N_TRACKS}
    assert analysed.witness.n_planned == 0


def test_moved_renamed_touched_tagged_and_copied_files_are_not_analysed_again(collection: Collection) -> None:
    music, before = collection.music, {track.title: track for track in collection.catalog.tracks()}
    os.utime(music / "00.flac", ns=(1, 1))
    (music / "01.mp3").rename(music / "renamed.mp3")
    (music / "sub").rename(music / "elsewhere")
    retag(music / "00.flac", "Touched and tagged")
    retag(music / "03.m4a", "Tagged anew")
    retag(music / "renamed.mp3", "Renamed and tagged")
    shutil.copy(music / "06.wma", music / "elsewhere" / "copy.wma")
    entered = added(collection.catalog.path)
    ledger = collection.analyse()
    assert fates(ledger) == {"unchanged": N_TRACKS, "duplicates": 1}
    assert added(collection.catalog.path) == entered
    after = {track.id: track for track in collection.catalog.tracks()}
    assert {id_: track.values for id_, track in after.items()} == {t.id: t.values for t in before.values()}
    assert collection.titles()["00.flac"] == "Touched and tagged"
    assert collection.titles()["03.m4a"] == "Tagged anew"
    assert collection.titles()["renamed.mp3"] == "Renamed and tagged"
    assert collection.titles()["elsewhere/02.opus"] == "Piece 2"
    assert "06.wma" in collection.titles()
    assert fates(collection.analyse()) == {"unchanged": N_TRACKS, "duplicates": 1}
    (music / "06.wma").unlink()
    assert fates(collection.analyse()) == {"unchanged": N_TRACKS}
    assert collection.catalog.track(music / "elsewhere" / "copy.wma").id == before["Piece 6"].id


def test_swapped_and_replaced_files(collection: Collection) -> None:
    music = collection.music
    ids = {track.title: track.id for track in collection.catalog.tracks()}
    sounds.write(music / "other.flac", sounds.stereo(sounds.chord((50, 57), 4.0)), 44_100, tags={"title": "Other"})
    collection.analyse()
    (music / "00.flac").rename(music / "swap")
    (music / "other.flac").rename(music / "00.flac")
    (music / "swap").rename(music / "other.flac")
    other = {track.title: track.id for track in collection.catalog.tracks()}["Other"]
    ledger = collection.analyse()
    assert "analysed" not in fates(ledger)
    assert collection.catalog.track(music / "00.flac").id == other
    assert collection.catalog.track(music / "other.flac").id == ids["Piece 0"]
    sounds.write(music / "00.flac", sounds.stereo(sounds.chord((45, 52), 4.0)), 44_100, tags={"title": "New"})
    assert fates(collection.analyse()) == {"analysed": 1, "unchanged": N_TRACKS}
    assert collection.catalog.track(music / "00.flac").id not in (*ids.values(), other)
    assert "Other" not in collection.titles().values()


def test_bad_files_are_rows_and_cost_nothing_else(collection: Collection) -> None:
    music = collection.music
    (music / "text.mp3").write_text("no music here")
    (music / "empty.flac").touch()
    (music / "cut.flac").write_bytes((music / "00.flac").read_bytes()[:60])
    sounds.write(music / "new.wav", sounds.chord(seconds=4.0), 44_100)
    assert fates(collection.analyse()) == {"analysed": 1, "unchanged": N_TRACKS, "failed": 3}
    failures = {failure.path.name: failure for failure in collection.catalog.failures()}
    assert set(failures) == {"text.mp3", "empty.flac", "cut.flac"}
    assert all(failure.stage == "decode" and failure.attempts == 1 for failure in failures.values())
    assert "empty" in failures["empty.flac"].reason
    assert fates(collection.analyse()) == {"unchanged": N_TRACKS + 1, "skipped": 3}
    shutil.copy(music / "new.wav", music / "text.mp3")
    sounds.write(music / "empty.flac", sounds.chord((47, 59), 4.0), 44_100)
    ledger = collection.analyse(retry=True)
    assert fates(ledger) == {"analysed": 1, "unchanged": N_TRACKS + 1, "duplicates": 1, "failed": 1}
    (failure,) = collection.catalog.failures()
    assert (failure.path.name, failure.attempts) == ("cut.flac", 2)


def test_only_what_is_stale_is_computed_again(collection: Collection) -> None:
    right = collection.catalog.track(collection.music / "00.flac")
    with collection.catalog.connected() as db:
        db.execute(
            "UPDATE computed SET provenance = 'an old version' WHERE extractor = 'loudness' AND track_id = ?",
            (right.id,),
        )
        db.execute("UPDATE measurement SET loudness = -1, danceability = 0.123")
    entered = added(collection.catalog.path)
    assert fates(collection.analyse()) == {"analysed": 1, "unchanged": N_TRACKS - 1}
    assert list(collection.witness.fates) == ["00.flac"]
    tracks = {track.id: track for track in collection.catalog.tracks()}
    assert tracks.pop(right.id).number("loudness") == right.number("loudness")
    assert all(track.number("loudness") == -1 for track in tracks.values())
    assert all(track.number("danceability") == 0.123 for track in collection.catalog.tracks())
    assert added(collection.catalog.path) == entered
    assert collection.analyse().unchanged == N_TRACKS


def test_the_full_profile_is_computed_once_and_serves_the_other(collection: Collection) -> None:
    with Recorder(collection.catalog) as recorder:
        full = replace(collection.settings, profile="full")
        assert len(plan(recorder, Wanted((collection.music,)), full).tasks) == N_TRACKS
        for extractor in extractors():
            if extractor.profiled:
                change = "UPDATE computed SET provenance = replace(provenance, 'balanced', 'full') WHERE extractor = ?"
                recorder.db.execute(change, (extractor.name,))
        for settings in (full, collection.settings):
            assert not plan(recorder, Wanted((collection.music,)), settings).tasks


# What happens to a worker


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
    settings = replace(collection.settings, timeout_s=8.0)
    ledger, witness = run_after(collection, settings, [("hangs.flac", tmp_path / "pipe")])
    assert fates(ledger) == {"unchanged": N_TRACKS, "analysed": 3, "failed": 1}
    assert "took longer than 8 s" in witness.fates["hangs.flac"][1]
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


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="finds the worker in /proc (Linux)")
def test_a_crash_costs_its_file_and_is_tried_again(collection: Collection) -> None:
    add_new(collection.music, "x.flac", "y.flac", "z.flac")
    long = sounds.write(collection.music / "long.wav", sounds.noise(1500.0, 8_000), 8_000)
    crashed: list[int] = []
    killer = threading.Thread(target=crash_whoever_reads, args=(long, crashed))
    killer.start()
    ledger = collection.analyse()
    killer.join()
    assert len(crashed) == 1
    assert fates(ledger) == {"unchanged": N_TRACKS, "analysed": 3, "failed": 1}
    (failure,) = collection.catalog.failures()
    assert (failure.path, failure.stage, failure.attempts) == (long, "crash", 1)
    assert f"exit code {-signal.SIGSEGV}" in failure.reason
    sounds.write(long, sounds.noise(3.0, 8_000), 8_000)
    assert fates(collection.analyse()) == {"unchanged": N_TRACKS + 3, "analysed": 1}
    assert collection.catalog.failures() == ()


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
    assert fates(ledger) == {"unchanged": N_TRACKS, "analysed": 1}


def test_what_nobody_expected_of_one_file_is_a_row(collection: Collection) -> None:
    add_new(collection.music, "x.flac", "y.flac")
    with Recorder(collection.catalog) as recorder:
        made = plan(recorder, Wanted((collection.music,)), collection.settings)
        made.tasks[0] = replace(made.tasks[0], catalog=str(collection.catalog.path))  # type: ignore[arg-type] # the bug
        ledger = Run(recorder, collection.settings, Observer(), made).to_the_end()
    assert fates(ledger) == {"unchanged": N_TRACKS, "analysed": 1, "failed": 1}
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
    assert fates(collection.analyse()) == {"unchanged": N_TRACKS, "analysed": 2}


# Names


def essentialist(*arguments: str | Path) -> bytes:
    return subprocess.run(
        [sys.executable, "-m", "essentialist", *map(str, arguments)],
        check=True,
        capture_output=True,
        timeout=DEADLINE_S,
    ).stdout


def test_names_that_are_not_utf_8_go_all_the_way(tmp_path: Path) -> None:
    names = [os.fsdecode(name) for name in (b"caf\xe9.flac", b"\xff\xfe.flac", b"vanishes \xe9.flac")]
    music, catalog = tmp_path / os.fsdecode(b"m\xfcsic"), tmp_path / "catalog.db"
    for index, name in enumerate(names):
        sounds.write(music / f"{index}.flac", sounds.chord((50 + index, 57), 3.0), 44_100)
        (music / f"{index}.flac").rename(music / name)
    collection = Collection(tmp_path)
    collection.music = music
    with Recorder(collection.catalog) as recorder:
        recorder.learn(extractors())
        made = plan(recorder, Wanted((music,)), collection.settings)
        (music / names[2]).unlink()
        ledger = Run(recorder, collection.settings, Observer(), made).to_the_end()
    assert fates(ledger) == {"analysed": 2, "failed": 1}
    assert [failure.path for failure in collection.catalog.failures()] == [music / names[2]]
    assert fates(collection.analyse()) == {"unchanged": 2}
    assert collection.catalog.failures() == ()
    rows = json.loads(essentialist("tracks", "--format", "json", "--catalog", catalog).decode())
    assert sorted(os.fsencode(row["path"]) for row in rows) == sorted(os.fsencode(music / name) for name in names[:2])
    assert collection.catalog.track(music / names[0]).title == "caf\ufffd"
    assert json.loads(essentialist("similar", music / names[0], "--format", "json", "--catalog", catalog))


def test_silence_and_noise_are_tracks_too(tmp_path: Path) -> None:
    music = tmp_path / "music"
    sounds.write(music / "silence.flac", sounds.silence(3.0, 44_100), 44_100)
    sounds.write(music / "short.wav", np.zeros(10, np.float32), 44_100)
    collection = Collection(tmp_path)
    assert collection.analyse().analysed == 2
    assert all(track.number("bpm") is None and track.label("key") is None for track in collection.catalog.tracks())
    assert collection.analyse().unchanged == 2
