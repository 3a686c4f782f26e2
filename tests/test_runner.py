"""Whole runs on real sounds: what is computed, what is not, and what a bad file costs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import mutagen
import numpy as np
import pytest

import sounds
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.runs.ledger import Ledger
from essentialist.runs.observing import Observer
from essentialist.runs.planning import Wanted, plan
from essentialist.runs.runner import Run
from made_up import extractors
from runs import DEADLINE_S, Collection, added, fates, make_music

if TYPE_CHECKING:
    from pathlib import Path

N_TRACKS = 9


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


def test_clips_of_one_size_are_told_apart(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    for name, pitch in {"first": 57, "second": 60, "third": 64, "copy of third": 64}.items():
        sounds.write(collection.music / f"{name}.wav", sounds.chord((pitch,), 4.0), 44_100)
    assert len({path.stat().st_size for path in collection.music.iterdir()}) == 1
    ledger = collection.analyse()
    assert (ledger.analysed, ledger.duplicates) == (3, 1)
    assert len(collection.catalog.tracks()) == 3
