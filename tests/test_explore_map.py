"""The map in Chromium: what one points at is heard before it is added, and a legend chooses, by mouse, keys, touch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


pytest_plugins = ("browsing",)
pytestmark = studios.needs_chromium
HEARD = "window.essentialist.previewing?.title === {title!r} && window.essentialist.sound.ear.played.length > 0"


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1300, "height": 1400}, reduced_motion="reduce")
    page.set_default_timeout(1000 * studios.DEADLINE_S)
    opened(page, f"{url}/explore")
    yield page
    page.close()


def opened(page: Page, address: str) -> None:
    studios.arrive(page, address)
    expect(page.locator(".map[data-ready]")).to_have_count(1)


def first_point(page: Page) -> tuple[str, float, float]:
    """The title of a track on the map, and where it lies on the screen."""
    page.locator(".map canvas").focus()
    page.keyboard.press("ArrowRight")
    title = page.locator(".map .tip strong").inner_text()
    box = page.locator(".map .cursor").bounding_box()
    assert box
    page.keyboard.press("Escape")
    return title, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def is_heard(page: Page, title: str) -> None:
    """Wait until a track sounds while the queue waits."""
    page.wait_for_function(HEARD.format(title=title))


def test_pointing_lets_a_track_be_heard_before_it_is_added(page: Page) -> None:
    title, x, y = first_point(page)
    page.mouse.move(x, y)
    expect(page.locator(".map .tip strong")).to_have_text(title)
    assert page.evaluate("window.essentialist.previewing") is None
    page.get_by_role("button", name="Listen", exact=True).click()
    page.mouse.move(x, y)
    is_heard(page, title)
    expect(page.locator(".map .hear")).to_have_attribute("aria-pressed", "true")
    page.mouse.move(0, 0)
    page.wait_for_function("window.essentialist.previewing === null")
    page.get_by_role("button", name=f"Add {title} to the draft").first.click()
    expect(page.get_by_test_id("stToast")).to_contain_text("draft")


def test_keys_alone_let_it_be_heard(page: Page) -> None:
    page.get_by_role("button", name="Listen", exact=True).press("Enter")
    expect(page.locator(".map .status")).to_have_text("Point at a track to hear it.")
    page.locator(".map canvas").focus()
    page.keyboard.press("ArrowRight")
    is_heard(page, page.locator(".map .tip strong").inner_text())
    page.keyboard.press("Escape")
    page.wait_for_function("window.essentialist.previewing === null")


def test_a_tap_offers_to_hear_it(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport=studios.PHONE, has_touch=True, is_mobile=True)
    page.set_default_timeout(1000 * studios.DEADLINE_S)
    studios.arrive(page, f"{url}/explore")
    page.get_by_role("button", name="Map", exact=True).tap()
    expect(page.locator(".map .status")).to_have_text("Tap a track to see what it is; press Listen to hear it too.")
    expect(page.locator(".map[data-ready]")).to_be_visible()
    title, x, y = first_point(page)
    page.touchscreen.tap(x, y)
    page.locator(".map .status").get_by_role("button", name=f"Hear {title}").tap()
    is_heard(page, title)
    page.locator(".map .status").get_by_role("button", name=f"Hear {title}").tap()
    page.wait_for_function("window.essentialist.previewing === null")
    page.close()


def test_a_kind_of_music_is_looked_at_alone(page: Page) -> None:
    page.get_by_label("Colour", exact=True).select_option("kinds")
    expect(page).to_have_url(re.compile("colour=kinds"))
    chips = page.locator(".map .legend button")
    expect(chips).not_to_have_count(0)
    expect(page.locator(".map[data-ready*=kinds]")).to_have_count(1)
    chips.first.click()
    expect(page).to_have_url(re.compile("only="))
    expect(chips.first).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(chips.first).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page).not_to_have_url(re.compile("only="))
    expect(chips.first).to_have_attribute("aria-pressed", "false")
