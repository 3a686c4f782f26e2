"""The pages Library and Track: on a full, an empty and a hostile catalogue, with whatever the address says."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import studios
from essentialist.library import Library
from essentialist.web.views.overview import overview
from essentialist.web.views.sounding import in_words, percentile, traits
from essentialist.web.views.track import find

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conftest import Collection

HOSTILE = ("", "0", "-1", "999", "1e3", "x", "\u0661", "1;DROP", "9" * 400, "../1", "<img onerror=alert(1)>")


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


def test_a_track_is_shown_liked_and_followed(catalog: Path) -> None:
    page = studios.page_of(catalog, "track", query={"id": "1"}).run()
    assert not page.exception
    assert page.title[0].value == Library.open(catalog).track(1).title
    page.button("track.like").click().run()
    assert Library.open(catalog).track(1).liked == "yes"
    page.text_input("track.to").set_value("Three").run()
    assert not page.exception
    page.button("track.path.play").click().run()
    assert not page.exception
    for by in ("mood", "tempo, key"):
        page.segmented_control("track.by").set_value(by).run()
        assert not page.exception


def test_a_visitor_who_may_change_nothing_cannot_like(catalog: Path) -> None:
    page = studios.page_of(catalog, "track", query={"id": "1"}, read_only=True).run()
    assert not page.exception
    assert "track.like" not in {each.key for each in page.button}


@pytest.mark.parametrize("asked", HOSTILE)
def test_whatever_is_no_track_is_said_kindly(catalog: Path, asked: str) -> None:
    assert find(Library.open(catalog), asked) is None
    page = studios.page_of(catalog, "track", query={"id": asked}).run()
    assert not page.exception
    assert page.title[0].value == "No such track"


def test_no_page_tells_where_the_music_lies(catalog: Path, collection: Collection) -> None:
    page = studios.page_of(catalog, "track", query={"id": "1"}).run()
    shown = " ".join(each.value for each in (*page.markdown, *page.caption))
    assert "FLAC" in shown
    assert str(collection.music.parent) not in shown


@given(hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(-5, 5)), st.floats(-6, 6))
def test_a_percentile_counts_those_with_less(values: NDArray[np.float64], value: float) -> None:
    place = percentile(value, values)
    assert 0 <= place <= 100
    less, equal = sum(values < value), sum(values == value)
    assert place == pytest.approx(100 * (less + equal / 2) / len(values))
    assert in_words("arousal", place)


def test_the_loudest_has_the_highest_percentile(catalog: Path) -> None:
    library = Library.open(catalog)
    loudest = library.tracks(sort="-loudness", limit=1)[0]
    told = {each.name: each for each in traits(loudest, library.hold(), library.fields(), library.descriptors())}
    assert told["loudness"].percentile > 85
    assert told["loudness"].words == "very loud"
    assert "LUFS" in told["loudness"].value
