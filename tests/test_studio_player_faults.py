"""What goes wrong while music plays: files that are gone or damaged, a studio that stops and comes again, commands that
come twice, a browser's memory with nonsense in it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios
from essentialist.library import Library
from playing import Music, ask, copied, goes_on, press_play, titles, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from conftest import Collection

pytest_plugins = ("browsing",)
pytestmark = studios.needs_chromium
SCRIPT = """
import streamlit as st
from essentialist.web.components.player import play, player
from essentialist.web.studio import current
from essentialist.web.views.songs import songs

if st.button("Play all"):
    play(songs(current().library.tracks(sort="title")), 1)
st.button("Again")
player(current())
"""
SERVE = """
import sys
from pathlib import Path
import streamlit as st
from essentialist.settings import Settings
from essentialist.web.options import Options
from essentialist.web.routes import routes
from essentialist.web.serve import configuration
from essentialist.web.studio import open_studio

script, catalog, port = sys.argv[1:]
settings = Settings(catalog=Path(catalog), workers=1, recipes=Path(catalog).with_name("recipes"))
options = Options(settings, port=int(port))
st.App(Path(script), routes=routes(open_studio(options))).run(config=configuration(options))
"""
NONSENSE = ("{", '[1, null, {}, {"id": "1"}]', '{"place": 1e9, "time": "x", "volume": "loud"}')
SCRIBBLE = """(text) => addEventListener("pagehide", () => {
  for (const name of Object.keys(localStorage)) if (name.startsWith("essentialist.")) localStorage.setItem(name, text);
})"""


@pytest.fixture(scope="module")
def music(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Music:
    return copied(collection, tmp_path_factory.mktemp("faults"))


@contextmanager
def spoilt(gone: Path, damaged: Path, aside: Path) -> Iterator[None]:
    """One file away and another full of zeros, until the block ends."""
    kept = [path.rename(aside / path.name) for path in (gone, damaged)]
    damaged.write_bytes(bytes(10_000))
    try:
        yield
    finally:
        for path, original in zip(kept, (gone, damaged), strict=True):
            path.replace(original)


def test_what_cannot_be_played_is_told_and_passed_over(browser: Browser, music: Music, tmp_path: Path) -> None:
    two, three = music.folder / "Beats" / "02 Two.mp3", music.folder / "Beats" / "03 Three #3.ogg"
    ids = {track.title: track.id for track in Library.open(music.catalog).tracks()}
    songs = [{"id": ids[title], "title": title} for title in ("Two", "Three", "One")]
    with spoilt(two, three, tmp_path), studios.served(music.catalog) as served:
        page = browser.new_context().new_page()
        studios.arrive(page, served.url)
        page.locator("h1").click()
        page.evaluate("() => { window.told = []; essentialist.on(() => told.push(essentialist.message)); }")
        page.evaluate("(songs) => essentialist.play(songs)", songs)
        wait_until(page, "engine.place === 2 && engine.time() > 0.2")
        told = set(page.evaluate("told"))
        assert {"“Two” is not where it was.", "“Three” is damaged: nothing can play it."} <= told
        page.evaluate("(songs) => { essentialist.set({ repeat: true }); essentialist.play(songs.slice(0, 2)); }", songs)
        wait_until(page, "!engine.playing() && engine.message.startsWith('Nothing in the queue can be played')")
        expect(page.locator(".player .message")).to_contain_text("Nothing in the queue")


def test_when_the_studio_starts_again_the_music_goes_on(browser: Browser, music: Music) -> None:
    page = browser.new_context().new_page()
    with studios.served(music.catalog) as served:
        studios.arrive(page, served.url)
        press_play(page)
        before = titles(page)
    ask(page, "engine.jump(3)")
    wait_until(page, "engine.message.startsWith('The studio does not answer') && engine.playing()")
    with studios.served(music.catalog, port=served.port):
        wait_until(page, "engine.place === 3 && engine.time() > 0.2")
        expect(page.locator(".tracks tr.playing")).to_have_count(1, timeout=studios.DEADLINE_S * 1000)
        with studios.runs_again(page):  # the first run of a new session
            page.locator(".tracks button[aria-label^='Add ']").first.click()
        goes_on(page)
        assert titles(page) == before


def test_a_command_is_carried_out_once(browser: Browser, music: Music, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    port = studios.free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(script), str(music.catalog), str(port)])
    try:
        studios.wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        page = browser.new_context().new_page()
        studios.arrive(page, f"http://127.0.0.1:{port}")
        page.get_by_role("button", name="Play all").click()
        wait_until(page, "engine?.place === 1 && engine.time() > 0.2")
        ask(page, "engine.jump(3)")
        with studios.runs_again(page):
            page.get_by_role("button", name="Again").click()
        goes_on(page)
        assert ask(page, "engine.place") >= 3  # not 1 again
        page.reload()
        wait_until(page, "engine?.place >= 3")
        with studios.runs_again(page):
            page.get_by_role("button", name="Again").click()
        assert ask(page, "engine.place >= 3 && !engine.playing()")
        page.get_by_role("button", name="Play all").click()
        wait_until(page, "engine.place === 1 && engine.time() > 0.2")
    finally:
        process.terminate()
        process.wait(studios.DEADLINE_S)


def test_nonsense_in_the_browsers_memory_is_nothing(browser: Browser, music: Music) -> None:
    with studios.served(music.catalog) as served:
        page = browser.new_context().new_page()
        studios.arrive(page, served.url)
        press_play(page, 1)
        for nonsense in NONSENSE:
            page.evaluate(SCRIBBLE, nonsense)
            studios.arrive(page, served.url)
            wait_until(page, "engine?.furnished")
            assert ask(page, "engine.songs.length === 0 && engine.place === -1 && engine.volume() === 1")
