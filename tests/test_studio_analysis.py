"""The page that has music listened to: it starts real runs, pauses them, and nothing leaves the folders it may use."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import studios
from essentialist.catalogue.catalog import Catalog, Failure
from essentialist.errors import CollectionError, SettingsError
from essentialist.runs.jobs import Job
from essentialist.runs.progress import Progress
from essentialist.web import studio
from essentialist.web.chores import Chore, Chores
from essentialist.web.views import analysis, doing, folders
from essentialist.web.views.texts import plain
from runs import make_music

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from conftest import Collection

DEADLINE_S = 120.0


def at_analysis(catalog: Path, **options: Any) -> AppTest:
    """The page, run once."""
    return studios.page_of(catalog, "analysis", **options).run()


def wait_for_end(chores: Chores) -> int:
    """Wait until the chore has ended; its exit code."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        chore = chores.latest()
        if chore is not None and chore.code is not None:
            return chore.code
        time.sleep(0.05)
    raise AssertionError("the chore did not end")


def job(progress: Progress, *, finished: float | None = None, **ledger: float) -> Job:
    return Job("here", os.getpid(), 1e9, time.time(), finished, progress, ledger)


@pytest.mark.parametrize("share", [-0.5, 0.0, 0.4, 1.0, 7.0])
def test_a_run_is_told_in_words(share: float) -> None:
    told = analysis.running(job(Progress(2000, 500, 3, share, 125.0, 90.4, ("a/b/one.flac", "two.mp3"))))
    assert 0 <= told.share <= 1
    assert told.words == "500 of 2,000 files · 90 a minute · about 2 min left · 3 failed"
    assert told.now == ("one.flac", "two.mp3")


def test_what_nobody_can_know_is_not_told() -> None:
    assert analysis.running(job(Progress(1, 0))).words == "0 of 1 file"


def test_an_end_is_told() -> None:
    assert "cut off" in analysis.ended(job(Progress()))
    assert "error" in analysis.ended(job(Progress(), finished=1e9))
    assert "3 files were found and 2 listened to; 1 failed." in analysis.ended(
        job(Progress(), finished=1e9, found=3, analysed=2, failed=1)
    )


def test_failures_do_not_tell_where_the_music_lies(tmp_path: Path) -> None:
    root = tmp_path / "secret" / "Music"
    bad = Failure(root / "a" / os.fsdecode(b"x\xff.mp3"), "decode", f"{root}/a/x: no sound", 1)
    (told,) = analysis.failed_files([bad], [str(root)])
    assert told.name == "Music/a/x?.mp3"
    assert told.reason == "a/x: no sound"


@given(st.text(alphabet="ab*_[](){}$:<>`|~\\&#\n\x00", max_size=30))
def test_plain_text_has_every_mark_escaped(text: str) -> None:
    shown = plain(text)
    assert "\n" not in shown
    bare = [mark for place, mark in enumerate(shown) if mark in "*_[]$:<`" and shown[place - 1 : place] != "\\"]
    assert bare == []


