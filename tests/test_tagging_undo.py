"""Tags taken back: the bytes that were there, and nothing of what others said since."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from mutagen.flac import FLAC
from mutagen.id3 import ID3

from essentialist.catalogue.tag_journal import Change, TagJournal, WayBack
from essentialist.errors import TaggingError, Untaggable
from essentialist.tagging.undoing import tag_runs, undo_tags
from tagged import ALL, Music, digest, said, set_tags, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def music(tmp_path: Path) -> Music:
    return Music.make(tmp_path)


def test_what_others_wrote_since_stays(music: Music) -> None:
    path = write(music.folder / "x.flac")
    set_tags(path, {"BPM": ["64"]})
    music.enter(path)
    music.tag(replace(ALL, replace=True))
    set_tags(path, {"TITLE": ["Another"], "INITIALKEY": ["Cm"]})
    music.enter(path)
    done = undo_tags(music.catalog, apply=True)
    assert [row.fate for row in done.rows] == ["written"]
    assert dict(FLAC(path)) == {**dict(FLAC(path)), "title": ["Another"], "initialkey": ["Cm"], "bpm": ["64"]}
    assert set(said(path)) == {"bpm", "key"}
    assert music.is_known(path)


def test_a_file_that_says_something_else_by_now_is_left(music: Music) -> None:
    path = music.sound("x.flac")
    music.tag(replace(ALL, fields=("bpm",)))
    set_tags(path, {"BPM": ["99"]})
    music.enter(path)
    before = digest(path)
    (row,) = undo_tags(music.catalog, apply=True).rows
    assert (row.fate, row.reason) == ("left", "says something else by now: it stays as it is")
    assert digest(path) == before


def test_runs_are_taken_back_in_any_order_and_once(music: Music) -> None:
    path = music.sound("x.mp3", title="Für Elise")
    first = music.tag(replace(ALL, fields=("bpm",))).run
    second = music.tag(replace(ALL, fields=("key",))).run
    undo_tags(music.catalog, first, apply=True)
    assert said(path) == {"key": "F#m"}
    undo_tags(music.catalog, second, apply=True)
    assert said(path) == {}
    assert ID3(path)["TIT2"].text == ["Für Elise"]
    with pytest.raises(TaggingError, match="No tags were written that"):
        undo_tags(music.catalog)
    with pytest.raises(TaggingError, match="no run 99"):
        undo_tags(music.catalog, 99)


def test_a_file_that_moved_is_found_by_its_sound(music: Music) -> None:
    path = music.sound("x.mp3")
    before = digest(path)
    music.tag()
    moved = path.rename(music.folder / "y.mp3")
    music.enter(moved)
    with music.catalog.connected() as db:
        db.execute("UPDATE file SET missing = 1 WHERE path = ?", (b"x.mp3",))
    assert [row.path for row in undo_tags(music.catalog, apply=True).rows] == [moved]
    assert digest(moved) == before


def test_nothing_to_take_back(music: Music) -> None:
    with pytest.raises(TaggingError, match="No tags were written"):
        undo_tags(music.catalog)
    assert tag_runs(music.catalog) == ()


def test_what_could_not_be_done_is_not_listed(music: Music) -> None:
    change = Change(music.folder / "x.mp3", b"", {"TBPM": ()}, {"TBPM": ("128",)}, WayBack(b"", b"", 0, b""))
    with TagJournal(music.catalog.path) as journal:
        journal.start("bpm")
        with pytest.raises(Untaggable), journal.kept(change):
            raise Untaggable("changed while it was read")
        assert journal.runs() == ()
