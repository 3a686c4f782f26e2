"""Files that hold the same: by their samples, by title and length, by sound and length."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from command_line import Here
from essentialist.analysis import Sound
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.duplicates import NEARLY_EQUAL, Group
from essentialist.catalogue.recorder import Recorder
from essentialist.library import Library
from essentialist.track import AudioFile, Tags
from made_up import extractors, heard, networks

if TYPE_CHECKING:
    from pathlib import Path

N_OTHERS = 40  # tracks that are like none


class Shelf:
    """A catalogue of made-up files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalog = Catalog.create(folder / "catalog.db")
        with Recorder(self.catalog) as recorder:
            recorder.learn(extractors())
        for n in range(N_OTHERS):
            self.put(f"other {n}.flac", f"Other {n}", "Others", 100.0 + n, n)

    def put(self, name: str, title: str, artist: str, duration: float, sound: int, *, stray: float = 0) -> None:
        """Enter a file; `sound` says what it sounds like, `stray` how far from that it is."""
        made = heard(f"{title} {duration} {stray}".encode())
        assert made.analysis
        vector = np.random.default_rng(sound).normal(size=(1, 200))
        vector += stray * np.random.default_rng(1000).normal(size=(1, 200))
        analysis = replace(made.analysis, embeddings={networks()[0]: vector.astype(np.float32)})
        tags = Tags(title=title, artist=artist)
        with Recorder(self.catalog) as recorder:
            file = AudioFile(str(self.folder), name, 1_000_000 + len(name), 1)
            recorder.enter(file, replace(made, tags=tags, sound=Sound(duration, b""), analysis=analysis))

    def groups(self, *, likely: bool = True) -> list[tuple[str, list[str]]]:
        found = Library(self.catalog).duplicates(likely=likely)
        return [(group.reason, sorted(file.path.name for file in group.files)) for group in found]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_files_of_one_track_are_the_same_samples(shelf: Shelf) -> None:
    shelf.put("a.flac", "Song", "Band", 200, 50)
    shelf.put("a longer name.flac", "Song", "Band", 200, 50)
    for likely in (False, True):
        (group,) = Library(shelf.catalog).duplicates(likely=likely)
        assert group.reason == "same samples"
        assert [(file.path.name, file.plays) for file in group.files] == [
            ("a longer name.flac", False),
            ("a.flac", True),
        ]
        assert group.spare_bytes == group.files[1].size
        assert group.files[0].kbps == 40


@pytest.mark.parametrize(
    ("title", "duration", "sound", "stray", "reason"),
    [
        ("Song (Remastered 2009)", 201.5, 51, 0.0, "same title"),
        ("Song - Remastered", 206, 50, 0.05, "same title"),
        ("Song", 200.5, 50, 0.05, "same title and sound"),
        ("Another Name", 201, 50, 0.05, "same sound"),
        ("Song (Live)", 260, 51, 0.0, None),  # neither as long nor the same sound
        ("Another Name", 203, 50, 0.05, None),
        ("Another Name", 200, 51, 0.0, None),
        ("Song (Remix)", 200, 51, 0.0, None),
    ],
)
def test_two_of_length_title_and_sound_make_it_likely(
    shelf: Shelf, title: str, duration: float, sound: int, stray: float, reason: str | None
) -> None:
    shelf.put("a.flac", "Song", "Band", 200, 50)
    shelf.put("b.mp3", title, "Band", duration, sound, stray=stray)
    expected = [] if reason is None else [(reason, ["a.flac", "b.mp3"])]
    assert shelf.groups() == expected
    assert shelf.groups(likely=False) == []


def test_what_is_alike_by_different_signs_is_one_group(shelf: Shelf) -> None:
    shelf.put("a.flac", "Song", "Band", 200, 50)
    shelf.put("a copy.flac", "Song", "Band", 200, 50)
    shelf.put("b.mp3", "song", "band", 201, 51)
    shelf.put("c.ogg", "untitled", "", 201.5, 51, stray=0.02)
    assert shelf.groups() == [("same title and sound", ["a copy.flac", "a.flac", "b.mp3", "c.ogg"])]


def test_every_near_pair_is_found_whatever_the_blocks(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against all pairs, one by one."""
    chance = np.random.default_rng(5)
    for n in range(60):
        sound, duration = int(chance.integers(100, 108)), float(chance.uniform(200, 210))
        shelf.put(f"n{n}.mp3", f"Title {n}", f"Artist {n}", duration, sound, stray=float(chance.uniform(0.01, 0.3)))
    tracks, embeddings = shelf.catalog.tracks(), shelf.catalog.embeddings(networks()[0])
    cosines = embeddings.vectors @ embeddings.vectors.T
    durations = np.array([track.duration or 0 for track in tracks])
    near = (cosines >= NEARLY_EQUAL) & (np.abs(durations[:, None] - durations) <= 2)
    reached = near
    for _ in range(7):
        reached = reached @ reached
    expected = sorted({tuple(np.flatnonzero(row)) for row in reached if row.sum() > 1})
    assert len(expected) > 3
    by_name = {track.path.name: row for row, track in enumerate(tracks)}
    for block in (3, 17, 1024):
        monkeypatch.setattr("essentialist.catalogue.duplicates.BLOCK", block)
        found = sorted(tuple(sorted(by_name[name] for name in names)) for _, names in shelf.groups())
        assert found == expected


def test_a_gone_file_is_no_duplicate(shelf: Shelf) -> None:
    shelf.put("a.flac", "Song", "Band", 200, 50)
    shelf.put("b.flac", "Song", "Band", 200, 50)
    with shelf.catalog.connected() as db:
        db.execute("UPDATE file SET missing = 1 WHERE path = CAST('b.flac' AS BLOB)")
    assert shelf.groups() == shelf.groups(likely=False) == []


def test_the_command(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    run = Here(shelf.catalog.path, capsys)
    assert run("duplicates").err == "No two files hold the same.\n"
    assert json.loads(run("duplicates", "--format", "json").out) == []
    shelf.put("=a.flac", "=1+1", "Band", 200, 50)
    shelf.put("b.mp3", "=1+1", "Band", 201, 51)
    rows = json.loads(run("duplicates", "--likely", "--format", "json").out)
    assert [(row["group"], row["reason"], row["title"], row["plays"]) for row in rows] == [
        (1, "same title", "=1+1", True)
    ] * 2
    lines = run("duplicates", "--likely", "--format", "jsonl").out.splitlines()
    assert list(map(json.loads, lines)) == rows
    table = list(csv.DictReader(io.StringIO(run("duplicates", "--likely", "--format", "csv").out)))
    assert [row["title"] for row in table] == ["'=1+1"] * 2
    assert list(table[0]) == list(rows[0])
    shown = run("duplicates", "--likely")
    assert shown.out.count("same title") == 2
    assert "1 group of 2 files" in shown.err
    assert Group("", ()).spare_bytes == 0
