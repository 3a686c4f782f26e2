"""Addresses: every page has one, the first too; elsewhere one is told where to go, and no address leads out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from playwright.sync_api import expect

import studios
from essentialist.web.pages import pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from studios import Served

FIRST = pages()[0]


@pytest.fixture(scope="module", params=["", "/music"], ids=["root", "base path"])
def studio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    catalog = tmp_path_factory.mktemp("addresses") / "catalog.db"
    with studios.served(catalog, "--read-only", base_path=request.param) as served:
        yield served


def links(answer: httpx2.Response) -> list[str]:
    """Where the links of a page lead."""
    return [urljoin(str(answer.url), part.partition('"')[0]) for part in answer.text.split('href="')[1:]]


def test_every_page_has_its_name_for_an_address(studio: Served) -> None:
    for page in pages()[1:]:
        answer = httpx2.get(f"{studio.url}/{page.name}?q=a%26b")
        assert answer.status_code == (404 if page.changes else 200)
        assert ('<div id="root">' in answer.text) != page.changes  # Streamlit's frame


@pytest.mark.parametrize(
    "query", ["", "?q=a%26b&q=c", "?next=//example.org", "?x=%0d%0aLocation:%20http://example.org"]
)
def test_the_name_of_the_first_page_leads_to_it_with_its_query(studio: Served, query: str) -> None:
    answer = httpx2.get(f"{studio.url}/{FIRST.name}{query}")
    assert answer.status_code == 307
    assert urljoin(str(answer.url), answer.headers["location"]) == f"{studio.url}/{query}"
    assert httpx2.head(f"{studio.url}/{FIRST.name}").headers["location"] == "./"


@pytest.mark.parametrize("path", ["nothing", "a/b/c", "Library", "library/x", "analysis", "<b>"])
def test_elsewhere_one_is_told_where_to_go(studio: Served, path: str) -> None:
    answer = httpx2.get(f"{studio.url}/{path}")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.text
    assert "<b>" not in answer.text
    assert links(answer)[:2] == [f"{studio.url}/", f"{studio.url}/explore"]
    assert {httpx2.get(each).status_code for each in links(answer)} == {200}


@pytest.mark.parametrize(
    "path", ["%2e%2e/library", "//example.org/library", "/\\example.org/library", "%2fexample.org/library"]
)
def test_no_address_leads_to_another_site(studio: Served, path: str) -> None:
    answer = httpx2.get(f"{studio.url}/{path}")
    assert answer.status_code in {400, 404}  # Streamlit itself refuses some
    assert "location" not in answer.headers
    assert {urlsplit(each).netloc for each in links(answer)} <= {f"127.0.0.1:{studio.port}"}


def test_outside_of_the_base_path_one_is_led_into_it(studio: Served) -> None:
    answer = httpx2.get(f"http://127.0.0.1:{studio.port}/music2", follow_redirects=False)
    assert answer.status_code == 404
    assert f"{studio.url}/" in links(answer)


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("_stcore/health", 200, "text/plain"),
        ("api/nothing", 404, "application/json"),
        ("api/connection.js", 200, "text/javascript"),
        ("favicon.png", 200, "image/png"),
    ],
)
def test_what_is_no_page_is_answered_as_before(studio: Served, path: str, status: int, kind: str) -> None:
    answer = httpx2.get(f"{studio.url}/{path}")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, kind)


@pytest.mark.parametrize("more", ["", "/", "%0a", "?families=session"])
def test_nobody_is_told_of_the_visits_of_others(studio: Served, more: str) -> None:
    assert httpx2.get(f"{studio.url}/_stcore/metrics{more}").status_code == 404


@studios.needs_chromium
def test_in_a_browser_the_first_pages_name_shows_it(tmp_path: Path) -> None:
    with studios.served(tmp_path / "catalog.db", base_path="/music") as served, studios.chromium() as browser:
        page = browser.new_page()
        studios.arrive(page, f"{served.url}/{FIRST.name}")
        expect(page.get_by_role("heading", name=FIRST.title, exact=True)).to_be_visible()
        expect(page.get_by_text("Page not found")).to_have_count(0)
        page.goto(f"{served.url}/nothing")
        page.get_by_role("link", name="Explore").click()
        expect(page.get_by_role("heading", name="Explore", exact=True)).to_be_visible()
