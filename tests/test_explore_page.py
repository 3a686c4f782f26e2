"""The page Explore as Streamlit runs it, and its routes: on a full, an empty and a hostile catalogue."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

import studios
from essentialist.catalogue.catalog import Catalog
from essentialist.web import studio
from essentialist.web.scripts import loader, script
from essentialist.web.views.points import NOWHERE
from hostile import hostile_catalog

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from streamlit.testing.v1 import AppTest

    from conftest import Collection


def explored(catalog: Path, query: dict[str, str] | None = None, **options: Any) -> AppTest:
    """The page, run once."""
    shown = studios.page_of(catalog, "explore", query=query, **options).run()
    assert not shown.exception
    return shown


def count(shown: AppTest) -> str:
    """What it says was found."""
    return next(each.value for each in shown.markdown if "track" in each.value)


def asked(shown: AppTest) -> str:
    """The query in the address."""
    query = shown.query_params["q"]
    return query if isinstance(query, str) else query[0]


def texts(shown: AppTest) -> list[str]:
    """All captions and errors."""
    return [each.value for each in (*shown.caption, *shown.error)]


def test_all_tracks_are_there_at_first(collection: Collection) -> None:
    shown = explored(collection.catalog)
    assert count(shown).startswith("**6 tracks · ")
    assert [button.label for button in shown.button if button.key == "explore.play"] == ["Play"]


def test_the_address_holds_the_query(collection: Collection) -> None:
    shown = explored(collection.catalog, {"q": "bpm:..110", "sort": "-bpm"})
    n_slow = len(Catalog(collection.catalog).tracks()) - len(explored_ids(collection, "bpm:110<.."))
    assert count(shown).startswith(f"**{n_slow} of 6 tracks")
    assert shown.text_input(key="explore.query").value == "bpm:..110"


def explored_ids(collection: Collection, query: str) -> tuple[int, ...]:
    """What the library finds."""
    return studio.open_studio(studios.options(collection.catalog)).library.ids(query)


def test_a_query_that_is_written_goes_into_the_address(collection: Collection) -> None:
    shown = explored(collection.catalog)
    shown.text_input(key="explore.query").set_value("title:One").run()
    assert asked(shown) == "title:One"
    assert count(shown).startswith("**1 of 6 tracks")


def test_plain_words_become_a_query_and_say_how(collection: Collection) -> None:
    shown = explored(collection.catalog)
    shown.text_input(key="explore.query").set_value("calm or slow").run()
    assert asked(shown).startswith("arousal:")
    assert any(text.startswith("Understood") for text in texts(shown))


def test_what_is_not_understood_stays_with_the_nearest_right_name(collection: Collection) -> None:
    shown = explored(collection.catalog, {"q": "title:One"})
    shown.text_input(key="explore.query").set_value("valance:3..").run()
    assert any("valence" in text for text in texts(shown))
    assert shown.text_input(key="explore.query").value == "valance:3.."
    assert asked(shown) == "title:One"
    assert count(shown).startswith("**1 of 6 tracks")


def test_an_address_that_is_not_understood_shows_all_and_says_so(collection: Collection) -> None:
    shown = explored(collection.catalog, {"q": "bmp:3", "page": "7", "lasso": "x", "sort": "nope", "x": "id"})
    assert any("bpm" in text for text in texts(shown))
    assert count(shown).startswith("**6 tracks")


def test_a_preset_starts_and_clear_ends(collection: Collection) -> None:
    shown = explored(collection.catalog)
    shown.button(key="explore.start.Focus").click().run()
    assert asked(shown) == "voice:..p45 arousal:p10..p65"
    shown.button(key="explore.clear").click().run()
    assert "q" not in shown.query_params
    assert count(shown).startswith("**6 tracks")


def test_nothing_found_says_what_to_do(collection: Collection) -> None:
    shown = explored(collection.catalog, {"q": "title:nothing"})
    assert any("No track is like that" in text for text in texts(shown))
    shown.button(key="explore.clear").click().run()
    assert count(shown).startswith("**6 tracks")


def test_play_and_add_take_what_is_found(collection: Collection) -> None:
    shown = explored(collection.catalog, {"q": "artist:metronomes", "sort": "-title"})
    shown.button(key="explore.play").click().run()
    command = shown.session_state["player.command"]
    assert [song["title"] for song in command["songs"]] == ["Two", "Three", "One"]
    shown.button(key="explore.add").click().run()
    titles = {track.id: track.title for track in Catalog(collection.catalog).tracks()}
    assert [titles[each] for each in shown.session_state["draft.desk"].history.now.ids] == ["Two", "Three", "One"]


def test_a_query_becomes_a_recipe(tmp_path: Path) -> None:
    shown = explored(hostile_catalog(tmp_path), {"q": "year:1990"})
    shown.text_input(key="explore.save.name").set_value("My year").run()
    shown.button(key="explore.save.now").click().run()
    assert not shown.exception
    assert 'query = "year:' in (tmp_path / "recipes" / "my-year.toml").read_text()
    shown.button(key="explore.save.now").click().run()
    assert any("already" in text for text in texts(shown))
    shown.checkbox(key="explore.save.force").check().run()
    shown.radio(key="explore.save.kind").set_value("listed").run()
    shown.button(key="explore.save.now").click().run()
    assert "[[listed.tracks]]" in (tmp_path / "recipes" / "my-year.toml").read_text()


def test_what_is_found_is_looked_at_before_it_is_taken_along(collection: Collection) -> None:
    shown = explored(collection.catalog, {"q": "artist:metronomes", "sort": "-title"})
    shown.button(key="explore.take").click().run()
    assert not shown.exception
    assert any("3 tracks" in text for text in texts(shown))
    assert any(each.value.startswith("#EXTM3U") for each in shown.code)


def test_a_read_only_studio_saves_nothing(collection: Collection) -> None:
    shown = explored(collection.catalog, {"q": "bpm:100.."}, read_only=True)
    keys = {button.key for button in shown.button}
    assert "explore.take" in keys
    assert "explore.save.now" not in keys


def test_an_empty_catalogue_says_what_to_do(tmp_path: Path) -> None:
    shown = explored(Catalog.create(tmp_path / "catalog.db").path, {"q": "bpm:3"})
    assert any("essentialist analyze" in each.value for each in shown.code)


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    catalog = hostile_catalog(tmp_path)
    shown = explored(catalog)
    assert count(shown).startswith("**8 tracks")
    for hostile in ('"<img src=x"', 'nope:"**bold**"', "title:'$x$'", "page:\\"):
        shown.text_input(key="explore.query").set_value(hostile).run()
        assert not shown.exception
        assert not any(re.search(r"(?<!\\)(<img|\*\*bold)", text) for text in texts(shown))


def test_the_map_by_sound_comes_when_it_is_drawn(tmp_path: Path) -> None:
    shown = explored(hostile_catalog(tmp_path), {"x": "sound"})
    studio.current().sound_map.wait()
    shown.run()
    assert not shown.exception
    assert studio.current().sound_map.drawn() is not None


def column(client: Any, name: str) -> Any:
    return client.get(f"/api/map/{studio.current().collection().version}/{name}")


def test_columns_of_the_map_are_small_and_kept(collection: Collection) -> None:
    client = studios.client(collection.catalog)
    here = studio.current().collection()
    answer = column(client, "bpm")
    assert answer.headers["cache-control"].endswith("immutable")
    assert answer.headers["content-encoding"] == "gzip"
    places = np.frombuffer(answer.content, "<u2")
    tempi = here.columns.numbers["bpm"]
    assert (np.argsort(places) == np.argsort(tempi)).all()
    assert np.cumsum(np.frombuffer(column(client, "ids").content, "<i4")).tolist() == here.columns.ids.tolist()
    plain = client.get(f"/api/map/{here.version}/year", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    absent = np.isnan(here.columns.numbers["year"])
    assert ((np.frombuffer(plain.content, "<u2") == NOWHERE) == absent).all()
    with client.stream("GET", f"/api/map/{here.version}/tags") as raw:
        assert len(gzip.decompress(b"".join(raw.iter_raw()))) == 2 * collection.n_tracks


@pytest.mark.parametrize("name", ["title", "path", "id", "nothing", "..", "%2e%2e%2fcatalog.db", "sound-z", "bpm/x"])
def test_other_columns_are_not_found(collection: Collection, name: str) -> None:
    client = studios.client(collection.catalog)
    assert column(client, name).status_code == 404


def test_columns_of_another_state_are_not_found(collection: Collection) -> None:
    client = studios.client(collection.catalog)
    assert client.get("/api/map/another/bpm").status_code == 404
    assert client.get(f"/api/map/{studio.current().collection().version}.x/bpm").status_code == 404


def test_scripts_are_served_under_their_content(collection: Collection) -> None:
    client = studios.client(collection.catalog)
    found = re.search(r"api/(script/\w+/[\w+]+\.js)", loader("engine", "tracks"))
    assert found
    answer = client.get(f"/api/{found[1]}")
    assert answer.text == script("engine+tracks")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"].endswith("immutable")


@pytest.mark.parametrize("names", ["engine", "nothing", "../look", "%2e%2e%2flook", "engine+..", "engine++tracks", ""])
def test_other_scripts_are_not_found(collection: Collection, names: str) -> None:
    assert studios.client(collection.catalog).get(f"/api/script/0123456789ab/{names}.js").status_code == 404
