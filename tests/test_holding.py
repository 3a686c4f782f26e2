"""The catalogue's columns held in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from essentialist import Library
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.errors import CatalogError
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
