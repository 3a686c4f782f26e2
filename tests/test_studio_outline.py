"""The outline on the page of a track, in Chromium: one seeks in it, by hand and by keys, and it follows what plays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios
from essentialist.library import Library
from playing import copied, goes_on, titles, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from conftest import Collection
    from essentialist.track import Track
    from playing import Music

pytest_plugins = ("browsing",)
pytestmark = studios.needs_chromium
SECONDS = 8  # of every track here


@pytest.fixture(scope="module")
def music(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Music:
    return copied(collection, tmp_path_factory.mktemp("outline"))


@pytest.fixture(scope="module")
def track(music: Music) -> Track:
    return Library.open(music.catalog).tracks("title:One")[0]


@pytest.fixture(scope="module")
def url(music: Music) -> Iterator[str]:
    with studios.served(music.catalog) as served:
        yield served.url


@pytest.fixture
def page(browser: Browser, url: str, track: Track) -> Iterator[Page]:
    page = browser.new_context().new_page()
    studios.arrive(page, f"{url}/track?id={track.id}")
    yield page
    page.close()


def outline(page: Page) -> Locator:
    return page.locator(".outline").get_by_role("slider", name="Place in One")


def click_at(page: Page, share: float) -> None:
    """Click so far into the outline."""
    box = outline(page).bounding_box()
    assert box is not None
    outline(page).click(position={"x": share * box["width"], "y": 10})


def test_a_click_plays_from_there_and_goes_on_in_the_outline(page: Page) -> None:
    click_at(page, 0.5)
    wait_until(page, f"engine.playing() && engine.time() > {SECONDS / 2} && engine.song().title === 'One'")
    expect(outline(page)).to_have_attribute("aria-valuenow", "5")  # it follows
    click_at(page, 0.1)
    wait_until(page, f"engine.time() < {SECONDS / 3} && engine.playing()")
    goes_on(page)


def test_keys_seek_and_the_button_pauses(page: Page) -> None:
    page.get_by_role("button", name="Play this track").click()
    goes_on(page)
    outline(page).press("ArrowRight")
    wait_until(page, "engine.time() > 5")
    outline(page).press("Home")
    wait_until(page, "engine.time() < 4")
    page.get_by_role("button", name="Pause this track").click()
    wait_until(page, "!engine.playing()")
    expect(page.get_by_role("button", name="Play this track")).to_be_visible()


def test_what_is_played_from_here_keeps_the_queue(page: Page) -> None:
    page.locator(".tracks tbody tr").first.get_by_role("button", name="Play ").click()
    goes_on(page)
    before = titles(page)
    expect(outline(page)).to_have_attribute("aria-valuenow", "0")  # another track plays
    page.get_by_role("button", name="Play this track").click()
    wait_until(page, "engine.song().title === 'One' && engine.time() > 0.2")
    assert titles(page) == [before[0], "One", *before[1:]]
    outline(page).press("End")
    wait_until(page, "engine.place === 2 && engine.time() > 0.2")


def test_where_clips_are_heard_the_outline_is_only_looked_at(browser: Browser, music: Music, track: Track) -> None:
    with studios.served(music.catalog, "--previews", "clips") as served:
        page = browser.new_context().new_page()
        studios.arrive(page, f"{served.url}/track?id=1")
        still = page.locator(".outline .wave.still")
        expect(still.locator("path").first).to_have_attribute("d", re.compile("M"))
        expect(page.get_by_role("slider", name="Place in One")).to_have_count(0)
        page.close()
