"""Folders that moved: their files are found by name and size, and nothing has to be listened to."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from command_line import Here
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.catalogue.relocating import Relocation, relocate
from essentialist.errors import CollectionError, FolderMissing
from essentialist.runs.planning import Wanted, plan
from essentialist.settings import Settings
from essentialist.track import AudioFile
from made_up import enter_folder, extractors, heard, make_files
from runs import contents

if TYPE_CHECKING:
    from pathlib import Path

SOUNDS = {"a.flac": b"one", "b/2.flac": b"second", "b/c/3.flac": b"a third", "b/copy.flac": b"one"}


class Collection:
    """A folder of files, and the catalogue that is kept of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.music = make_files(folder / "music", SOUNDS)
        self.catalog = Catalog.create(folder / "catalog.db")
        self.enter(self.music)

    def enter(self, *folders: Path) -> None:
        with Recorder(self.catalog) as recorder:
            recorder.learn(extractors())
            for folder in folders:
                recorder.place(str(folder))
                enter_folder(recorder, folder)

    def listed(self) -> dict[str, int]:
        """Path -> id of the tracks that are listed."""
        return {os.path.relpath(track.path, self.folder): track.id for track in self.catalog.tracks()}

    def n_to_open(self) -> int:
        """How many files an analysis of all roots would open."""
        with Recorder(self.catalog) as recorder:
            return len(plan(recorder, Wanted(), Settings(self.catalog.path, 1)).tasks)

    def roots(self) -> list[str]:
        return [os.path.relpath(root, self.folder) for root in self.catalog.status().roots]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def moved(listed: dict[str, int], old: str, new: str) -> dict[str, int]:
    return {new + path.removeprefix(old) if path.startswith(old) else path: n for path, n in listed.items()}


def test_a_root_that_moved_keeps_ids_and_values_and_nothing_is_opened(collection: Collection) -> None:
    before, known = collection.listed(), contents(collection.catalog.path)
    shutil.copytree(collection.music, collection.folder / "disk" / "m", copy_function=shutil.copyfile)  # other times
    shutil.rmtree(collection.music)
    assert relocate(collection.catalog, collection.music, collection.folder / "disk" / "m") == Relocation(4, 0, 0, 0)
    assert collection.listed() == moved(before, "music", "disk/m")
    assert collection.roots() == ["disk/m"]
    assert collection.n_to_open() == 0
    assert contents(collection.catalog.path)[3:7] == known[3:7]


def test_a_dry_run_looks_and_changes_nothing(collection: Collection) -> None:
    before = contents(collection.catalog.path)
    (collection.music / "b").rename(collection.music / "z")
    looked = relocate(collection.catalog, collection.music / "b", collection.music / "z", dry_run=True)
    assert looked == Relocation(3, 0, 0, 0)
    assert contents(collection.catalog.path) == before


def test_a_folder_that_was_renamed_inside_its_root(collection: Collection) -> None:
    before = collection.listed()
    (collection.music / "b").rename(collection.music / "z")
    relocate(collection.catalog, collection.music / "b", collection.music / "z")
    assert collection.listed() == moved(before, "music/b", "music/z")
    assert collection.roots() == ["music"]
    assert collection.n_to_open() == 0


def test_a_root_that_moved_into_a_folder_of_its_own_name(collection: Collection) -> None:
    """The new paths are other files' old ones."""
    make_files(collection.music, {"b/a.flac": b"beside"})
    collection.enter(collection.music)
    before = collection.listed()
    collection.music.rename(collection.folder / "b")
    collection.music.mkdir()
    (collection.folder / "b").rename(collection.music / "b")
    assert relocate(collection.catalog, collection.music, collection.music / "b").moved == 5
    assert collection.listed() == moved(before, "music", "music/b")
    assert collection.n_to_open() == 0


