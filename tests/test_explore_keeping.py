"""What Explore finds is kept as a playlist and taken along: the same tracks in the same order, the lasso's too."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

import studios
from essentialist.errors import ExportError, PlaylistError, RecipeError, SettingsError
from essentialist.exports.m3u8 import read
from essentialist.web import studio as studio_module
from essentialist.web.views import explore, keeping, shelf, starting, taking
from essentialist.web.views.lasso import UNITS
from essentialist.web.views.state import State
from essentialist.web.views.taking import Take
from made_up import made_up_catalog

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from essentialist.web.studio import Studio

N_TRACKS = 60
QUERY = State("bpm:80..170", sort="-bpm")
LEFT = ((0, 0), (UNITS // 2, 0), (UNITS // 2, UNITS), (0, UNITS))


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up_catalog(tmp_path_factory.mktemp("kept"), N_TRACKS)


@pytest.fixture
def asking(catalog: Path) -> TestClient:
    return studios.client(catalog)


@pytest.fixture
def studio(asking: TestClient, tmp_path: Path) -> Studio:
    """A studio with a shelf of its own."""
    return studio_module.open_studio(studios.options(studio_module.current().options.settings.catalog))


def found(studio: Studio, state: State) -> explore.View:
    return explore.view(studio.collection(), state)


@pytest.mark.parametrize("state", [State(), QUERY, State(lasso=LEFT), State("bpm:..150", lasso=LEFT, sort="title")])
@pytest.mark.parametrize("suffix", [".m3u8", ".csv", ".xspf"])
def test_what_is_found_is_taken_along_by_its_address(asking: TestClient, state: State, suffix: str) -> None:
    studio = studio_module.current()
    ids = found(studio, state).ids.tolist()
    take = Take("Explore", suffix, found=state)
    answer = asking.get(f"/api/{take.address}")
    assert answer.status_code == 200, answer.text
    playlist = taking.playlist_of(studio, take)
    assert [track.id for track in playlist.tracks] == ids
    assert answer.content == taking.taken(studio, take, playlist).content
    assert taking.number_of(studio, take, taking.playlist_of(studio, take, most=3)) == len(ids) > 3
    if suffix == ".csv":
        rows = csv.DictReader(io.StringIO(answer.text))
        assert [int(row["id"]) for row in rows] == ids
    if suffix == ".m3u8":
        locations = [entry.location for entry in read(answer.content, studio.options.settings.catalog.parent)]
        assert locations == [str(track.path) for track in playlist.tracks]


def test_an_address_that_asks_for_nothing_there_is_says_so(asking: TestClient) -> None:
    answer = asking.get("/api/playlist/Explore.m3u8", params={"q": "bmp:3"})
    assert (answer.status_code, "bpm" in answer.text) == (400, True)
    nothing = asking.get("/api/playlist/Explore.m3u8", params={"q": "title:nothing", "lasso": "x", "sort": "nope"})
    assert nothing.text.strip() == "#EXTM3U\n#PLAYLIST:Explore"


def test_what_is_encircled_is_kept_track_by_track(studio: Studio) -> None:
    shown = found(studio, State("bpm:..150", lasso=LEFT, sort="-bpm"))
    assert list(keeping.offered(shown)) == [keeping.LISTED]
    path = keeping.save(studio, shown, "Encircled", keeping.LISTED, force=True)
    assert [track.id for track in shelf.last_made(studio, path.stem)] == shown.ids.tolist()
    again = studio.library.make(shelf.read(studio, path.stem), with_files_only=False)
    assert [track.id for track in again.tracks] == shown.ids.tolist()
    with pytest.raises(PlaylistError, match="way"):
        keeping.save(studio, shown, "Encircled", keeping.WHOLE, force=True)
    with pytest.raises(RecipeError, match="already"):
        keeping.save(studio, shown, "encircled", keeping.LISTED, force=False)


def test_a_query_is_kept_in_part_or_whole(studio: Studio) -> None:
    shown = found(studio, QUERY)
    some = keeping.save(studio, shown, "Some of it", keeping.SOME, force=True)
    whole = keeping.save(studio, shown, "All of it", keeping.WHOLE, force=True)
    assert [track.id for track in shelf.last_made(studio, whole.stem)] == shown.ids.tolist()
    few = [track.id for track in shelf.last_made(studio, some.stem)]
    assert len(few) == 25 < len(shown.ids)
    assert [each for each in shown.ids.tolist() if each in set(few)] == few
    assert starting.starts(studio.options.settings.recipes)["Some of it"] == QUERY.query


def test_a_list_that_would_be_too_long_is_not_offered(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_LISTED", 5)
    assert list(keeping.offered(found(studio, QUERY))) == [keeping.SOME]
    assert keeping.offered(found(studio, State())) == {}


def test_who_only_looks_keeps_nothing(catalog: Path) -> None:
    studio = studio_module.open_studio(studios.options(catalog, read_only=True))
    for kind in (keeping.SOME, keeping.WHOLE, keeping.LISTED):
        with pytest.raises(SettingsError):
            keeping.save(studio, found(studio, QUERY), "Mine", kind, force=True)
    take = Take("Explore", ".csv", found=QUERY)
    with pytest.raises(ExportError):
        taking.taken(studio, take, taking.playlist_of(studio, take))
