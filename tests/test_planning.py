"""What an analysis decides of each file, with made-up sounds: files are bytes, and nothing is listened to."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.catalogue import inventory
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.catalogue.roots import is_within, path_from
from essentialist.errors import CollectionError, FolderMissing, NoAudio
from essentialist.files.collection import Selection
from essentialist.runs.planning import LONG, Plan, Wanted, in_order, outermost, plan
from essentialist.runs.runner import take_next
from essentialist.settings import Settings
from essentialist.tasks import Task
from essentialist.track import AudioFile
from made_up import enter, extractors, heard, make_files

SOUNDS = {"a.flac": b"sound one", "b/2.flac": b"second sound", "b/c/3.flac": b"a third one"}


class Collection:
    """A folder of files, and the catalogue that is kept of it."""

    def __init__(self, folder: Path) -> None:
        self.music = make_files(folder / "music", SOUNDS)
        self.settings = Settings(folder / "catalog.db", 1)
        self.catalog = Catalog.create(self.settings.catalog)

    def plan(self, *folders: Path, recorder: Recorder | None = None, **wanted: object) -> Plan:
        """What is to be done now; without folders, for the collection's own."""
        asked = Wanted(folders or (self.music,), **wanted)  # type: ignore[arg-type]
        if recorder:
            return plan(recorder, asked, self.settings)
        with Recorder(self.catalog) as own:
            own.learn(extractors())
            return plan(own, asked, self.settings)

    def analyse(self, *folders: Path, **wanted: object) -> Plan:
        """Plan, and enter what is to be listened to."""
        with Recorder(self.catalog) as recorder:
            recorder.learn(extractors())
            made = self.plan(*folders, recorder=recorder, **wanted)
            enter(recorder, [task.file for task in made.tasks])
            recorder.forget_unheld()
            return made

    def replan_roots(self) -> Plan:
        """What is to be done for all folders analysed before."""
        with Recorder(self.catalog) as recorder:
            return plan(recorder, Wanted(), self.settings)

    def listed(self) -> dict[str, int]:
        """Path -> id of the tracks that are listed."""
        return {os.path.relpath(track.path, self.music): track.id for track in self.catalog.tracks()}

    def failures(self) -> dict[str, int]:
        """Path -> attempts."""
        return {os.path.relpath(each.path, self.music): each.attempts for each in self.catalog.failures()}

    def roots(self) -> tuple[str, ...]:
        """The folders known."""
        return self.catalog.status().roots


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    made = Collection(tmp_path)
    made.analyse()
    return made


def fates(made: Plan) -> dict[str, float]:
    """The ledger's counts that are not zero."""
    return {fate: n for fate, n in made.ledger.as_row().items() if n and fate != "found"}


def paths(made: Plan) -> list[str]:
    """What is to be listened to."""
    return [task.file.path for task in made.tasks]