def test_several_roots_move_together_with_the_folder_around_them(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    make_files(tmp_path / "old" / "x", {"1.flac": b"first"})
    make_files(tmp_path / "old" / "y", {"2.flac": b"second of all"})
    collection.enter(tmp_path / "old" / "x", tmp_path / "old" / "y")
    before = collection.listed()
    (tmp_path / "old").rename(tmp_path / "new")
    relocate(collection.catalog, tmp_path / "old", tmp_path / "new")
    assert collection.listed() == moved(before, "old", "new")
    assert collection.roots() == ["music", "new"]


def test_a_root_is_not_torn_apart_unless_that_is_meant(collection: Collection) -> None:
    before = contents(collection.catalog.path)
    (collection.music / "b").rename(collection.folder / "elsewhere")
    with pytest.raises(CollectionError, match="--split"):
        relocate(collection.catalog, collection.music / "b", collection.folder / "elsewhere")
    assert contents(collection.catalog.path) == before
    done = relocate(collection.catalog, collection.music / "b", collection.folder / "elsewhere", split=True)
    assert done.moved == 3
    assert collection.roots() == ["elsewhere", "music"]
    assert collection.n_to_open() == 0


def test_what_is_not_there_stays_or_is_gone(collection: Collection) -> None:
    new = collection.folder / "new"
    make_files(new, {"a.flac": b"one", "b/2.flac": b"longer than second"})
    (collection.music / "b" / "c" / "3.flac").unlink()
    done = relocate(collection.catalog, collection.music, new)
    assert done == Relocation(moved=1, known=0, stayed=2, missing=1, examples=("b/c/3.flac",))
    assert sorted(collection.listed()) == ["music/b/2.flac", "new/a.flac"]
    assert collection.catalog.status().skipped == 1


def test_what_is_known_there_already_is_struck_out_here(collection: Collection) -> None:
    new = collection.folder / "new"
    shutil.copytree(collection.music, new)
    collection.enter(new)
    assert collection.catalog.status().found == 8
    assert relocate(collection.catalog, collection.music, new) == Relocation(0, 4, 0, 0)
    assert collection.catalog.status().found == 4
    assert collection.roots() == ["new"]


def test_failures_go_along(collection: Collection) -> None:
    with Recorder(collection.catalog) as recorder:
        recorder.fail(AudioFile(str(collection.music), "bad.flac", 1, 2), "decode", "made up")
    collection.music.rename(collection.folder / "new")
    relocate(collection.catalog, collection.music, collection.folder / "new")
    assert [each.path for each in collection.catalog.failures()] == [collection.folder / "new" / "bad.flac"]


def test_mistakes_are_told_and_change_nothing(collection: Collection) -> None:
    before = contents(collection.catalog.path)
    (collection.folder / "empty").mkdir()
    with pytest.raises(FolderMissing, match="is no folder"):
        relocate(collection.catalog, collection.music, collection.folder / "none")
    with pytest.raises(CollectionError, match="None of the 4 files"):
        relocate(collection.catalog, collection.music, collection.folder / "empty")
    with pytest.raises(CollectionError, match=f"No file is known under .* analysed: {collection.music}"):
        relocate(collection.catalog, collection.folder / "musi", collection.folder / "empty")
    assert contents(collection.catalog.path) == before


def test_names_that_are_not_utf_8(collection: Collection) -> None:
    odd = os.fsdecode(b"caf\xe9")
    make_files(collection.music, {f"{odd}/{odd}.flac": b"latin"})
    status = (collection.music / odd / f"{odd}.flac").stat()
    with Recorder(collection.catalog) as recorder:
        file = AudioFile(str(collection.music), f"{odd}/{odd}.flac", status.st_size, status.st_mtime_ns)
        recorder.enter(file, heard(b"latin", "latin"))
    (collection.music / odd).rename(collection.music / f"{odd} 2")
    assert relocate(collection.catalog, collection.music / odd, collection.music / f"{odd} 2").moved == 1
    assert collection.catalog.track(collection.music / f"{odd} 2" / f"{odd}.flac")


def test_the_command(collection: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    run = Here(collection.catalog.path, capsys)
    old, new = str(collection.music), str(collection.folder / "new")
    collection.music.rename(new)
    assert run("relocate", old, new, "--dry-run").out.startswith("4 files would be moved to ")
    assert json.loads(run("relocate", old, new, "--json").out)["moved"] == 4
    again = run("relocate", old, new)
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert f"analysed: {new}" in again.err
