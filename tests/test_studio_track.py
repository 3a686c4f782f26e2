"""The page Track: on a full and a hostile catalogue, with whatever the address says, and where something is missing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import studios
from essentialist.analysis import Analysis, Sound
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.errors import SettingsError
from essentialist.files.collection import walk
from essentialist.library import Library
from essentialist.query import Field
from essentialist.track import AudioFile
from essentialist.web import studio
from essentialist.web.views import origins
from essentialist.web.views.sounding import in_words, labels, near, percentile, trait, traits
from essentialist.web.views.texts import plain, shortened
from essentialist.web.views.track import LONGEST_TITLE, find, glance, judge, masthead
from hostile import hostile_catalog
from made_up import extractors, heard, make_files

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray
    from streamlit.testing.v1 import AppTest

    from conftest import Collection

HOSTILE = ("", "0", "-1", "999", "1e3", "x", "\u0661", "1;DROP", "9" * 400, "../1", "<img onerror=alert(1)>")


@pytest.fixture
def catalog(collection: Collection, tmp_path: Path) -> Path:
    return Path(shutil.copy(collection.catalog, tmp_path / "catalog.db"))


def at_track(catalog: Path, track_id: int = 1, **options: Any) -> AppTest:
    """The page of a track, run once without an error."""
    page = studios.page_of(catalog, "track", query={"id": str(track_id)}, **options).run()
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    return " ".join(each.value for each in (*page.markdown, *page.caption, *page.code))


def test_a_track_is_shown_and_what_is_like_it(catalog: Path) -> None:
    page = at_track(catalog)
    assert page.title[0].value == Library.open(catalog).track(1).title
    for by in ("mood", "tempo, key"):
        page.segmented_control("track.by").set_value(by).run()
        assert not page.exception
    page.button("track.add").click().run()
    assert any("Added 1 track" in each.value for each in page.toast)


def test_a_like_and_a_dislike_are_taken_back_by_the_same_button(catalog: Path) -> None:
    page = at_track(catalog)
    for button, liked in (("like", "yes"), ("dislike", "no"), ("dislike", ""), ("like", "yes"), ("like", "")):
        page.button(f"track.{button}").click().run()
        assert not page.exception
        assert Library.open(catalog).track(1).liked == liked


@pytest.mark.parametrize("way", ["similar", "path", "flow"])
def test_a_playlist_begins_from_a_track(catalog: Path, way: str) -> None:
    page = at_track(catalog)
    page.button(f"track.build.{way}").click().run()
    assert not page.exception
    assert [each.value for each in page.title] == ["Build"]
    assert page.segmented_control("build.way").value == way
    seeds = next(iter(page.session_state["build.asked"].parameters.values()))
    assert [each.id for each in seeds] == [1]
    assert bool(page.session_state["draft.desk"].history.now.ids) == (way != "path")  # which still lacks its end


def test_a_visitor_who_may_change_nothing_cannot_like(catalog: Path) -> None:
    page = at_track(catalog, read_only=True)
    assert "track.like" not in {each.key for each in page.button}
    with pytest.raises(SettingsError):
        judge(studio.current(), Library.open(catalog).track(1), liked=True)
    assert Library.open(catalog).track(1).liked == ""


@pytest.mark.parametrize("asked", HOSTILE)
def test_whatever_is_no_id_names_no_track(collection: Collection, asked: str) -> None:
    assert find(Library.open(collection.catalog), asked) is None


@pytest.mark.parametrize("query", [{}, {"id": "999"}, {"id": "<img onerror=alert(1)>"}])
def test_where_there_is_no_track_the_page_says_what_to_do(collection: Collection, query: dict[str, str]) -> None:
    page = studios.page_of(collection.catalog, "track", query=query).run()
    assert not page.exception
    assert page.title[0].value == "No such track"
    page.button("track.explore").click().run()
    assert page.title[0].value == "Explore"


def test_an_empty_library_has_no_track(tmp_path: Path) -> None:
    assert at_track(tmp_path / "catalog.db").title[0].value == "No such track"


def test_hostile_texts_are_shown_as_they_are(tmp_path: Path) -> None:
    catalog = hostile_catalog(tmp_path)
    for track in Library.open(catalog).tracks():
        assert at_track(catalog, track.id).title[0].value == plain(shortened(track.title, LONGEST_TITLE)).strip()


def test_a_track_of_which_nothing_is_known(tmp_path: Path) -> None:
    """Neither values, nor an outline, a cover, or tags; one extractor failed, and told where it was."""
    music = make_files(tmp_path / "Music", {"a.flac": b"a"})
    catalog = Catalog.create(tmp_path / "catalog.db")
    nothing = Analysis({}, {}, {"key": "1"}, {"key": f"ValueError: {music}/a.flac is *odd*"})
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        (file,) = (each for each in walk(music) if isinstance(each, AudioFile))
        recorder.enter(file, replace(heard(b"a"), sound=Sound(0.0, b""), analysis=nothing))
    page = at_track(catalog.path)
    assert "Nothing was measured of it" in texts(page)
    assert r"failed\: ValueError\: a\.flac is \*odd\*" in texts(page)
    assert str(tmp_path) not in texts(page)
    assert not masthead(Library.open(catalog.path), Library.open(catalog.path).track(1)).has_outline


def test_the_files_of_a_recording_are_named_below_their_folder(catalog: Path, collection: Collection) -> None:
    library = Library.open(catalog)
    twice = next(each for each in library.tracks() if len(origins.places(library.catalog, each.id, None)) == 2)
    shown = texts(at_track(catalog, twice.id))
    assert r"untagged copy\.wav" in shown
    assert r"untagged\.wav" in shown
    assert str(collection.music.parent) not in shown


def test_what_computed_a_number_is_told_with_its_weights(catalog: Path) -> None:
    shown = texts(at_track(catalog))
    assert r"tags, version 1, by MSD\-MusiCNN \(weights ff5088a1" in shown


def test_a_track_at_a_glance(catalog: Path) -> None:
    library = Library.open(catalog)
    (track,) = library.tracks("title:One")
    told = labels(track, library.fields(), library.descriptors())
    figures = {each.title: each for each in glance(track, library.fields(), told)}
    assert figures["Key"].value == f"{track.label('key')} {track.label('scale')}"
    assert track.id in {each.id for each in library.tracks(figures["Key"].query)}
    assert figures["Tempo"].value == "120 BPM"
    assert glance(replace(track, values={}), library.fields(), ()) == ()


@given(st.text(), st.integers(2, 20))
def test_a_shortened_text_is_short_and_begins_alike(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most
    assert text.startswith(short.removesuffix("…"))
    assert (short == text) or short.endswith("…")


Numbers = hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(-1e6, 1e6))


@given(hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(-5, 5)), st.floats(-6, 6))
def test_a_percentile_counts_those_with_less(values: NDArray[np.float64], value: float) -> None:
    place = percentile(value, values)
    assert 0 <= place <= 100
    less, equal = sum(values < value), sum(values == value)
    assert place == pytest.approx(100 * (less + equal / 2) / len(values))
    assert in_words("arousal", place)


@given(Numbers, st.data())
def test_what_is_near_holds_the_track_itself(values: NDArray[np.float64], data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(values.tolist()))
    found = near(value, values)
    low, high = (each and each.value for each in (found.low, found.high))
    assert low is None or low <= value
    assert high is None or high >= value


@given(Numbers)
def test_a_number_has_a_place_only_among_others(values: NDArray[np.float64]) -> None:
    field = Field("bpm", "number", "Tempo", "BPM")
    told = trait(field, float(values[0]), values)
    assert (told.percentile is None) == (len(values) == 1) == (told.words == "")
    assume(len(values) > 1)
    assert told.percentile is not None
    assert 0 <= told.percentile <= 100


def test_the_loudest_has_the_highest_percentile(catalog: Path) -> None:
    library = Library.open(catalog)
    loudest = library.tracks(sort="-loudness", limit=1)[0]
    told = {each.name: each for each in traits(loudest, library.hold(), library.fields(), library.descriptors())}
    assert (told["loudness"].percentile or 0) > 85
    assert told["loudness"].words == "very loud"
    assert "LUFS" in told["loudness"].value
    assert loudest.id in {each.id for each in library.tracks(told["loudness"].query)}
