"""The catalogue's columns held in memory."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from essentialist import Library
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.holding import Holding
from essentialist.catalogue.recorder import Recorder
from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import CatalogError
from essentialist.playlists.filter import Filter
from made_up import enter_folder, extractors, make_files

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection

QUERIES = (
    "",
    "bpm:100..130",
    "valence:p50..",
    "tag:electronic>0.01",
    "-artist:metronomes",
    "path:two",
    "key:Am",
    "elan",
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return enlarged(
        Catalog.create(tmp_path / "catalog.db"), make_files(tmp_path / "music", {"a.flac": b"one", "b.flac": b"two"})
    )


def enlarged(catalog: Catalog, music: Path) -> Catalog:
    """The catalogue with all files of a folder."""
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        recorder.place(str(music))
        enter_folder(recorder, music)
    return catalog


def test_a_held_library_finds_the_same(collection: Collection) -> None:
    by_sql, by_mask = Library.open(collection.catalog), Library.open(collection.catalog)
    assert len(by_mask.hold()) == collection.n_tracks
    for query in QUERIES:
        assert by_mask.ids(query) == by_sql.ids(query)
        assert by_mask.tracks(query, sort="title") == by_sql.tracks(query, sort="title")


def test_held_candidates_are_those_of_the_catalogue(collection: Collection) -> None:
    by_sql, by_mask = Library.open(collection.catalog), Library.open(collection.catalog)
    by_mask.hold()
    for query in QUERIES:
        held, read = (each.candidates(query, Filter()).tracks for each in (by_mask, by_sql))
        assert held == read
        assert [dict(track.values) for track in held] == [dict(track.values) for track in read]
        assert [len(track.values) for track in held] == [len(track.values) for track in read]
    assert by_mask.numbers(["bpm"])["bpm"].tolist() == by_sql.numbers(["bpm"])["bpm"].tolist()


def test_a_held_library_makes_the_same_playlists_and_leaves_out_what_is_disliked(
    collection: Collection, tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.db"
    shutil.copy(collection.catalog, catalog)
    by_sql, by_mask = Library.open(catalog), Library.open(catalog)
    by_mask.hold()
    for _ in range(2):
        wishes = Wishes(Length(tracks=3))
        one, other = (each.playlist("bpm:80..", wishes=wishes, order="smooth") for each in (by_mask, by_sql))
        assert one == other
        by_sql.judge(one.tracks[0].id, liked=False)


def test_what_is_not_measured_is_absent_of_a_held_track(catalog: Catalog) -> None:
    with catalog.connected() as db:
        db.execute("UPDATE measurement SET bpm = NULL, key = NULL WHERE track_id = 1")
    track = Holding(catalog).held().tracks[0]
    assert "bpm" not in track.values
    assert track.number("bpm") is None
    assert track.label("key") is None
    assert "bpm" not in dict(track.values)


def test_columns_have_one_place_a_track(catalog: Catalog) -> None:
    columns = Library(catalog).hold()
    tracks = catalog.tracks()
    assert columns.ids.tolist() == [track.id for track in tracks]
    assert columns.numbers["bpm"].tolist() == [track.number("bpm") for track in tracks]
    for label, probability in tracks[0].distribution("tags").items():
        assert columns.distributions["tags"].greatest(label, 2)[0] == probability


def test_what_is_held_follows_the_catalogue(catalog: Catalog, tmp_path: Path) -> None:
    library = Library(catalog)
    first = library.hold()
    assert library.hold() is first
    enlarged(catalog, make_files(tmp_path / "music", {"c.flac": b"three"}))
    assert len(library.hold()) == 3
    assert library.ids("path:=c.flac") == (3,)


def test_a_listen_is_known_at_once_and_nothing_is_read_anew(catalog: Catalog) -> None:
    library = Library(catalog)
    columns = library.hold()
    library.candidates("", Filter())  # its tracks are held as well from now on
    for at in (1_600_000_000.0, 1_600_000_100.0, 1_600_000_100.0):
        library.heard(2, at)
    assert library.hold() is columns
    assert library.ids("plays:2") == (2,)
    assert library.ids("played:none") == (1,)
    assert [track.plays for track in library.candidates("", Filter()).tracks] == [0, 2]
    by_sql = Library(catalog).track(2)
    assert (by_sql.plays, by_sql.played) == (2, 1_600_000_100.0)
    Library(catalog).heard(1, 1_600_000_000.0)  # somebody else's change is seen
    assert library.hold() is not columns
    assert library.ids("plays:>0") == (1, 2)


def test_a_catalogue_made_anew_is_read_anew(catalog: Catalog, tmp_path: Path) -> None:
    library = Library(catalog)
    assert len(library.hold()) == 2
    other = enlarged(Catalog.create(tmp_path / "other.db"), make_files(tmp_path / "more", {"d.flac": b"four"}))
    for leftover in tmp_path.glob("catalog.db-*"):
        leftover.unlink()
    other.path.replace(catalog.path)
    assert len(library.hold()) == 1


def test_a_catalogue_that_is_gone_is_an_error(catalog: Catalog) -> None:
    library = Library(catalog)
    library.hold()
    catalog.path.unlink()
    with pytest.raises(CatalogError, match="There is no catalogue"):
        library.hold()
    with pytest.raises(CatalogError, match="There is no catalogue"):
        library.tracks()
    assert not catalog.path.exists()  # nothing was made in its place


def test_an_empty_catalogue_can_be_held(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "catalog.db")
    assert len(library.hold()) == 0
    assert library.ids("added:2024 or words") == ()


def test_many_threads_may_ask(catalog: Catalog) -> None:
    library = Library(catalog)
    library.hold()
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(library.ids, ["bpm:any"] * 20))
    assert {len(ids) for ids in answers} == {2}
    assert np.all(library.hold().ids == [1, 2])
