"""The player in Chromium, without a flag for autoplay, over real files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios
from essentialist.web.pages import pages
from playing import ask, copied, goes_on, press_play, titles, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from conftest import Collection
    from studios import Served

pytest_plugins = ("browsing",)
pytestmark = studios.needs_chromium
HOSTILE = "<img src=x onerror='window.hacked=1'> $x$ :red[x] \u202e[a](javascript:alert(1)) " + 300 * "é"
AFRESH = """() => {
  essentialist.clear();
  essentialist.set({ volume: 1, muted: false, crossfade: 0, repeat: false });
  essentialist.tell("close");
  document.activeElement.blur();
}"""


@pytest.fixture(scope="module")
def served(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with studios.served(copied(collection, tmp_path_factory.mktemp("player")).catalog) as served:
        yield served


@pytest.fixture(scope="module")
def visit(served: Served, browser: Browser) -> Page:
    page = browser.new_context().new_page()
    studios.arrive(page, served.url)
    expect(page.locator(".tracks tbody tr")).to_have_count(6)
    return page


@pytest.fixture
def page(visit: Page, served: Served) -> Page:
    """The first page, on which nothing plays, with its settings as they are at first."""
    if visit.url.rstrip("/") != served.url:
        studios.arrive(visit, served.url)
    visit.evaluate(AFRESH)
    return visit


def test_one_click_plays_the_table_from_there_on(page: Page) -> None:
    """The first click of a visit; before one, a browser plays nothing."""
    press_play(page, 2)
    expect(page.locator(".player .bar .title")).to_have_text(titles(page)[2])
    expect(page.locator(".tracks tr.playing")).to_have_count(1)
    assert ask(page, "engine.songs.length") == 6
    goes_on(page)


def test_it_plays_on_through_a_rerun_and_a_change_of_page(page: Page) -> None:
    press_play(page)
    with studios.runs_again(page):
        page.locator(".tracks button[aria-label^='Add ']").first.click()
    goes_on(page)
    for other in [each for each in pages() if each.in_menu][1:3]:
        page.get_by_role("link", name=other.title).click()
        expect(page.get_by_role("heading", name=other.title, exact=True)).to_be_visible()
        goes_on(page)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_next_previous_seek_and_the_end_of_a_track(page: Page) -> None:
    press_play(page)
    page.get_by_role("button", name="Next").click()
    wait_until(page, "engine.place === 1 && engine.time() > 0.2")
    page.get_by_role("button", name="Previous").click()
    wait_until(page, "engine.place === 0 && engine.time() > 0.2")
    slider = page.get_by_role("slider", name="Place in the track")
    box = slider.bounding_box()
    assert box is not None
    slider.click(position={"x": box["width"] / 2, "y": 5})
    wait_until(page, "Math.abs(engine.time() - engine.duration() / 2) < 1")
    slider.press("ArrowRight")
    wait_until(page, "engine.place === 1 || engine.time() > engine.duration() * 0.9")  # 5 s on
    wait_until(page, "engine.place === 1 && engine.playing() && engine.time() > 0.2")  # and of itself the next


def test_the_next_track_plays_however_coarse_the_clock(page: Page) -> None:
    """Browsers blur their clocks: a fade of no time at all, in which none passes, once left the next track silent."""
    press_play(page)
    wait_until(page, "engine.sound.other.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA")  # the next one is at hand
    page.evaluate("performance.now = () => 1000")
    try:
        page.evaluate("essentialist.seek(essentialist.duration())")
        wait_until(page, "engine.place === 1 && engine.time() > 0.2")
    finally:
        page.evaluate("delete performance.now")


def test_after_the_last_track_there_is_silence(page: Page) -> None:
    press_play(page, 5)
    page.get_by_role("slider", name="Place in the track").press("End")
    wait_until(page, "engine.place === -1 && !engine.playing()")
    assert ask(page, "engine.songs.length") == 6
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "engine.place === 0 && engine.time() > 0.2")


def test_tracks_fade_into_each_other_with_equal_power(page: Page) -> None:
    press_play(page)
    page.get_by_role("button", name="Queue", exact=True).click()
    page.get_by_label("Crossfade in seconds").fill("2")
    ask(page, "engine.seek(5.5)")
    wait_until(page, "engine.sound.fade && engine.sound.current.volume > 0.3")
    powers = ask(
        page, "[engine.sound.current, engine.sound.fade.leaving].map((one) => one.paused ? 0 : one.volume ** 2)"
    )
    assert sum(powers) == pytest.approx(1)
    assert min(powers) > 0
    wait_until(page, "engine.place === 1 && !engine.sound.fade && engine.sound.current.volume === 1")
    assert ask(page, "engine.sound.other.paused")
    goes_on(page)


def test_keys_work_anywhere_but_where_one_types(page: Page) -> None:
    press_play(page)
    page.keyboard.press("Space")  # although the focus is on the row's button, which was clicked
    wait_until(page, "!engine.playing() && engine.place === 0 && engine.time() > 0")
    page.keyboard.press("Space")
    goes_on(page)
    page.keyboard.press("n")
    wait_until(page, "engine.place === 1")
    page.keyboard.press("b")
    wait_until(page, "engine.place === 0")
    page.keyboard.press("m")
    assert ask(page, "engine.settings.muted && engine.sound.current.muted")
    page.evaluate("() => { document.body.append(document.createElement('input')); document.body.lastChild.focus(); }")
    page.keyboard.type("nnm q?")
    assert ask(page, "engine.place === 0 && engine.settings.muted && engine.playing()")
    page.evaluate("() => document.body.lastChild.remove()")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("?")
    expect(page.get_by_role("region", name="Keys")).to_contain_text("play, pause")
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")  # reached by Tab, the button wants it
    wait_until(page, "engine.place === 1 && engine.playing()")


def test_the_queue_is_reordered_by_drag_and_by_keys(page: Page) -> None:
    press_play(page, 1)
    before = titles(page)
    page.keyboard.press("q")
    rows = page.locator(".queue li")
    rows.nth(3).locator(".handle").hover()
    page.mouse.down()
    rows.nth(0).hover(position={"x": 60, "y": 3})
    page.mouse.up()
    assert titles(page) == [before[3], *before[:3], *before[4:]]
    assert ask(page, "engine.place") == 2
    expect(rows.nth(2)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(rows.nth(0)).to_be_hidden()
    page.keyboard.press("q")
    expect(rows.nth(2).locator(".jump")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    assert titles(page) == [before[0], before[1], before[3], *before[2:3], *before[4:]]
    expect(rows.nth(2).locator(".jump")).to_be_focused()
    assert ask(page, "engine.song().title") == before[1]
    goes_on(page)


def test_what_is_removed_or_cleared_comes_back(page: Page) -> None:
    press_play(page, 1)
    before = titles(page)
    page.keyboard.press("q")
    page.locator(".queue li").nth(0).locator(".jump").focus()
    page.keyboard.press("Delete")
    assert titles(page) == before[1:]
    assert ask(page, "engine.place") == 0
    page.get_by_role("button", name="Undo").click()
    assert titles(page) == before
    assert ask(page, "engine.place") == 1
    page.get_by_role("button", name="Clear").click()
    wait_until(page, "!engine.playing() && engine.songs.length === 0")
    page.get_by_role("button", name="Undo").click()
    wait_until(page, "engine.place === 1 && engine.playing()")
    assert titles(page) == before
    page.get_by_role("button", name="Shuffle what comes").click()
    assert titles(page)[:2] == before[:2]
    assert sorted(titles(page)) == sorted(before)


def test_a_reload_keeps_queue_second_and_settings_and_waits(page: Page) -> None:
    press_play(page, 1)
    wait_until(page, "engine.time() > 1")
    ask(page, "engine.setVolume(0.25)")
    page.get_by_role("button", name="Pause").click()
    at, before = ask(page, "engine.time()"), titles(page)
    page.reload()
    wait_until(page, "engine?.songs.length === 6")
    wait_until(page, f"engine.place === 1 && Math.abs(engine.time() - {at}) < 0.2")
    assert titles(page) == before
    assert ask(page, "!engine.playing() && engine.volume() === 0.25")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, f"engine.place === 1 && engine.time() > {at} + 0.2")


def test_one_tab_plays_at_a_time(page: Page, served: Served) -> None:
    press_play(page)
    other = page.context.new_page()
    studios.arrive(other, served.url)
    press_play(other, 3)
    wait_until(page, "!engine.playing()")
    goes_on(other)
    page.get_by_role("button", name="Play", exact=True).click()
    goes_on(page)
    wait_until(other, "!engine.playing()")
    other.close()


def test_a_track_is_heard_before_it_is_taken_while_the_queue_waits(page: Page) -> None:
    press_play(page)
    at = ask(page, "engine.time()")
    hear = page.locator(".tracks tbody tr").nth(3).get_by_role("button", name="Hear ")
    hear.click()
    wait_until(page, "engine.sound.ear.currentTime > engine.duration() / 4 && !engine.sound.ear.paused")
    assert ask(page, "engine.sound.current.paused && engine.place === 0")
    expect(page.locator(".player .bar .title")).to_have_text(titles(page)[3])
    expect(page.locator(".player .badge")).to_be_visible()
    expect(hear).to_have_attribute("aria-pressed", "true")
    hear.click()
    wait_until(page, f"engine.playing() && engine.time() > {at} + 0.3 && engine.sound.ear.paused")
    expect(hear).to_have_attribute("aria-pressed", "false")


def test_hostile_texts_are_text(page: Page) -> None:
    page.locator("h1").click()
    page.evaluate("(title) => essentialist.play([{ id: 1, title, artist: title, album: title, seconds: 8 }])", HOSTILE)
    goes_on(page)
    page.keyboard.press("q")
    for place in (".bar .title", ".bar .artist", ".queue .title"):
        assert page.locator(f".player {place}").text_content() == HOSTILE
    assert page.locator(".player .what img").count() == 0
    assert ask(page, "window.hacked") is None
    assert ask(page, "document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_the_bar_fits_and_can_be_used(browser: Browser, served: Served) -> None:
    page = browser.new_page(viewport=studios.PHONE, has_touch=True)
    studios.arrive(page, served.url)
    press_play(page)
    page.get_by_role("button", name="Next").click()
    wait_until(page, "engine.place === 1 && engine.playing()")
    expect(page.locator(".player .volume")).to_be_hidden()
    box = page.locator(".player .bar").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= studios.PHONE["width"]
    assert box["height"] < 130
    page.get_by_role("button", name="Queue", exact=True).click()
    expect(page.locator(".queue li")).to_have_count(6)
    page.close()
