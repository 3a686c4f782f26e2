"""Who cannot see or point: axe-core finds no fault with any page, panel or dialog, in either light or on a phone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import studios
from essentialist.catalogue.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, ViewportSize

    from conftest import Collection

pytest_plugins = ("browsing",)
pytestmark = studios.needs_chromium
TALL_PHONE: ViewportSize = {"width": studios.PHONE["width"], "height": 6000}  # nothing lies under the player
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    **studios.PAGES,
    "no track": "track?id=0",
    "nothing found": "explore?q=bpm%3A1..2",
    "what cannot be understood": "explore?q=nonsense%3A%3A",
}
LIGHTS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STREAMLITS = {
    "[data-testid=stFileUploaderDropzone]": "its role is presentation though it has a tabindex (minor)",
}
"""What lies wholly in Streamlit's own markup: where, and why it stays."""

RECIPE = 'title = "Slow ones"\nquery = "bpm:..125"\n\n[filter]\n'


@pytest.fixture(scope="module")
def url(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("accessible")
    catalog = Path(shutil.copy(collection.catalog, folder / "catalog.db"))
    (folder / "recipes").mkdir()
    (folder / "recipes" / "slow.toml").write_text(RECIPE, encoding="utf-8")
    with studios.served(catalog, environment={"ESSENTIALIST_RECIPES": str(folder / "recipes")}) as served:
        yield served.url


@pytest.fixture(scope="module")
def empty_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("empty")
    Catalog.create(folder / "catalog.db")
    with studios.served(folder / "catalog.db", environment={"ESSENTIALIST_RECIPES": str(folder / "recipes")}) as served:
        yield served.url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1400, "height": 900}, color_scheme="light", reduced_motion="reduce")
    page.set_default_timeout(1000 * studios.DEADLINE_S)
    yield page
    page.close()


def findings(page: Page) -> list[str]:
    """What axe-core finds fault with: rule, place and reason."""
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    context = {"exclude": [[selector] for selector in STREAMLITS]}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


def faults(page: Page, *, on_phone: bool = True) -> list[str]:
    """What is found in the light, in the dark, and on a phone."""
    found = []
    for light in LIGHTS:
        page.emulate_media(color_scheme=light)
        expect(page.locator("[data-testid=stApp]")).to_have_css("color-scheme", light)
        found += [f"{light}: {each}" for each in findings(page)]
    if on_phone:
        page.set_viewport_size(TALL_PHONE)
        found += [f"phone: {each}" for each in findings(page)]
    return found


def unfold(page: Page) -> None:
    """Open whatever is folded away."""
    for summary in page.locator("[data-testid=stMain] details:not([open]) > summary").element_handles():
        summary.click()
    expect(page.locator("[data-testid=stMain] details:not([open])")).to_have_count(0)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_fault_with_a_page(page: Page, url: str, name: str) -> None:
    studios.arrive(page, f"{url}/{PAGES[name]}")
    unfold(page)
    assert faults(page) == []


@pytest.mark.parametrize("name", ["Library", "Explore", "Build", "Playlists", "Analysis"])
def test_axe_finds_no_fault_with_an_empty_studio(page: Page, empty_url: str, name: str) -> None:
    studios.arrive(page, f"{empty_url}/{PAGES[name]}")
    assert faults(page) == []


def test_axe_finds_no_fault_with_what_opens_on_explore(page: Page, url: str) -> None:
    studios.arrive(page, f"{url}/explore")
    page.get_by_role("button", name="Presets").click()
    expect(page.get_by_role("button", name="Focus")).to_be_visible()
    assert faults(page, on_phone=False) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Play Two", exact=True).click()
    page.keyboard.press("q")
    expect(page.get_by_role("region", name="Queue")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("?")
    expect(page.get_by_role("region", name="Keys")).to_be_visible()
    assert faults(page) == []


def test_axe_finds_no_fault_with_a_draft(page: Page, url: str) -> None:
    studios.arrive(page, f"{url}/build")
    page.get_by_role("button", name="Generate").click()
    page.get_by_role("button", name=re.compile("^Swap")).first.click()
    expect(page.locator(".draft .offers")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Replace one of this name")).to_be_visible()
    assert faults(page) == []


def test_axe_finds_no_fault_with_a_dialog(page: Page, url: str) -> None:
    studios.arrive(page, f"{url}/playlists")
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("tab", name="With the audio files").click()
    expect(page.get_by_role("link", name="Download as a zip")).to_be_visible()
    assert faults(page) == []
