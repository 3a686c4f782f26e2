"""The page Explore in Chromium: sliders, chips, map, table and address follow one another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from hostile import TITLES, hostile_catalog
from made_up import enter_folder, extractors, make_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page


pytest_plugins = ("browsing",)
pytestmark = studios.needs_chromium
DEADLINE_MS = 1000 * studios.DEADLINE_S
WITHOUT_WEBGL = """
const usual = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...others) {
  return kind === "webgl" ? null : usual.call(this, kind, ...others);
};
"""


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1300, "height": 1400}, reduced_motion="reduce")
    page.set_default_timeout(DEADLINE_MS)
    expect.set_options(timeout=DEADLINE_MS)
    open_at(page, f"{url}/explore")
    yield page
    page.close()


def open_at(page: Page, address: str) -> None:
    """Go to an address of the page and wait for its table and its map."""
    studios.arrive(page, address)
    expect(rows(page).first).to_be_visible()
    expect(page.locator(".map[data-ready]")).to_have_count(1)


def rows(page: Page) -> Locator:
    return page.locator(".tracks tbody tr")


def titles(page: Page) -> list[str]:
    return page.locator(".tracks .open").all_inner_texts()


def slower(page: Page) -> None:
    """Move the upper end of the tempo down to 110 or less, and wait for the query that says where it ended."""
    thumb = page.get_by_label("Tempo to")
    thumb.focus()
    while float(bound := re.sub(r"[^\d.].*", "", thumb.get_attribute("aria-valuetext") or "")) > 110:
        thumb.press("ArrowLeft")
    asked = page.get_by_role("searchbox", name="What should it be like?")
    expect(asked).to_have_value(re.compile(rf"^bpm:\.\.{re.escape(bound)}(?!\d)"))


def middle(page: Page) -> tuple[float, float]:
    """The middle of the map on the screen."""
    box = page.locator(".map canvas").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_slider_changes_table_and_address_and_a_reload_restores_them(page: Page) -> None:
    expect(rows(page)).to_have_count(6)
    slower(page)
    expect(page).to_have_url(re.compile(r"q=bpm"))
    expect(rows(page)).not_to_have_count(6)
    studios.settled(page)  # on the way there were others
    n_slow, written = rows(page).count(), page.get_by_role("searchbox", name="What should it be like?").input_value()
    assert written.startswith("bpm:..")
    page.reload()
    expect(rows(page)).to_have_count(n_slow)
    expect(page.get_by_role("searchbox", name="What should it be like?")).to_have_value(written)
    page.get_by_role("button", name="Any tempo").click()
    expect(rows(page)).to_have_count(6)
    expect(page).not_to_have_url(re.compile(r"q="))


def test_chips_choose_and_are_counted(page: Page) -> None:
    page.locator("summary", has_text="Key").click()
    chip = page.locator(".wheel .chip", has_text=re.compile("^8A$"))
    expect(chip).to_have_attribute("title", re.compile(r"8A: \d tracks"))
    n_tracks = int(re.findall(r"(\d) tracks", chip.get_attribute("title") or "")[0])
    chip.click()
    expect(page).to_have_url(re.compile("q=key"))
    expect(rows(page)).to_have_count(n_tracks)
    expect(chip).to_have_attribute("aria-pressed", "true")


def test_a_heading_sorts_and_the_address_says_so(page: Page) -> None:
    page.locator(".tracks th button", has_text="Title").click()
    expect(page).to_have_url(re.compile("sort=title"))
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    assert titles(page)[0] == "Café"


def test_the_lasso_keeps_what_it_encircles(page: Page) -> None:
    page.get_by_role("button", name="Encircle").click()
    x, y = middle(page)
    page.mouse.move(x, y - 200)
    page.mouse.down()
    for right, down in ((0, 200), (380, 200), (380, -200), (0, -200)):
        page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("lasso="))
    expect(rows(page)).not_to_have_count(6)
    n_right = rows(page).count()
    expect(page.locator(".map .lasso")).to_have_count(1)
    page.reload()
    expect(rows(page)).to_have_count(n_right)
    page.get_by_role("button", name="Clear lasso").click()
    expect(rows(page)).to_have_count(6)


def test_keys_go_from_point_to_point_and_enter_plays(page: Page) -> None:
    canvas = page.locator(".map canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".map .tip")).to_be_visible()
    title = page.locator(".map .tip strong").inner_text()
    assert title in titles(page)
    expect(page.locator(".map .status .open")).to_have_text(title)
    page.keyboard.press("Enter")
    expect(page.locator(".player .title").first).to_have_text(title)
    page.keyboard.press("Escape")
    expect(page.locator(".map .tip")).to_be_hidden()


def test_pointing_at_a_point_tells_what_it_is_and_a_click_plays_it(page: Page) -> None:
    page.locator(".map canvas").focus()
    page.keyboard.press("ArrowRight")
    ring = page.locator(".map .cursor")
    expect(ring).to_have_count(1)
    box = ring.bounding_box()
    assert box
    page.keyboard.press("Escape")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".map .tip")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".player .title").first).to_have_text(page.locator(".map .tip strong").inner_text())


def test_a_class_of_the_legend_is_seen_alone(page: Page) -> None:
    chip = page.locator(".map .legend button").first
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".map .legend [aria-pressed=true]")).to_have_count(1)


def test_the_map_by_sound_comes_by_itself(page: Page) -> None:
    page.get_by_label("Across").select_option("sound")
    expect(page).to_have_url(re.compile("x=sound"))
    expect(page.locator(".map .axis")).to_have_text("Near one another: alike in sound")
    expect(page.locator(".map[data-ready*=sound-x]")).to_have_count(1)


def test_a_row_plays_and_is_added_to_the_draft(page: Page) -> None:
    title = titles(page)[0]
    page.get_by_role("button", name=f"Play {title}").first.click()
    expect(page.locator(".player .title").first).to_have_text(title)
    page.get_by_role("button", name=f"Add {title} to the draft").first.click()
    expect(page.get_by_test_id("stToast")).to_contain_text("draft")


def test_nothing_is_lost_of_what_is_added_quickly_and_the_browser_remembers_it(page: Page, url: str) -> None:
    adds = page.locator(".tracks [aria-label$='to the draft']")
    wanted = [
        str(each)
        for each in page.locator(".tracks tr[data-id]").evaluate_all("all => all.map((row) => row.dataset.id)")
    ]
    adds.evaluate_all("all => all.forEach((each) => each.click())")
    remembered = "ids => Object.values(localStorage).some((each) => JSON.parse(each)?.ids === ids)"
    page.wait_for_function(remembered, arg=",".join(wanted), timeout=DEADLINE_MS)
    studios.arrive(page, f"{url}/build")  # another visit, to which the browser tells the draft
    expect(page.locator(".draft li[data-id]")).to_have_count(len(wanted))
    assert page.locator(".draft li[data-id]").evaluate_all("all => all.map((row) => row.dataset.id)") == wanted


def test_a_phone_shows_the_list_first(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport=studios.PHONE)
    studios.arrive(page, f"{url}/explore")
    expect(rows(page).first).to_be_visible()
    expect(page.locator(".map .stage")).to_be_hidden()
    expect(page.get_by_label("Tempo to")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("Tempo to")).to_be_visible()
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator(".map[data-ready]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= studios.PHONE["width"]
    page.close()


def test_without_webgl_the_map_is_drawn_on_a_plain_canvas(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.add_init_script(WITHOUT_WEBGL)
    open_at(page, f"{url}/explore")
    drawn = """async (canvas) => {
      const pixels = () => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      while (!pixels().some((part) => part > 0)) await new Promise(requestAnimationFrame);
      return canvas.getContext("webgl") === null;
    }"""
    assert page.locator(".map canvas").evaluate(drawn)
    page.close()


def test_a_long_list_has_pages(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("many")
    files = make_files(folder / "Music", {f"{number:03}.flac": number.to_bytes(64, "big") for number in range(130)})
    catalog = Catalog.create(folder / "catalog.db")
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        enter_folder(recorder, files)
    with studios.served(catalog.path) as served:
        page = browser.new_page()
        open_at(page, f"{served.url}/explore")
        expect(rows(page)).to_have_count(100)
        page.get_by_test_id("stPagination").get_by_text("2", exact=True).click()
        expect(page).to_have_url(re.compile("page=2"))
        expect(rows(page)).to_have_count(30)
        page.reload()
        expect(rows(page)).to_have_count(30)
        page.locator(".tracks th button", has_text="Title").click()
        expect(rows(page)).to_have_count(100)
        expect(page).not_to_have_url(re.compile("page="))
        page.close()


def test_hostile_texts_harm_nobody(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    with studios.served(hostile_catalog(tmp_path_factory.mktemp("hostile"))) as served:
        page = browser.new_page()
        open_at(page, f"{served.url}/explore?colour=genre")
        expect(rows(page)).to_have_count(len(TITLES))
        assert TITLES[0] in titles(page)
        for name in ("Genre", "Tags"):
            page.locator("summary", has_text=name).click()
        page.locator(".facets .chip", has_text="<img").first.click()
        expect(rows(page)).to_have_count(1)
        page.locator(".map canvas").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".map .tip strong")).to_have_text(TITLES[0])
        assert page.evaluate("window.harmed") is None
        page.close()