def test_folders_that_may_be_listened_to(tmp_path: Path) -> None:
    for name in ("Music/Jazz/Trio", "Music/.hidden", "Other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "Music" / "out").symlink_to(tmp_path / "Other")
    music = tmp_path / "Music"
    assert folders.allowed([music, music / "Jazz"], [str(music)]) == (music,)
    assert folders.within(music) == ["Jazz", "out"]
    assert folders.below(music, ["Jazz", "Trio"]) == music / "Jazz" / "Trio"


@pytest.mark.parametrize("names", [["..", "Other"], ["out"], ["/", "etc"], ["Jazz", "..", ".."], ["nothing"]])
def test_no_folder_outside(tmp_path: Path, names: list[str]) -> None:
    (tmp_path / "Music" / "Jazz").mkdir(parents=True)
    (tmp_path / "Other").mkdir()
    (tmp_path / "Music" / "out").symlink_to(tmp_path / "Other")
    with pytest.raises(CollectionError):
        folders.below(tmp_path / "Music", names)


def test_the_page_starts_a_real_run_of_a_part_of_a_folder(tmp_path: Path) -> None:
    music = make_music(tmp_path / "Music", 3)
    catalog = tmp_path / "catalog.db"
    page = at_analysis(catalog, music=(music,))
    assert not page.exception
    assert any("Nothing was listened to yet" in each.value for each in page.markdown)
    page.selectbox(f"analysis.below.{music}.").select("sub").run()
    page.button("analysis.start").click().run()
    assert not page.exception
    assert wait_for_end(studio.current().chores) == 0
    assert Catalog(catalog).status().analysed == 1
    page.checkbox("analysis.again").check().run()
    assert not page.exception


def test_a_chore_that_fails_is_told_and_a_second_has_to_wait(tmp_path: Path) -> None:
    music = make_music(tmp_path / "Music", 4)
    chores = Chores(tmp_path / "catalog.db")
    assert chores.latest() is None
    chores.stop()
    chores.start("Listening", ["analyze", "--", str(music)])
    with pytest.raises(SettingsError, match="is under way"):
        chores.start("Another", ["analyze"])
    chores.stop()
    wait_for_end(chores)
    chores.start("Nonsense", ["analyze", "--", str(tmp_path / "nothing")])
    assert wait_for_end(chores) != 0
    told = chores.latest()
    assert told is not None
    assert "nothing" in told.said


def test_what_was_paused_goes_on_and_what_was_stopped_does_not(tmp_path: Path) -> None:
    music = make_music(tmp_path / "Music", 3)
    page = at_analysis(tmp_path / "catalog.db", music=(music,))
    chores = studio.current().chores
    page.button("analysis.start").click().run()
    assert page.button("analysis.clips").disabled  # one chore at a time
    page.button("analysis.pause").click().run()
    wait_for_end(chores)
    assert "is paused" in doing.doing(studio.current()).words
    page.run()
    page.button("analysis.go_on").click().run()
    assert not page.exception
    assert wait_for_end(chores) == 0
    assert Catalog(tmp_path / "catalog.db").status().analysed == 3
    chores.start("Listening", ["analyze", "--", str(music)])
    chores.stop()
    wait_for_end(chores)
    chores.go_on()
    latest = chores.latest()
    assert latest is not None
    assert latest.code is not None


def chore(**changes: Any) -> Chore:
    return replace(Chore("Making clips", "clips", None, "", 10, 30.0, False), **changes)


def test_the_time_left_of_clips_is_their_pace_until_now() -> None:
    assert doing.in_work(chore(), doing.Clipped(100, 40)) == "40 of 100 clips · about 60 s left"
    assert doing.share(chore(), doing.Clipped(100, 40)) == pytest.approx(1 / 3)
    assert doing.in_work(chore(), doing.Clipped(100, 11)) == "11 of 100 clips"  # nobody can know yet
    assert doing.in_work(chore(), doing.Clipped(100, 100)) == "100 of 100 clips"


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_share_is_one(before: int, n_clips: int, n_tracks: int) -> None:
    assert 0 <= doing.share(chore(before=before), doing.Clipped(n_tracks, n_clips)) <= 1


def test_nothing_is_started_in_a_read_only_studio(collection: Collection) -> None:
    here = studio.open_studio(studios.options(collection.catalog, read_only=True))
    steps: list[Callable[[], object]] = [
        lambda: doing.listen(here, collection.music, again=False),
        lambda: doing.retry(here),
        lambda: doing.make_clips(here),
        lambda: doing.fetch(here, analysis.networks()[0]),
        lambda: doing.stop(here, pause=True),
        lambda: doing.go_on(here),
    ]
    for step in steps:
        with pytest.raises(SettingsError, match="--read-only"):
            step()
    assert here.chores.latest() is None


def test_a_read_only_studio_has_no_such_page(collection: Collection) -> None:
    page = at_analysis(collection.catalog, read_only=True)
    assert [each.value for each in page.title] == ["Library"]


def test_without_a_folder_it_says_how_to_name_one(tmp_path: Path) -> None:
    page = at_analysis(tmp_path / "catalog.db")
    assert not page.exception
    assert any("--music" in each.value for each in page.code)


def test_failures_are_listed(collection: Collection) -> None:
    page = at_analysis(collection.catalog)
    assert not page.exception
    assert "damaged.flac" in str(page.dataframe[0].value)
    assert str(collection.music.parent) not in str(page.dataframe[0].value)
