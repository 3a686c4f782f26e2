"""The page Library: on a full and on an empty catalogue."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import studios
from essentialist.library import Library
from essentialist.web.views.overview import overview
from essentialist.web.views.troubles import troubles

if TYPE_CHECKING:
    from conftest import Collection


@pytest.fixture
def catalog(collection: Collection, tmp_path: Path) -> Path:
    return Path(shutil.copy(collection.catalog, tmp_path / "catalog.db"))


def test_the_library_is_seen_at_a_glance(catalog: Path) -> None:
    page = studios.page_of(catalog).run()
    assert not page.exception
    assert [each.value for each in page.title] == ["Library"]
    assert any("damaged.flac" in str(each.value) for each in page.dataframe)


def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    page = studios.page_of(tmp_path / "catalog.db").run()
    assert not page.exception
    assert any("essentialist analyze" in each.value for each in page.code)


def test_the_overview_counts_what_is_there(catalog: Path, collection: Collection) -> None:
    library = Library.open(catalog)
    seen = overview(library, library.hold())
    assert seen.n_tracks == collection.n_tracks
    assert seen.keys is not None
    assert seen.moods is not None
    assert {each.name for each in seen.histograms} >= {"bpm", "loudness"}


def test_copies_are_listed_a_row_a_file_and_what_is_gone_is_counted(catalog: Path, collection: Collection) -> None:
    with sqlite3.connect(catalog) as db:
        db.execute("UPDATE file SET missing = 1 WHERE title = 'Two'")
    found = troubles(Library.open(catalog))
    assert [len(each.files) for each in found.copies] == [2]
    assert found.n_gone == 1
    page = studios.page_of(catalog).run()
    assert not page.exception
    assert "untagged copy.wav" in str([list(each.value.get("file", ())) for each in page.dataframe])
    assert any("not there at the latest analysis" in each.value for each in page.markdown)
