"""What is read of tracks, and when: distributions at the first look, embeddings once until something is written."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from essentialist import Length, Library, Wishes
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.listing import STEP, Distributions
from essentialist.catalogue.recorder import Recorder
from essentialist.errors import CatalogError, PlaylistError
from essentialist.track import Track, look_ahead
from made_up import enter_folder, extractors, heard, make_files, networks

if TYPE_CHECKING:
    from pathlib import Path

N_TRACKS = 3 * STEP + 5


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return make_files(tmp_path / "music", {f"{n:03}.flac": b"sound %d" % n for n in range(N_TRACKS)})


@pytest.fixture
def catalog(tmp_path: Path, music: Path) -> Catalog:
    catalog = Catalog.create(tmp_path / "catalog.db")
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        enter_folder(recorder, music)
    return catalog


def test_values_are_those_that_were_entered_in_whichever_order_they_are_looked_at(catalog: Catalog) -> None:
    tracks = catalog.tracks(order_by="-bpm")
    for track in (tracks[-1], tracks[STEP], *tracks):
        analysis = heard(b"sound %d" % int(track.path.stem)).analysis
        assert analysis
        assert track.values == analysis.values
        assert dict(track.values) == analysis.values
        assert len(track.values) == len(analysis.values)
        assert track.values.get("nothing") is None
    assert pickle.loads(pickle.dumps(tracks[3])) == tracks[3]


def test_distributions_are_not_read_before_they_are_looked_at(catalog: Catalog) -> None:
    tracks = catalog.tracks()
    with catalog.connected() as db:
        db.execute("UPDATE probability SET value = 0.25")
    assert set(tracks[0].distribution("tags").values()) == {0.25}
    with catalog.connected() as db:
        db.execute("DROP TABLE probability")  # only a number is looked at
    assert all(track.number("bpm") for track in tracks)
    assert set(tracks[STEP - 1].distribution("tags").values()) == {0.25}  # came with the first


def test_a_few_looks_read_a_few_tracks_and_many_read_many_at_a_time(catalog: Catalog) -> None:
    fetched: list[int] = []

    class Counted(Distributions):
        def fetch(self, db, ids):  # type: ignore[no-untyped-def]
            fetched.append(len(ids))
            return super().fetch(db, ids)

    ids = catalog.ids()
    some = Counted(catalog.path, ids, frozenset({"tags"}))
    assert all(some.of(place)["tags"] for place in range(N_TRACKS))
    assert fetched == [STEP, 2 * STEP, 5]


def test_what_is_looked_at_next_is_read_together_and_nothing_else(catalog: Catalog) -> None:
    tracks = catalog.tracks()
    expected = [sorted(track.distribution("tags").items()) for track in catalog.tracks()[::7]]
    look_ahead(tracks[::7])
    with catalog.connected() as db:
        db.execute("DROP TABLE probability")
    assert [sorted(track.distribution("tags").items()) for track in tracks[::7]] == expected
    with pytest.raises(CatalogError):
        tracks[1].distribution("tags")
    look_ahead([Track(1, tracks[0].path, "of no catalogue"), *tracks[:0]])


def test_one_after_the_other_they_are_the_same(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("essentialist.catalogue.catalog.AT_A_TIME", 7)
    assert tuple(catalog.each()) == catalog.tracks()
    assert [track.id for track in catalog.each(order_by="-bpm")] == [
        track.id for track in catalog.tracks(order_by="-bpm")
    ]


def test_embeddings_are_read_once_and_again_when_something_was_written(catalog: Catalog, music: Path) -> None:
    before = catalog.embeddings(networks()[0])
    assert catalog.embeddings(networks()[0]) is before
    make_files(music, {"new.flac": b"new"})
    with Recorder(catalog) as recorder:
        enter_folder(recorder, music)
        within = catalog.embeddings(networks()[0])
        assert len(within) == N_TRACKS + 1
    with catalog.connected() as db:
        db.execute("UPDATE file SET missing = 1 WHERE id = 1")
    after = catalog.embeddings(networks()[0])
    assert after.ids.tolist() == list(catalog.ids())
    assert 1 not in after.ids


def test_a_playlist_has_only_files_that_are_there(catalog: Catalog, music: Path) -> None:
    library, wishes = Library(catalog), Wishes(Length(tracks=10))
    for track in library.playlist(wishes=wishes).tracks[:4]:
        track.path.unlink()
    made = library.playlist(wishes=wishes)
    assert len(made.tracks) == 10
    assert all(track.path.is_file() for track in made.tracks)
    for path in sorted(music.iterdir())[:-2]:
        path.unlink()
    assert len(library.playlist(wishes=wishes).tracks) == 2
    for path in music.iterdir():
        path.unlink()
    with pytest.raises(PlaylistError, match="no tracks to choose from"):
        library.playlist(wishes=wishes)
