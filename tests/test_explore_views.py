"""The page Explore without a browser: what it counts, sorts, draws and saves is what the library says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import studios
from essentialist.errors import QueryError
from essentialist.web import studio
from essentialist.web.look import CATEGORIES
from essentialist.web.views import explore, mapping, starting
from essentialist.web.views.asking import owns
from essentialist.web.views.facets import SLIDERS
from essentialist.web.views.lasso import UNITS
from essentialist.web.views.mapping import BY_SOUND, axes_of, choices, column, map_of
from essentialist.web.views.points import MOST, NOWHERE, packed
from essentialist.web.views.state import KINDS, SOUND, State
from made_up import made_up_catalog

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection as Music
    from essentialist.web.collection import Collection
    from essentialist.web.sound_map import Drawn
    from essentialist.web.views.facets import Chip

N_TRACKS = 150
SOME = State("bpm:80..170 voice:..p80 arousal:2..8")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up_catalog(tmp_path_factory.mktemp("explored"), N_TRACKS)


@pytest.fixture
def here(catalog: Path) -> Collection:
    return studio.open_studio(studios.options(catalog)).collection()


def test_what_is_found_is_what_the_library_finds(here: Collection) -> None:
    shown = explore.view(here, SOME)
    assert 0 < len(shown.ids) < N_TRACKS
    assert shown.ids.tolist() == list(here.library.ids(SOME.query))
    assert shown.seconds == pytest.approx(sum(track.duration or 0 for track in here.library.tracks(SOME.query)))
    assert shown.count.startswith(f"{len(shown.ids)} of {N_TRACKS} tracks · ")


@pytest.mark.parametrize(
    "sort", ["", "title", "-title", "bpm", "-arousal", "camelot", "artist", "year", "-path", "key"]
)
def test_the_order_is_that_of_the_catalogue(here: Collection, sort: str) -> None:
    by_catalogue = [track.id for track in here.library.tracks(SOME.query, sort=sort or None)]
    assert explore.view(here, State(SOME.query, sort)).ids.tolist() == by_catalogue


def test_the_order_of_real_tracks_is_that_of_the_catalogue(collection: Music) -> None:
    here = studio.open_studio(studios.options(collection.catalog)).collection()
    for sort in ("title", "-title", "artist", "-album", "year", "camelot", "-genre", "path", "-bpm"):
        assert explore.view(here, State(sort=sort)).ids.tolist() == [t.id for t in here.library.tracks(sort=sort)], sort


def test_a_facet_counts_what_its_own_choice_would_leave(here: Collection) -> None:
    shown = explore.view(here, SOME)
    facets = explore.facets(here, shown)
    names = [name for name in SLIDERS if name != "year"]  # no file has that tag
    assert [slider.name for slider in facets.sliders] == names
    for slider in facets.sliders:
        rest = " ".join(str(term) for term, _ in shown.found.of_terms if not owns(here.fields[slider.name], term))
        tracks = here.library.tracks(rest)
        assert sum(slider.bins) == sum(track.number(slider.name) is not None for track in tracks)
        low, high = slider.at
        within = [track for track in tracks if track.id in set(shown.ids.tolist())]
        assert len(within) <= sum(slider.bins[low:high])


def test_chips_count_tracks(here: Collection) -> None:
    keys = next(each for each in explore.facets(here, explore.view(here, SOME)).chips if each.name == "camelot")
    for chip in keys.chips:
        assert chip.count == sum(track.label("camelot") == chip.name for track in here.library.tracks(SOME.query))
    chosen = explore.turned(here, SOME, {"name": "camelot", "chosen": ["8B"]})
    assert [chip.name for chip in _chips(here, chosen, "camelot") if chip.chosen] == ["8B"]
    tags = _chips(here, SOME, "tags")
    assert tags[0].count == len(here.library.tracks(f'{SOME.query} tags:"{tags[0].name}"'))


def _chips(here: Collection, state: State, name: str) -> tuple[Chip, ...]:
    return next(each.chips for each in explore.facets(here, explore.view(here, state)).chips if each.name == name)


def test_turning_a_slider_asks_for_what_it_shows(here: Collection) -> None:
    state = explore.turned(here, State("voice:..p80", page=3), {"name": "bpm", "from": 4, "to": 20})
    slider = explore.facets(here, explore.view(here, state)).sliders[0]
    assert (slider.at, state.page) == ((4, 20), 1)
    assert len(explore.view(here, state).ids) == len(here.library.tracks(state.query))
    assert explore.turned(here, state, {"name": "bpm", "from": 0, "to": 10**6}).query == "voice:..p80"


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        1,
        {},
        {"name": "id", "from": 0, "to": 1},
        {"name": "bpm", "from": "0", "to": 1},
        {"name": "tags", "chosen": [1]},
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(here: Collection, hostile: object) -> None:
    assert explore.turned(here, SOME, hostile) == SOME


def test_a_label_that_is_none_is_refused_with_a_remedy(here: Collection) -> None:
    with pytest.raises(QueryError, match="No tag"):
        explore.turned(here, SOME, {"name": "tags", "chosen": ["nothing of the kind"]})


def test_an_impossible_address_shows_something(here: Collection) -> None:
    shown = explore.view(here, State("bmp:3", sort="nothing", page=99, x="nope", colour="nope"))
    assert "did you mean" in shown.problem
    assert (len(shown.ids), shown.state.sort, shown.state.page) == (N_TRACKS, "", 2)
    assert axes_of(here, shown.state) == ("valence", "arousal")


def test_the_table_has_a_page_in_the_order_of_the_field(here: Collection) -> None:
    shown = explore.view(here, State(sort="-bpm", page=2))
    table = explore.page(here, shown)
    assert [row.song["id"] for row in table.rows] == shown.ids[100:].tolist()
    assert (table.sort, shown.n_pages) == ("-bpm", 2)


def test_plain_words_are_understood_and_said(here: Collection) -> None:
    meant = explore.said(here, "calm and instrumental")
    assert "arousal" in meant.query
    assert meant.lines[0].startswith("understood: ")
    assert explore.said(here, " bpm:120..130 ") == explore.Said("bpm:120..130")
    with pytest.raises(QueryError, match='did you mean "valence"'):
        explore.said(here, "valance:3..")


def test_a_lasso_round_everything_keeps_what_has_a_place(here: Collection) -> None:
    everything = ((0, 0), (UNITS, 0), (UNITS, UNITS), (0, UNITS))
    x, y = (here.columns.numbers[name] for name in ("valence", "arousal"))
    inner = ((2, 2), (UNITS - 2, 2), (UNITS - 2, UNITS - 2), (2, UNITS - 2))
    assert len(explore.view(here, State(lasso=inner)).ids) <= len(explore.view(here, State(lasso=everything)).ids)
    half = ((0, 0), (UNITS // 2, 0), (UNITS // 2, UNITS), (0, UNITS))
    low, high = np.percentile(x, (0.1, 99.9))
    expected = np.flatnonzero((x < (low + high) / 2) & (y > np.percentile(y, 0.1)) & (y < np.percentile(y, 99.9)))
    found = set(explore.view(here, State(lasso=half)).ids.tolist())
    assert set(here.columns.ids[expected].tolist()) - found == set()
    assert all(x[each - 1] <= (low + high) / 2 + 1e-3 for each in found)


def test_the_map_tells_the_browser_all_and_no_more(here: Collection) -> None:
    shown = explore.view(here, SOME)
    drawn = map_of(here, shown.state, shown.found.mask)
    assert drawn is not None
    assert [axis.title for axis in drawn.axes] == ["Mood: sad to happy", "Energy: calm to energetic"]
    assert drawn.colours is not None
    assert len(drawn.colours.names) == len(drawn.colours.palette)
    bits = np.unpackbits(np.frombuffer(packed(shown.found.mask), np.uint8), bitorder="little")[:N_TRACKS]
    assert bits.tolist() == shown.found.mask.tolist()
    by_tempo = map_of(here, State(colour="bpm"), shown.found.mask)
    assert by_tempo is not None
    assert by_tempo.colours is not None
    assert by_tempo.colours.names == ()


def test_places_on_an_axis_follow_the_values(here: Collection) -> None:
    tempo = column(here, "bpm")
    assert tempo is not None
    values = here.columns.numbers["bpm"]
    assert (tempo.values == NOWHERE).tolist() == np.isnan(values).tolist()
    back = tempo.low + tempo.values / MOST * (tempo.high - tempo.low)
    assert back == pytest.approx(values.clip(tempo.low, tempo.high), abs=0.01)
    assert column(here, "title") is None


def test_the_map_by_sound_waits_for_nobody(here: Collection) -> None:
    state = State(x=SOUND)
    assert map_of(here, state, np.ones(N_TRACKS, np.bool_)) is None or here.sound_map.file.exists()
    here.sound_map.wait()
    drawn = map_of(here, state, np.ones(N_TRACKS, np.bool_))
    assert drawn is not None
    assert [axis.low for axis in drawn.axes] == [None, None]
    assert not choices(here, state).waits
    places = column(here, BY_SOUND[0])
    assert places is not None
    assert not (places.values == NOWHERE).any()


def test_another_axis_keeps_the_class_and_another_colour_does_not(here: Collection) -> None:
    usual = mapping.colour_of(here, State())
    state = State(only="rock", lasso=((0, 0), (9, 9), (0, 9)))
    moved = mapping.redrawn(here, state, "bpm", "year", usual)
    assert (moved.x, moved.only, moved.lasso) == ("bpm", "rock", ())
    assert mapping.redrawn(here, moved, "bpm", "year", "bpm").only == ""


@pytest.fixture
def told(here: Collection) -> Drawn:
    """The kinds of music, told."""
    here.sound_map.drawn()
    here.sound_map.wait()
    drawn = here.sound_map.drawn()
    assert drawn is not None
    return drawn


def test_the_kinds_of_music_are_colours_with_names(here: Collection, told: Drawn) -> None:
    drawn = map_of(here, State(colour=KINDS), np.ones(N_TRACKS, np.bool_))
    assert drawn is not None
    assert drawn.colours is not None
    assert drawn.colours.names == told.kinds
    assert len(set(drawn.colours.palette)) == min(len(told.kinds), len(CATEGORIES) + 1)
    assert choices(here, State(colour=KINDS)).colours[KINDS] == "Kind of music"


def test_one_class_of_the_colours_is_looked_at_alone(here: Collection, told: Drawn) -> None:
    for number, kind in enumerate(told.kinds):
        alone = explore.view(here, State(colour=KINDS, page=2).looking_at(kind))
        assert (told.sorted(here.columns.ids) == number).tolist() == alone.found.mask.tolist()
        assert (0 < len(alone.ids) < N_TRACKS, alone.state.page) == (True, 1)
        both = explore.view(here, State(SOME.query, colour=KINDS, only=kind))
        assert set(both.ids) == set(alone.ids) & set(explore.view(here, SOME).ids)
    assert len(explore.view(here, State(colour=KINDS, only="no such kind")).ids) == N_TRACKS
    assert len(explore.view(here, State(colour="bpm", only=told.kinds[0])).ids) == N_TRACKS


def test_every_preset_can_be_started_from(here: Collection, tmp_path: Path) -> None:
    starts = starting.starts(tmp_path)
    assert {"Focus", "Late night", "Party"} <= set(starts)
    assert [title for title, query in starts.items() if explore.view(here, State(query)).problem] == []