def test_everything_is_new_at_first_and_nothing_afterwards(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    first = collection.analyse()
    assert paths(first) == list(SOUNDS)
    assert not any(task.may_be_known or task.waits for task in first.tasks)
    again = collection.analyse()
    assert not again.tasks
    assert fates(again) == {"unchanged": 3}


def test_a_touched_file_is_looked_at_again(collection: Collection) -> None:
    os.utime(collection.music / "a.flac", ns=(1, 1))
    made = collection.analyse()
    assert [(task.file.path, task.may_be_known) for task in made.tasks] == [("a.flac", True)]
    assert not collection.analyse().tasks


def test_a_renamed_folder_moves_its_tracks(collection: Collection) -> None:
    before = collection.listed()
    (collection.music / "b").rename(collection.music / "z")
    made = collection.analyse()
    assert all(task.may_be_known for task in made.tasks)
    assert paths(made) == ["z/2.flac", "z/c/3.flac"]
    after = collection.listed()
    assert after == {path.replace("b/", "z/"): track_id for path, track_id in before.items()}
    assert collection.catalog.status().found == 3


def test_a_deleted_track_is_not_listed_and_comes_back_with_its_file(collection: Collection) -> None:
    path = collection.music / "a.flac"
    before, stamp = collection.listed(), path.stat()
    path.unlink()
    assert fates(collection.analyse()) == {"unchanged": 2}
    assert "a.flac" not in collection.listed()
    assert collection.catalog.status().skipped == 1
    path.write_bytes(SOUNDS["a.flac"])
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert fates(collection.analyse()) == {"unchanged": 3}
    assert collection.listed() == before


def test_a_copy_takes_over_when_the_original_is_deleted(collection: Collection) -> None:
    track_id = collection.listed()["a.flac"]
    make_files(collection.music, {"0 copy.flac": SOUNDS["a.flac"]})
    collection.analyse()
    assert collection.listed()["a.flac"] == track_id
    assert fates(collection.analyse()) == {"unchanged": 3, "duplicates": 1}
    (collection.music / "a.flac").unlink()
    assert fates(collection.analyse()) == {"unchanged": 3}
    assert collection.listed()["0 copy.flac"] == track_id
    assert collection.catalog.status().found == 3


def test_copies_in_one_run_wait_for_the_first(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    make_files(collection.music, {"0.flac": SOUNDS["b/2.flac"]})
    made = collection.analyse()
    assert [(task.file.path, task.waits) for task in made.tasks][-1] == ("b/2.flac", True)
    assert "0.flac" in collection.listed()
    assert "b/2.flac" not in collection.listed()


def test_new_content_under_an_old_name_is_another_track(collection: Collection) -> None:
    old_id = collection.listed()["a.flac"]
    make_files(collection.music, {"a.flac": b"something else altogether"})
    made = collection.analyse()
    assert paths(made) == ["a.flac"]
    assert collection.listed()["a.flac"] != old_id
    assert len(collection.listed()) == 3
    with collection.catalog.connected() as db:
        assert db.execute("SELECT count(*) FROM track").fetchone()[0] == 3
        assert db.execute("SELECT count(*) FROM probability WHERE track_id = ?", (old_id,)).fetchone()[0] == 0


def test_at_no_moment_is_a_track_listed_under_the_name_of_another(collection: Collection) -> None:
    one, two = collection.music / "a.flac", collection.music / "b" / "2.flac"
    ids = collection.listed()
    sounds = one.read_bytes(), two.read_bytes()
    one.write_bytes(sounds[1])
    two.write_bytes(sounds[0])
    with Recorder(collection.catalog) as recorder:
        made = collection.plan(recorder=recorder)
        assert paths(made) == ["a.flac", "b/2.flac"]
        enter(recorder, [made.tasks[0].file])
        assert collection.listed() == {"a.flac": ids["b/2.flac"], "b/c/3.flac": ids["b/c/3.flac"]}
        enter(recorder, [made.tasks[1].file])
    swapped = {"a.flac": ids["b/2.flac"], "b/2.flac": ids["a.flac"], "b/c/3.flac": ids["b/c/3.flac"]}
    assert collection.listed() == swapped


def test_a_copy_keeps_the_track_when_the_original_becomes_another_sound(collection: Collection) -> None:
    track_id = collection.listed()["a.flac"]
    make_files(collection.music, {"copy.flac": SOUNDS["a.flac"]})
    collection.analyse()
    make_files(collection.music, {"a.flac": b"no longer the same"})
    collection.analyse()
    assert collection.listed()["copy.flac"] == track_id
    assert len(collection.listed()) == 4


# Failures


def fail(collection: Collection, name: str, stage: str) -> None:
    with Recorder(collection.catalog) as recorder:
        file = next(
            task.file for task in collection.plan(recorder=recorder, retry=True).tasks if task.file.path == name
        )
        recorder.fail(file, stage, "made up")


def test_a_broken_file_is_skipped_until_it_changes_or_is_retried(collection: Collection) -> None:
    make_files(collection.music, {"bad.flac": b"bad"})
    fail(collection, "bad.flac", "decode")
    assert fates(collection.plan()) == {"unchanged": 3, "skipped": 1}
    assert paths(collection.plan(retry=True)) == ["bad.flac"]
    fail(collection, "bad.flac", "decode")
    assert collection.failures() == {"bad.flac": 2}
    make_files(collection.music, {"bad.flac": b"good now"})
    assert paths(collection.analyse()) == ["bad.flac"]
    assert collection.failures() == {}


@pytest.mark.parametrize("stage", ["crash", "time-out"])
def test_what_need_not_be_the_files_fault_is_tried_once_more(collection: Collection, stage: str) -> None:
    make_files(collection.music, {"slow.flac": b"slow"})
    fail(collection, "slow.flac", stage)
    assert paths(collection.plan()) == ["slow.flac"]
    fail(collection, "slow.flac", stage)
    assert fates(collection.plan()) == {"unchanged": 3, "skipped": 1}


def test_a_good_file_that_turns_bad_is_missing_and_comes_back_when_it_is_restored(collection: Collection) -> None:
    path = collection.music / "a.flac"
    before, stamp = collection.listed(), path.stat()
    path.write_bytes(b"broken")
    fail(collection, "a.flac", "decode")
    assert "a.flac" not in collection.listed()
    assert (collection.catalog.status().failed, collection.catalog.status().skipped) == (1, 0)
    path.write_bytes(SOUNDS["a.flac"])
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert fates(collection.analyse()) == {"unchanged": 3}
    assert collection.listed() == before
    assert collection.failures() == {}


def test_a_file_that_cannot_be_analysed_anew_keeps_its_track(collection: Collection) -> None:
    with collection.catalog.connected() as db:
        db.execute("UPDATE computed SET provenance = 'old' WHERE track_id = 1 AND extractor = 'tempo'")
    fail(collection, "a.flac", "decode")
    assert "a.flac" in collection.listed()
    assert fates(collection.plan()) == {"unchanged": 2, "skipped": 1}


def test_a_failure_of_a_file_that_is_gone_is_forgotten(collection: Collection) -> None:
    make_files(collection.music, {"bad.flac": b"bad"})
    fail(collection, "bad.flac", "decode")
    (collection.music / "bad.flac").unlink()
    collection.analyse()
    assert collection.failures() == {}


def test_failed_extractors_are_retried_when_that_is_asked(collection: Collection) -> None:
    with Recorder(collection.catalog) as recorder:
        file = next(iter(inventory.known_files(recorder.db, recorder.place(str(collection.music)))))
        task = collection.plan(recorder=recorder)
        assert not task.tasks
        recorder.db.execute("UPDATE computed SET failure = 'made up' WHERE track_id = 1 AND extractor = 'key'")
    assert file == "a.flac"
    assert not collection.plan().tasks
    assert paths(collection.plan(retry=True)) == ["a.flac"]


# Roots


def test_a_sub_folder_belongs_to_the_root_around_it(collection: Collection) -> None:
    made = collection.analyse(collection.music / "b")
    assert not made.tasks
    assert fates(made) == {"unchanged": 2}
    assert collection.roots() == (str(collection.music),)
    assert len(collection.listed()) == 3


def test_a_root_takes_over_those_inside_it(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    make_files(collection.music, {"b/bad.flac": b"bad"})
    collection.analyse(collection.music / "b")
    with Recorder(collection.catalog) as recorder:
        collection_plan = collection.plan(collection.music / "b", recorder=recorder)
        assert not collection_plan.tasks
        make_files(collection.music, {"b/worse.flac": b"worse"})
        worse = collection.plan(collection.music / "b", recorder=recorder).tasks[0].file
        recorder.fail(worse, "decode", "made up")
    before = collection.listed()
    made = collection.analyse()
    assert paths(made) == ["a.flac"]
    assert fates(made) == {"unchanged": 3, "skipped": 1}
    assert collection.roots() == (str(collection.music),)
    assert {path: track_id for path, track_id in collection.listed().items() if path != "a.flac"} == before
    assert collection.failures() == {"b/worse.flac": 1}


def test_two_roots_and_their_parent(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    make_files(tmp_path, {"other/2.flac": b"another"})
    collection.analyse(collection.music / "b", collection.music / "b" / "c", tmp_path / "other")
    assert collection.roots() == (str(collection.music / "b"), str(tmp_path / "other"))
    assert fates(collection.replan_roots()) == {"unchanged": 3}
    assert paths(collection.analyse(tmp_path)) == ["music/a.flac"]
    assert collection.roots() == (str(tmp_path),)
    assert collection.catalog.status().found == 4


def test_entering_finds_a_root_that_another_run_took_over(collection: Collection, tmp_path: Path) -> None:
    make_files(collection.music, {"new.flac": b"new", "bad.flac": b"bad"})
    with Recorder(collection.catalog) as recorder:
        bad, new = (task.file for task in collection.plan(recorder=recorder).tasks)
        collection.analyse(tmp_path)
        recorder.enter(new, heard(b"new", "entered late"))
        recorder.fail(bad, "decode", "failed late")
    assert collection.roots() == (str(tmp_path),)
    assert collection.catalog.track(collection.music / "new.flac").title == "entered late"
    assert collection.catalog.failures()[0].path == collection.music / "bad.flac"


def test_a_folder_without_use_leaves_no_trace(collection: Collection, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoAudio, match="There is no audio in"):
        collection.plan(tmp_path / "empty")
    with pytest.raises(FolderMissing, match="does not exist"):
        collection.plan(tmp_path / "nowhere")
    with pytest.raises(FolderMissing, match="is a file"):
        collection.plan(collection.music / "a.flac")
    assert collection.roots() == (str(collection.music),)


def test_an_empty_mount_point_marks_nothing_missing(collection: Collection, tmp_path: Path) -> None:
    before = collection.listed()
    collection.music.rename(tmp_path / "elsewhere")
    with pytest.raises(FolderMissing, match="connect the disk"):
        collection.plan()
    collection.music.mkdir()
    with pytest.raises(NoAudio, match="3 files are known there: connect the disk"):
        collection.plan()
    assert collection.listed() == before


def test_among_all_roots_one_that_is_away_stops_nothing(collection: Collection, tmp_path: Path) -> None:
    make_files(tmp_path, {"other/x.flac": b"another"})
    collection.analyse(tmp_path / "other")
    before = collection.listed()
    collection.music.rename(tmp_path / "elsewhere")
    made = collection.replan_roots()
    assert fates(made) == {"unchanged": 1, "failed": 1}
    assert collection.listed() == before
    assert "connect the disk" in collection.catalog.failures()[0].reason
    (tmp_path / "elsewhere").rename(collection.music)
    assert fates(collection.replan_roots()) == {"unchanged": 4}
    assert collection.failures() == {}
    for folder in (collection.music, tmp_path / "other"):
        folder.rename(tmp_path / f"{folder.name} away")
    with pytest.raises(FolderMissing):
        collection.replan_roots()


def test_without_any_root_a_folder_has_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="name one"):
        Collection(tmp_path).replan_roots()


def test_a_file_that_moved_to_another_root_is_found_there(collection: Collection, tmp_path: Path) -> None:
    track_id = collection.listed()["a.flac"]
    (tmp_path / "other").mkdir()
    (collection.music / "a.flac").rename(tmp_path / "other" / "a.flac")
    collection.analyse(tmp_path / "other")
    assert collection.catalog.track(track_id).path == tmp_path / "other" / "a.flac"
    assert collection.catalog.status().found == 3


# What is not looked at is not gone


@pytest.mark.parametrize(
    "selection", [Selection(exclude=("b",)), Selection(include=("a.flac",)), Selection(exclude=("*.flac.bak", "c/**"))]
)
def test_what_is_not_chosen_is_not_gone(collection: Collection, selection: Selection) -> None:
    before = collection.listed()
    collection.analyse(selection=selection)
    assert collection.listed() == before
    (collection.music / "b" / "2.flac").unlink()
    collection.analyse(selection=selection)
    assert "b/2.flac" not in collection.listed()


def test_hidden_files_that_were_chosen_once_are_not_gone(collection: Collection) -> None:
    make_files(collection.music, {".attic/old.flac": b"old"})
    collection.analyse(selection=Selection(hidden=True))
    collection.analyse()
    assert ".attic/old.flac" in collection.listed()
    (collection.music / ".attic" / "old.flac").unlink()
    collection.analyse()
    assert ".attic/old.flac" not in collection.listed()


def test_a_folder_with_nomedia_is_left_out(collection: Collection) -> None:
    make_files(collection.music, {"b/.nomedia": b""})
    collection.analyse()
    assert list(collection.listed()) == ["a.flac"]


def plan_as_nobody(path: str, music: str) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    settings = Settings(Path(path), 1)
    for selection in (Selection(), Selection(exclude=("locked",))):
        with Recorder(Catalog(settings.catalog)) as recorder:
            plan(recorder, Wanted((Path(music),), selection), settings)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user, whom permissions stop")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_tracks_behind_a_closed_door_are_not_gone(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o055)
    collection = Collection(tmp_path)
    make_files(collection.music, {"locked/in/4.flac": b"fourth"})
    collection.analyse()
    before = collection.listed()
    for path in (tmp_path, *tmp_path.glob("catalog.db*")):
        path.chmod(0o777)
    (collection.music / "locked").chmod(0o700)
    child = multiprocessing.get_context("fork").Process(
        target=plan_as_nobody, args=(str(collection.catalog.path), str(collection.music))
    )
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert collection.listed() == before
    assert collection.failures() == {"locked": 1}
    assert fates(collection.analyse()) == {"unchanged": 4}
    assert collection.failures() == {}


# Pure parts

NAMES = st.lists(st.sampled_from(["a", "b", "ab", "é"]), max_size=4)


@given(NAMES, NAMES)
def test_a_path_told_from_a_folder_leads_back(folder: list[str], below: list[str]) -> None:
    root = os.fsencode("/" + "/".join(folder))
    path = os.fsencode("/" + "/".join([*folder, *below]))
    assert is_within(path, root)
    assert path_from(root, path) == os.fsencode("/".join(below))
    assert is_within(root, path) == (not below)


@given(st.lists(NAMES, max_size=6))
def test_outermost_folders_hold_all_and_none_holds_another(folders: list[list[str]]) -> None:
    given_paths = [Path("/", *folder) for folder in folders]
    kept = outermost(given_paths)
    assert all(any(path == each or each in path.parents for each in kept) for path in given_paths)
    assert not any(one in other.parents for one in kept for other in kept)


def task_of(name: str, size: int, **more: bool) -> Task:
    return Task(AudioFile("/music", name, size, 0), None, "balanced", **more)  # type: ignore[arg-type]


def test_long_files_come_early_known_ones_before_all_and_possible_copies_last() -> None:
    tasks = [task_of(f"{index}", 10) for index in range(20)]
    tasks += [task_of("mix", 500), task_of("longer mix", 600), task_of("copy", 600, may_be_known=True, waits=True)]
    tasks += [task_of("moved", 10, may_be_known=True)]
    ordered = [task.file.path for task in in_order(tasks)]
    assert ordered == ["moved", "longer mix", "mix", *(f"{index}" for index in range(20)), "copy"]


@given(st.lists(st.integers(0, 10**9), max_size=30))
def test_files_of_usual_length_stay_in_the_order_of_the_walk(sizes: list[int]) -> None:
    tasks = [task_of(f"{index}", size) for index, size in enumerate(sizes)]
    ordered = in_order(tasks)
    assert sorted(ordered, key=tasks.index) == tasks
    usual = [task for task in ordered if task.file.size * len(tasks) <= LONG * sum(sizes)]
    assert usual == sorted(usual, key=tasks.index)


def test_a_possible_copy_waits_for_the_first_of_its_size_and_for_no_other() -> None:
    first, *alike = (task_of(f"{index}", 10, waits=index > 0) for index in range(4))
    other = task_of("other", 20)
    waiting = deque([*alike, other])
    assert take_next(waiting, [first]) == other
    assert take_next(waiting, [first, other]) is None
    working: list[Task] = []
    while task := take_next(waiting, working):
        working.append(task)
    assert working == alike
