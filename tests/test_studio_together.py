"""What several visitors do at the same time, and what they see of a catalogue that is taken away meanwhile."""

from __future__ import annotations

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios
from essentialist.errors import SettingsError
from essentialist.playlist import Playlist
from essentialist.web import pages, serve
from essentialist.web import studio as studio_module
from essentialist.web.options import MOST_MEGABYTES
from essentialist.web.studio import Studio
from essentialist.web.views import copies, doing

if TYPE_CHECKING:
    from conftest import Collection

N_VISITORS = 8
ASKED = (
    *("track/1", "search?q=a", "similar/1", "waveform/1", "cover/1", "audio/1", "map/x/ids"),
    *("playlist/x.m3u8?ids=1", "playlist/x.m3u8?q="),
)


@pytest.fixture
def catalog(collection: Collection, tmp_path: Path) -> Path:
    copied = tmp_path / "catalog.db"
    shutil.copy(collection.catalog, copied)
    return copied


def test_who_comes_at_the_same_moment_sees_the_same_collection(catalog: Path) -> None:
    studio, together = Studio(studios.options(catalog)), Barrier(N_VISITORS)

    def come(_: int) -> str:
        together.wait(studios.DEADLINE_S)
        return studio.collection().version

    with ThreadPoolExecutor(N_VISITORS) as visitors:
        assert len(set(visitors.map(come, range(N_VISITORS)))) == 1


def test_what_takes_long_holds_up_only_those_who_ask_for_it(catalog: Path) -> None:
    here, begun, may_end = Studio(studios.options(catalog)).collection(), Event(), Event()
    n_made = []

    def slow() -> str:
        begun.set()
        n_made.append(1)
        assert may_end.wait(studios.DEADLINE_S)
        return "slow"

    with ThreadPoolExecutor(2) as visitors:
        first = visitors.submit(here.keep, "kinds", slow)
        assert begun.wait(studios.DEADLINE_S)
        second = visitors.submit(here.keep, "kinds", slow)
        assert here.keep("axes", lambda: here.keep("others", lambda: "quick")) == "quick"
        assert not first.done()
        assert not second.done()
        may_end.set()
        assert (first.result(), second.result(), n_made) == ("slow", "slow", [1])


def test_a_second_visitor_does_not_change_what_is_being_copied(catalog: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    studio = studio_module.open_studio(studios.options(catalog, copies=(stick,)))
    first, second = (Playlist(name, studio.library.tracks(limit=n)) for name, n in (("One", 1), ("Two", 2)))
    copies.start(studio, first, stick, [])
    with pytest.raises(SettingsError, match="under way"):
        copies.start(studio, second, stick, [])
    end = time.monotonic() + studios.DEADLINE_S
    while doing.doing(studio).is_running:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert {each.stem for each in stick.iterdir()} == {"One"}


def test_a_visitor_cannot_fill_the_memory_with_files(catalog: Path) -> None:
    assert serve.configuration(studios.options(catalog))["server.maxUploadSize"] == MOST_MEGABYTES


def test_while_the_catalogue_is_away_nothing_tells_where_it_lies_and_none_is_made(catalog: Path) -> None:
    client = studios.client(catalog)
    catalog.rename(catalog.with_name("away.db"))
    for path in ASKED:
        answer = client.get(f"/api/{path}")
        assert (path, answer.status_code) == (path, 503)
        assert str(catalog.parent) not in answer.text
    for page in pages.pages():
        shown = studios.page_of(catalog.with_name("away.db"), "" if page.place == 1 else page.name, read_only=True)
        studio_module.current().library.catalog.path = catalog
        assert not shown.run().exception
        assert str(catalog.parent) not in "".join(each.value for each in shown.error)
    assert not catalog.exists()


def test_each_part_that_runs_alone_tells_its_errors() -> None:
    alone = re.compile(r"@st\.(?:fragment|dialog)\b.*\n(.*)")
    for file in Path(pages.__file__).parent.glob("*.py"):
        assert set(alone.findall(file.read_text(encoding="utf-8"))) <= {"@telling()"}, file.name


@studios.needs_chromium
def test_explore_says_so_when_the_catalogue_was_taken_away(catalog: Path) -> None:
    with studios.served(catalog) as served, studios.chromium() as browser:
        page = browser.new_page()
        studios.arrive(page, f"{served.url}/explore")
        expect(page.locator(".facets .slider").first).to_be_visible()
        catalog.rename(catalog.with_name("away.db"))
        page.get_by_label("Tempo from").press("PageUp")
        expect(page.get_by_test_id("stAlert")).to_contain_text("There is no catalogue")
        assert not catalog.exists()
        catalog.with_name("away.db").rename(catalog)
        page.reload()
        expect(page.locator(".facets .slider").first).to_be_visible()
