"""The page Build: its form comes from the ways themselves, and what it asks is what a recipe says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import studios
from essentialist import Library
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import QueryError
from essentialist.files.collection import walk
from essentialist.playlists import Seed, options, ways
from essentialist.playlists.clusters import Clusters
from essentialist.playlists.filter import Filter
from essentialist.playlists.flow import Flow
from essentialist.playlists.path import Path as Between
from essentialist.playlists.similar import Similar
from essentialist.recipes.recipe import Recipe
from essentialist.track import AudioFile
from essentialist.web.components.picker import read
from essentialist.web.drafts import Desk
from essentialist.web.views import building, forms
from essentialist.web.views.building import Asked, Chosen
from essentialist.web.views.drafts import BY_HAND, Draft, History
from essentialist.web.views.generating import generated, ordered
from essentialist.web.views.listing import listing
from essentialist.web.views.searching import found
from essentialist.web.views.working import worked
from made_up import extractors, heard, make_files

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from conftest import Collection


@pytest.fixture(scope="module")
def library(collection: Collection) -> Library:
    opened = Library.open(collection.catalog)
    opened.hold()
    return opened


def recipes(library: Library) -> list[Recipe]:
    one, two, three = library.tracks()[:3]
    wishes = Wishes(Length(tracks=3), max_per_artist=2, max_per_album=3, one_version=False, diversity=0.25, seed=7)
    return [
        Recipe(query="bpm:80..", choose=Filter("-bpm"), wishes=wishes, tempo=120.0, order="rise"),
        Recipe(choose=Similar((Seed(one), Seed(two, 2.0)), (Seed(three),), include=False, alike="mood, tempo")),
        Recipe(choose=Similar((Seed(one),), alike="sound:2, tempo:1"), wishes=Wishes(Length(seconds=1800))),
        Recipe(choose=Between(one, two), not_recently_played="30d"),
        Recipe(choose=Flow(one, 0.75)),
        Recipe(choose=Clusters(1, 2), order="rise:bpm", about="kept", wishes=Wishes(included=(three,))),
    ]


def test_a_form_says_what_a_recipe_says(library: Library) -> None:
    for recipe in recipes(library):
        asked = building.asked_by(recipe)
        assert building.recipe_of(asked, library, recipe) == replace(recipe, title=building.title_of(asked, recipe))


def test_every_way_has_a_form_of_all_its_parameters() -> None:
    assert set(forms.choices()) == set(ways()) - forms.NOT_HERE
    for name in forms.choices():
        controls = forms.controls(ways()[name])
        assert [each.name for each in controls] == [each.name for each in options(ways()[name])]
        assert all(each.label and each.help for each in controls)
        assert len({each.label for each in controls}) == len(controls)


def test_words_fill_the_form(library: Library) -> None:
    asked = building.worded(Asked(text="45 minutes, shuffled, at most 2 per artist"), library)
    assert (asked.unit, asked.amount, asked.order, asked.per_artist) == (building.MINUTES, 45, "shuffle", 2)
    assert building.worded(Asked(text="bpm:90..100"), library) == Asked(text="bpm:90..100")


def test_words_that_name_an_artist_ask_for_tracks_like_his(library: Library) -> None:
    asked = building.worded(Asked(text="like the metronomes"), library)
    assert asked.way == "similar"
    recipe = building.recipe_of(asked, library, Recipe())
    assert isinstance(recipe.choose, Similar)
    assert {seed.track.artist for seed in recipe.choose.like} == {"The Metronomes"}


def test_a_text_that_is_no_query_is_told(library: Library) -> None:
    with pytest.raises(QueryError):
        generated(Draft(), building.recipe_of(Asked(text="bmp:90..100"), library, Recipe()), library, has_files=True)


@pytest.mark.parametrize(
    ("unit", "amount", "wished"),
    [
        (building.TRACKS, 12, Length(tracks=12)),
        (building.TRACKS, 10**9, Length(tracks=building.MOST_TRACKS)),
        (building.MINUTES, 90, Length(seconds=5400)),
        (building.ALL, 1, Length(tracks=building.MOST_TRACKS)),
        (building.TRACKS, -3, Length(tracks=1)),
    ],
)
def test_a_length_has_an_end(unit: str, amount: int, wished: Length) -> None:
    assert building.length_of(Asked(unit=unit, amount=amount)) == wished


def test_tracks_that_are_gone_are_left_out_of_a_form(library: Library) -> None:
    asked = Asked("similar", parameters={"like": (Chosen(1), Chosen(999_999))})
    recipe = building.recipe_of(asked, library, Recipe())
    assert isinstance(recipe.choose, Similar)
    assert [seed.track.id for seed in recipe.choose.like] == [1]


def test_what_is_locked_stays_where_it_is_when_others_are_chosen(library: Library) -> None:
    recipe = Recipe(wishes=Wishes(Length(tracks=4), one_version=False), title="Four")
    first = generated(Draft(), recipe, library, has_files=True)
    assert len(first.ids) == 4
    assert set(first.reasons) == set(first.ids)
    kept = first.arranged(first.ids, locked=[first.ids[2]])
    for chance in range(1, 5):
        again = replace(recipe, wishes=replace(recipe.wishes, seed=chance))
        second = generated(kept, again, library, has_files=True)
        assert second.ids[2] == first.ids[2]
        assert len(second.ids) == 4
        assert second.recipe == again
        assert ordered(second, "shuffle", library, chance=chance).ids[2] == first.ids[2]
        assert set(ordered(second, "smooth", library).ids) == set(second.ids)


def test_without_the_music_nothing_is_looked_for(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pathlib.Path.is_file", lambda path: path.suffix == ".db" or pytest.fail(f"looked for {path}"))
    assert generated(Draft(), Recipe(), library, has_files=False).ids


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
kinds = st.sampled_from(["arrange", "order", "swap", "clear", "undo", "redo", "x"])


@given(
    st.fixed_dictionaries(
        {"kind": kinds}, optional={key: anything for key in ("ids", "removed", "locked", "how", "id", "other")}
    )
)
def test_whatever_a_browser_says_leaves_a_draft_of_its_own_tracks(library: Library, done: dict[str, Any]) -> None:
    history = History().then(Draft(ids=(1, 2, 3), locked=frozenset({2})))
    now = worked(history, done, library).now
    assert len(set(now.ids)) == len(now.ids)
    assert set(now.ids) <= {1, 2, 3} or done["kind"] == "swap"


def test_what_is_done_in_the_browser_is_done_and_undone(library: Library) -> None:
    history = History().then(Draft(ids=(1, 2, 3)))
    moved = worked(history, {"kind": "arrange", "ids": [3, 1, 2], "removed": [1], "locked": [2]}, library)
    assert moved.now == Draft(ids=(3, 2), locked=frozenset({2}))
    swapped = worked(moved, {"kind": "swap", "id": 3, "other": 5}, library)
    assert swapped.now.ids == (5, 2)
    assert library.track(3).title in swapped.now.reasons[5]
    assert worked(swapped, {"kind": "swap", "id": 5, "other": 999_999}, library) == swapped
    cleared = worked(swapped, {"kind": "clear"}, library)
    assert cleared.now.ids == (2,)
    back = worked(worked(cleared, {"kind": "undo"}, library), {"kind": "undo"}, library)
    assert back.now == moved.now
    assert worked(back, {"kind": "redo"}, library).now == swapped.now


@given(anything)
def test_a_picker_is_not_believed(picked: object) -> None:
    chosen = read(picked, many=True)
    assert all(isinstance(each, Chosen) and 0 < each.weight <= 9 for each in chosen)


def test_a_picker_gives_what_was_picked() -> None:
    picked = [{"id": 1, "weight": 1}, {"id": 2, "weight": 2.5}, {"id": 1, "weight": 3}]
    assert read(picked, many=True) == (Chosen(1, 3.0), Chosen(2, 2.5))
    assert read(picked, many=False) == (Chosen(2, 2.5),)


def test_tracks_are_found_as_they_are_typed(library: Library) -> None:
    columns = library.hold()
    assert [library.track(each).title for each in found(columns, "metronomes tw", 8)] == ["Two"]
    assert library.track(found(columns, "three", 8)[0]).title == "Three"
    assert [library.track(each).title for each in found(columns, "elan cafe", 8)] == ["Café"]
    assert found(columns, "  ", 8) == found(columns, "no such thing", 8) == []
    assert len(found(columns, "metronomes", 2)) == 2


@given(st.text())
def test_any_text_can_be_looked_for(library: Library, text: str) -> None:
    assert len(found(library.hold(), text, 3)) <= 3


def test_a_draft_is_listed_with_its_reasons(library: Library) -> None:
    tracks = library.catalog.with_ids([1, 2])
    shown = listing(History().then(Draft(ids=(2, 999_999, 1), reasons={2: "close"}, locked=frozenset({1}))), tracks)
    assert [(line.song["id"], line.why, line.locked) for line in shown.lines] == [(2, "close", False), (1, "", True)]
    assert (shown.n_more, shown.can_undo, shown.can_redo) == (0, True, False)


def at_build(catalog: Path, **others: Any) -> AppTest:
    return studios.page_of(catalog, "build", **others).run()


def change_everything(page: AppTest) -> None:
    """Change every control of the form once, each time a new one of its page as it is then."""
    for kind in ("text_input", "number_input", "slider", "toggle", "selectbox"):
        for key in [each.key for each in getattr(page, kind)]:
            control = getattr(page, kind)(key)
            match kind:
                case "text_input":
                    control.set_value("30d" if key.endswith("not_played_for") else "bpm:10..")
                case "number_input" | "slider":
                    control.set_value(min(control.max or 10, (control.value or control.min or 0) + (control.step or 1)))
                case "toggle":
                    control.set_value(not control.value)
                case "selectbox":
                    control.select_index(len(control.options) - 1)
            page.run()
            assert not page.exception


@pytest.mark.parametrize("way", list(forms.choices()))
def test_every_control_can_be_changed(collection: Collection, way: str) -> None:
    page = at_build(collection.catalog)
    page.button_group("build.way").set_value(way).run()
    assert not page.exception
    change_everything(page)


def test_generate_fills_the_draft_and_another_choice_differs(collection: Collection) -> None:
    page = at_build(collection.catalog)
    page.number_input("build.amount").set_value(3).run()
    assert len(page.session_state["draft.desk"].history.now.ids) == 3  # a change is followed at once
    seen = {page.session_state["draft.desk"].history.now.ids}
    for _ in range(4):
        page.button("build.another").click().run()
        assert not page.exception
        seen.add(page.session_state["draft.desk"].history.now.ids)
    assert len(seen) > 1


def test_a_draft_by_hand_is_not_replaced_before_generate_is_pressed(collection: Collection) -> None:
    page = at_build(collection.catalog)
    page.session_state["draft.desk"] = Desk(History().then(Draft(ids=(1,), reasons={1: BY_HAND})))
    page.run()
    page.number_input("build.amount").set_value(2).run()
    assert page.session_state["draft.desk"].history.now.ids == (1,)
    page.button("build.generate").click().run()
    assert len(page.session_state["draft.desk"].history.now.ids) == 2


def test_a_preset_fills_the_form(collection: Collection) -> None:
    page = at_build(collection.catalog)
    page.button("build.use.workout").click().run()
    assert not page.exception
    assert page.text_input("build.text").value
    assert page.session_state["build.asked"].unit == building.MINUTES
    page.button("build.afresh").click().run()
    assert not page.exception
    assert page.session_state["build.asked"] == Asked()
    assert "build.afresh" not in [each.key for each in page.button]


def test_a_recipe_beyond_the_form_can_be_opened(collection: Collection) -> None:
    page = at_build(collection.catalog)
    vast = Recipe(wishes=Wishes(Length(tracks=50_000), max_per_artist=900, max_per_album=900, seed=2**40), order="bpm")
    page.session_state["build.asked"] = building.asked_by(vast)
    page.run()
    assert not page.exception
    assert page.number_input("build.amount").value == building.MOST_TRACKS
    assert page.selectbox("build.order").value == "bpm"


def test_a_draft_is_saved_and_is_not_saved_over_another(collection: Collection, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.db"
    catalog.write_bytes(collection.catalog.read_bytes())
    page = at_build(catalog)
    page.button("build.generate").click().run()
    page.text_input("build.save.name").set_value("My evening").run()
    page.button("build.save.now").click().run()
    assert not page.exception
    assert (tmp_path / "recipes" / "my-evening.toml").is_file()
    page.button("build.save.now").click().run()
    assert "already" in "".join(each.value for each in page.caption)


def test_an_empty_catalogue_says_so(tmp_path: Path) -> None:
    page = at_build(tmp_path / "catalog.db")
    page.button("build.generate").click().run()
    assert not page.exception
    assert "no tracks to choose from" in "".join(each.value for each in page.caption)


TITLES = (
    "<img src=x onerror=alert(1)>",
    ":red[x] $x^2$ [a](javascript:alert(1)) **b** {0} {title}",
    "\u202egnol " * 40,
    "\u200b",
    "🎧 \x1b[31m \n# x",
    "x" * 300,
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A catalogue of tracks whose titles are anything but titles."""
    music = make_files(tmp_path / "music", {f"{number}.flac": bytes([number]) for number in range(len(TITLES))})
    catalog = Catalog.create(tmp_path / "catalog.db")
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        recorder.place(str(music))
        for title, file in zip(TITLES, (each for each in walk(music) if isinstance(each, AudioFile)), strict=True):
            recorder.enter(file, heard(file.absolute.read_bytes(), title))
    return catalog.path


@pytest.mark.parametrize("way", list(forms.choices()))
def test_hostile_titles_are_titles(hostile: Path, way: str) -> None:
    page = at_build(hostile)
    page.session_state["build.asked"] = Asked(
        way, parameters={"like": (Chosen(1),), "start": (Chosen(1),), "end": (Chosen(2),)}
    )
    page.run()
    page.button("build.generate").click().run()
    assert not page.exception
    assert page.session_state["draft.desk"].history.now.ids
    page.text_input("build.save.name").set_value(TITLES[0]).run()
    page.button("build.save.now").click().run()
    page.button("build.take").click().run()
    assert not page.exception


def test_a_read_only_studio_saves_nothing(collection: Collection) -> None:
    page = at_build(collection.catalog, read_only=True)
    page.button("build.generate").click().run()
    assert not page.exception
    assert "build.save.now" not in [each.key for each in page.button]
