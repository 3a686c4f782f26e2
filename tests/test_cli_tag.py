"""The command `tag`: nothing without --apply, and the same for people and programs."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from command_line import Here
from essentialist.catalogue.catalog import Catalog
from essentialist.library import Library
from tagged import Music, digest, said

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection


@pytest.fixture
def music(tmp_path: Path) -> Music:
    made = Music.make(tmp_path)
    made.sound("one.mp3", title="One")
    made.sound("two.flac", hz=300, title="Two")
    return made


@pytest.fixture
def run(music: Music, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(music.catalog.path, capsys)


def test_it_shows_then_does_then_takes_back(music: Music, run: Here) -> None:
    paths = sorted(music.folder.iterdir())
    before = [digest(path) for path in paths]
    shown = run("tag", "--write", "bpm,key")
    assert shown.code == 0
    assert shown.out.splitlines()[0].split() == ["file", "bpm", "key", "note"]
    assert "2 files would be written.\nNothing was written: say --apply to do it.\n" in shown.err
    assert [digest(path) for path in paths] == before
    done = run("tag", "one", "--write", "bpm,key", "--key-as", "camelot", "--apply")
    assert (done.code, done.err) == (0, "1 file written. `essentialist tag --undo 1` takes it back.\n")
    assert said(paths[0]) == {"bpm": "128", "key": "11A"}
    assert digest(paths[1]) == before[1]
    assert run("tag", "--list").out.splitlines()[1].split()[3:] == ["bpm,", "key", "1", "0"]
    assert "would be given back" in run("tag", "--undo").out
    assert run("tag", "--undo", "1", "--apply").code == 0
    assert [digest(path) for path in paths] == before
    assert run("tag", "--undo").err.startswith("essentialist: No tags were written that could be taken back")


def test_programs_read_the_same(music: Music, run: Here) -> None:
    (music.folder / "two.flac").unlink()
    row, gone = json.loads(run("tag", "--write", "bpm,energy", "--json").out)["files"]
    assert (row["fate"], row["fields"]["bpm"]) == ("to write", {"old": [], "new": ["128"], "kept": False})
    assert row["tags"] == {"TBPM": ["128"], "TXXX:EnergyLevel": ["8"]}
    assert (gone["fate"], gone["reason"]) == ("left", "cannot be found: analyse its folder again")
    done = run("tag", "--write", "bpm", "--apply", "--json")
    assert (done.code, json.loads(done.out)["run"]) == (1, 1)
    assert [(each["run"], each["files"]) for each in json.loads(run("tag", "--list", "--json").out)] == [(1, 1)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Say what to --write"),
        (("--write", "bpm", "--undo"), "Say what to --write"),
        (("one", "--undo"), "A QUERY goes with --write only"),
        (("--write", "tempo"), "there is no 'tempo'; choose among bpm,key,mood,energy"),
        (("--undo", "x"), "'x' is no number of a run"),
    ],
)
def test_wrong_usage_is_told(run: Here, arguments: tuple[str, ...], told: str) -> None:
    answer = run("tag", *arguments)
    assert answer.code == 2
    assert told in answer.err


def test_a_query_that_finds_nothing_is_told(run: Here) -> None:
    assert run("tag", "title:three", "--write", "bpm").err == "essentialist: No track matches `title:three`.\n"


def test_an_analysed_collection_is_not_listened_to_again(
    collection: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names with bytes that are no UTF-8 among them; an energy that is an estimate is written only if asked for."""
    music, catalog = tmp_path / "Music", tmp_path / "catalog.db"
    shutil.copytree(collection.music, music)
    shutil.copy(collection.catalog, catalog)
    Library(Catalog(catalog)).relocate(collection.music, music)
    run = Here(catalog, capsys)
    shown = run("tag", "--write", "bpm,mood,energy")
    assert "energy" not in shown.out
    assert "energy: known of none of these tracks, or only estimated: see --estimates.\n" in shown.err
    assert "mood: known of none" in shown.err
    done = json.loads(run("tag", "--write", "bpm,key,energy", "--estimates", "--apply", "--json").out)
    assert {each["fate"] for each in done["files"]} == {"written"}
    ledger = json.loads(run("analyze", "--json").out)
    assert (ledger["analysed"], ledger["failed"], ledger["found"]) == (0, 0, 8)
    assert run("tag", "--undo", "--apply").code == 0
    assert [each.read_bytes() for each in sorted(music.rglob("*.*"))] == [
        each.read_bytes() for each in sorted(collection.music.rglob("*.*"))
    ]
