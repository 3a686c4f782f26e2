"""A published folder shows and plays a collection without its music, and says nothing private."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import tomllib
from playwright.sync_api import expect

import studios
from command_line import apart
from essentialist import Library
from essentialist.errors import ExportError, QueryError
from essentialist.playlist import Playlist
from essentialist.recipes.naming import shown
from essentialist.recipes.publishing import Shown
from essentialist.recipes.reading import parse
from essentialist.recipes.remembered import last_time, remember
from essentialist.recipes.shelf import text_at
from essentialist.web.published import options, publish
from essentialist.web.studio import Studio
from essentialist.web.views import shelf

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection


@pytest.fixture
def library(collection: Collection, tmp_path: Path) -> Library:
    """A catalogue of its own, with clips, something that was played and something liked."""
    catalog = tmp_path / "mine" / "catalog.db"
    catalog.parent.mkdir()
    for path in collection.catalog.parent.glob("catalog.*"):
        if path.is_file():
            shutil.copy(path, catalog.parent)
    answer = apart("--catalog", str(catalog), "clips", "--seconds", "5")
    assert answer.code == 0, answer.err
    library = Library.open(catalog)
    library.judge(1, liked=True)
    return library


def test_a_published_folder_says_nothing_private(library: Library, collection: Collection, tmp_path: Path) -> None:
    published = publish(library, tmp_path / "site")
    assert (published.n_tracks, published.n_clips) == (collection.n_tracks, collection.n_tracks)
    whole = (tmp_path / "site" / "catalog.db").read_bytes()
    assert str(collection.music.parent).encode() not in whole
    assert b"damaged.flac" not in whole
    with closing(sqlite3.connect(tmp_path / "site" / "catalog.db")) as db:
        for table in ("taste", "listen", "run", "failure", "former"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
        assert db.execute("SELECT path FROM root").fetchall() == [(b"/music/1",)]
    assert Library.open(tmp_path / "site" / "catalog.db").similar(1)


def test_a_part_is_published_and_brought_up_to_date(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish(library, folder)
    published = publish(library, folder, 'artist:"The Metronomes"')
    assert (published.n_tracks, published.n_clips) == (3, 3)
    assert len(list(folder.rglob("*.opus"))) == 3
    assert len(Library.open(folder / "catalog.db").tracks()) == 3
    with pytest.raises(QueryError):
        publish(library, folder, "nosuchfield:1")


RECIPES = {
    "evening": """title = "Evening"
about = "Piano, and nobody shouts."
query = "bpm:60.."
length = "all"  # as @mother likes it
[[targets]]
file = "~/secret/evening.m3u8"
map = ["/srv/secret=/secret"]
[[servers]]
address = "subsonic://secret@secret.example.org"
map = ["/srv/secret=/secret"]
""",
    "seeds": """title = "Seeds"
[[similar.like]]
path = "{first}"
""",
    "liked": 'query = "liked:yes"',
    "fresh": 'not_recently_played = "30d"',
    "most-played": '[filter]\nby = "-plays"',
    "worn": 'order = "rise:plays"',
    "placed": 'query = "-path:{music}"',
    "broken": "lenght = 3",
    "none-of-these": 'query = "title:nothing"',
}
SHOWN = ("evening", "seeds")


@pytest.fixture
def recipes(library: Library, collection: Collection, tmp_path: Path) -> Path:
    """Recipes of which some tell what nobody should know."""
    folder = tmp_path / "recipes"
    folder.mkdir()
    first = next(track for track in library.tracks() if str(track.path).isascii())
    named = {"{first}": str(first.path), "{music}": str(collection.music)}
    for name, text in RECIPES.items():
        for key, value in named.items():
            text = text.replace(key, value)
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    recipe = parse(text_at(folder / "evening.toml"), folder / "evening.toml", library.catalog, library.fields())
    made = library.make(recipe).tracks
    remember(library.catalog, "evening", Playlist("Evening", tuple(reversed(made))))
    return folder


def test_playlists_are_published_with_their_tracks_and_nothing_private(
    library: Library, recipes: Path, collection: Collection, tmp_path: Path
) -> None:
    published = publish(library, tmp_path / "site", recipes=recipes)
    assert published.playlists.names == SHOWN
    assert {each.name for each in published.playlists.left_out} == set(RECIPES) - set(SHOWN)
    reasons = {each.name: each.reason for each in published.playlists.left_out}
    assert "played or liked" in reasons["worn"]
    assert "this machine" in reasons["placed"]
    studio = Studio(options(tmp_path / "site"))
    assert [each.name for each in shelf.own(studio)] == sorted(SHOWN)
    titles = [each.title for each in last_time(library.catalog, "evening")]
    assert [shown(track) for track in shelf.last_made(studio, "evening")] == titles
    assert shelf.last_made(studio, "seeds")
    assert shelf.read(studio, "seeds").lost == ()
    for path in (tmp_path / "site").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not [private for private in (b"secret", b"mother", bytes(collection.music)) if private in content], path


def test_playlists_of_a_part_have_what_is_published_of_their_tracks(
    library: Library, recipes: Path, tmp_path: Path
) -> None:
    publish(library, tmp_path / "site", recipes=recipes)
    (recipes / "seeds.toml").unlink()
    publish(library, tmp_path / "site", 'artist:"The Metronomes"', recipes=recipes)
    studio = Studio(options(tmp_path / "site"))
    assert [each.name for each in shelf.own(studio)] == ["evening"]
    assert {track.artist for track in shelf.last_made(studio, "evening")} == {"The Metronomes"}
    assert publish(library, tmp_path / "site").playlists == Shown((), ())
    assert shelf.own(studio) == ()
    assert b"The Metronomes - " not in b"".join(each.read_bytes() for each in (tmp_path / "site" / "recipes").iterdir())


def test_another_folder_is_left_alone(library: Library, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportError, match="something else"):
        publish(library, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.txt"]


def test_visitors_of_a_published_folder_change_nothing(tmp_path: Path) -> None:
    shown = options(tmp_path)
    assert shown.read_only
    assert shown.is_public
    assert shown.previews == "clips"


def test_the_configuration_asks_nobody(library: Library, tmp_path: Path) -> None:
    publish(library, tmp_path / "site")
    configuration = tomllib.loads((tmp_path / "site" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert configuration["browser"]["gatherUsageStats"] is False
    assert configuration["theme"]["light"]["primaryColor"]


@studios.needs_chromium
def test_plain_streamlit_runs_it_and_clips_and_playlists_play(library: Library, recipes: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish(library, folder, recipes=recipes)
    port = studios.free_port()
    program = [sys.executable, "-m", "streamlit", "run", "studio.py", f"--server.port={port}"]
    quiet = ["--server.headless=true", "--server.address=127.0.0.1"]
    process = subprocess.Popen([*program, *quiet], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        studios.wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        with studios.chromium() as browser:
            page = browser.new_page()
            studios.arrive(page, f"http://127.0.0.1:{port}/")
            page.locator(".tracks tbody tr").first.get_by_role("button", name="Play ").click()
            page.wait_for_function("window.essentialist.playing() && window.essentialist.time() > 0.2")
            expect(page.get_by_text("preview").first).to_be_visible()
            studios.arrive(page, f"http://127.0.0.1:{port}/playlists")
            first, *_ = shelf.last_made(Studio(options(folder)), "evening")
            page.get_by_role("button", name="Play Evening").click()
            expect(page.locator(".player .title").first).to_have_text(first.title)
            page.wait_for_function("window.essentialist.playing() && window.essentialist.time() > 0.2")
            expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    finally:
        process.terminate()
        process.wait(studios.DEADLINE_S)
