"""A recipe made again: what came and went, what stays, and the files that it writes."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import EssentialistError
from essentialist.exports import m3u8
from essentialist.library import similar_to
from essentialist.playlists.filter import Filter
from essentialist.playlists.path import Path as Between
from essentialist.recipes.recipe import Recipe, Target
from essentialist.recipes.refreshing import Refreshed, refresh
from essentialist.recipes.remembered import forget, last_time, renamed
from kept import add
from kept import library as made_library

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.library import Library

TEN = Wishes(Length(tracks=10), seed=5)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return made_library(tmp_path, 40)


def titles(done: Refreshed) -> list[str]:
    return [track.title for track in done.playlist.tracks]


def take_away(library: Library, tmp_path: Path, *numbers: int) -> None:
    """Let files be gone, as a drive that is not there."""
    for number in numbers:
        (tmp_path / "music" / f"{number:03}.flac").unlink()
    assert len(library.tracks()) >= len(numbers)


def numbers_of(done: Refreshed, *places: int) -> list[int]:
    return [int(titles(done)[place].removeprefix("Title ")) for place in places]


@pytest.mark.parametrize("keep", [False, True])
def test_the_same_recipe_and_collection_give_the_same_list(library: Library, keep: bool) -> None:
    recipe = Recipe("Any", query="bpm:p20..", wishes=TEN)
    first, second = (refresh(library, "any", recipe, keep=keep) for _ in range(2))
    assert first.is_first
    assert not second.is_first
    assert first.playlist.tracks == second.playlist.tracks == library.make(recipe).tracks
    assert (second.added, second.removed) == ((), ())


def test_what_came_and_went_is_told(library: Library, tmp_path: Path) -> None:
    recipe = Recipe("Fast", choose=Filter("-bpm"), wishes=TEN, order="as-is")
    first = refresh(library, "fast", recipe)
    gone = numbers_of(first, 2, 5)
    take_away(library, tmp_path, *gone)
    second = refresh(library, "fast", recipe)
    assert set(second.removed) == {f"Artist {number % 10} - Title {number}" for number in gone}
    assert len(second.added) == 2
    assert {track.title for track in second.added} == {*titles(second)} - {*titles(first)}
    for number in gone:
        (tmp_path / "music" / f"{number:03}.flac").write_bytes(b"sound %03d" % number)
    third = refresh(library, "fast", recipe)
    assert titles(third) == titles(first)


def test_kept_tracks_stay_in_their_places_and_new_ones_take_the_others(library: Library, tmp_path: Path) -> None:
    recipe = Recipe("Any", query="bpm:any", wishes=TEN)
    first = refresh(library, "any", recipe)
    take_away(library, tmp_path, *numbers_of(first, 0, 4))
    kept = refresh(library, "any", recipe, keep=True)
    assert [titles(kept)[place] for place in (1, 2, 3, 5, 6, 7, 8, 9)] == [
        titles(first)[place] for place in (1, 2, 3, 5, 6, 7, 8, 9)
    ]
    assert {titles(kept)[0], titles(kept)[4]} == {track.title for track in kept.added}
    assert kept.playlist.reasons[kept.playlist.tracks[1].id].startswith("stays from the last time")
    assert titles(refresh(library, "any", recipe, keep=True)) == titles(kept)


def test_what_the_changed_recipe_lets_through_no_more_goes_though_kept(library: Library) -> None:
    first = refresh(library, "any", Recipe(wishes=TEN))
    allowed = {track.title for track in library.tracks("bpm:p50..")}
    kept = refresh(library, "any", Recipe(query="bpm:p50..", wishes=TEN), keep=True)
    assert {*titles(kept)} >= {*titles(first)} & allowed
    assert {*titles(kept)} <= allowed
    assert len(titles(kept)) == 10


def test_kept_tracks_are_held_to_the_wishes(library: Library) -> None:
    first = refresh(library, "any", Recipe(wishes=Wishes(Length(tracks=30))))
    assert len(titles(first)) == 30
    kept = refresh(library, "any", Recipe(wishes=replace(TEN, max_per_artist=1)), keep=True)
    assert titles(kept) == [title for title in titles(first) if title in titles(kept)]
    assert len({track.artist for track in kept.playlist.tracks}) == len(titles(kept)) == 10


def test_a_path_stays_as_a_whole_or_is_made_anew(library: Library, tmp_path: Path) -> None:
    start, end, *_ = library.tracks()
    recipe = Recipe("Path", choose=Between(start, end), wishes=TEN)
    first = refresh(library, "path", recipe)
    assert titles(refresh(library, "path", recipe, keep=True)) == titles(first)
    take_away(library, tmp_path, *numbers_of(first, 4))
    again = refresh(library, "path", recipe, keep=True)
    assert again.playlist.tracks == library.make(recipe).tracks
    assert (titles(again)[0], titles(again)[-1]) == (start.title, end.title)


@pytest.mark.parametrize("keep", [False, True])
def test_new_music_comes_in_without_keep_and_only_fills_up_with_it(
    library: Library, tmp_path: Path, keep: bool
) -> None:
    recipe = Recipe("Like", choose=similar_to(library.tracks()[0]), wishes=TEN, order="as-is")
    first = refresh(library, "like", recipe)
    (tmp_path / "music" / "040.flac").write_bytes(b"sound 000, nearly")
    add(library.catalog.path, tmp_path / "music")
    second = refresh(library, "like", recipe, keep=keep)
    if keep:
        assert titles(second) == titles(first)
    else:
        assert second.playlist == library.make(recipe)


def test_a_dry_run_writes_nothing(library: Library, tmp_path: Path) -> None:
    recipe = Recipe("Any", wishes=TEN, targets=(Target(str(tmp_path / "a.m3u8")),))
    done = refresh(library, "any", recipe, dry_run=True)
    assert len(done.added) == 10
    assert done.reports == ()
    assert not (tmp_path / "a.m3u8").exists()
    assert last_time(library.catalog, "any") == ()


def test_targets_are_written_as_the_recipe_says(library: Library, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    targets = (
        Target(str(tmp_path / "lists" / "a.m3u8"), "relative"),
        Target(str(tmp_path / "b.m3u"), "absolute", (f"{tmp_path}=/srv",)),
    )
    done = refresh(library, "any", Recipe("Any", wishes=TEN, targets=targets))
    first, second = ((tmp_path / name).read_bytes() for name in ("lists/a.m3u8", "b.m3u"))
    assert [report.written for report in done.reports] == [10, 10]
    paths = [str(track.path) for track in done.playlist.tracks]
    entries = m3u8.read(first, tmp_path / "lists")
    assert [os.path.realpath(entry.location) for entry in entries] == paths
    assert first.count(b"\n../music/") == 10
    mapped = [path.replace(str(tmp_path), "/srv") for path in paths]
    assert [entry.location for entry in m3u8.read(second, tmp_path)] == mapped


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (Target("/nowhere/at/all/a.m3u8"), "there is no folder /nowhere/at/all; make it first"),
        (Target("a.m3u8"), 'The target "a.m3u8" may be anywhere; write an absolute path'),
        (Target("/tmp/a.xyz"), "'a.xyz' names no format"),
        (Target("/tmp/a.m3u8", map=("x",)), "'x' maps no folder; write FROM=TO"),
    ],
)
def test_a_target_that_cannot_be_written_is_told_and_the_last_time_stays(
    library: Library, target: Target, said: str
) -> None:
    recipe = Recipe("Any", wishes=TEN)
    refresh(library, "any", recipe)
    before = last_time(library.catalog, "any")
    with pytest.raises(EssentialistError, match=said.replace(".", r"\.")):
        refresh(library, "any", replace(recipe, wishes=Wishes(seed=9), targets=(target,)))
    assert last_time(library.catalog, "any") == before


def test_each_collection_has_its_own_last_time(library: Library, tmp_path: Path) -> None:
    other = made_library(tmp_path / "other", 20)
    refresh(library, "any", Recipe(wishes=TEN))
    assert last_time(other.catalog, "any") == ()
    assert refresh(other, "any", Recipe(wishes=TEN)).is_first


def test_what_is_remembered_goes_with_the_name(library: Library) -> None:
    refresh(library, "a", Recipe(wishes=TEN))
    before = last_time(library.catalog, "a")
    renamed(library.catalog, "a", "b")
    assert (last_time(library.catalog, "a"), last_time(library.catalog, "b")) == ((), before)
    forget(library.catalog, "b")
    assert last_time(library.catalog, "b") == ()


def test_a_moved_collection_is_the_same_collection(library: Library, tmp_path: Path) -> None:
    recipe = Recipe(wishes=TEN)
    first = refresh(library, "any", recipe)
    shutil.move(tmp_path / "music", tmp_path / "moved")
    with pytest.raises(EssentialistError, match="no tracks to choose from"):
        refresh(library, "any", recipe)
    add(library.catalog.path, tmp_path / "moved")
    second = refresh(library, "any", recipe)
    assert titles(second) == titles(first)
    assert (second.added, second.removed) == ((), ())
