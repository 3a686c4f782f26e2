"""The studio stands: its pages run, its routes answer, and a browser shows it without asking anybody else."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios
from essentialist.web.pages import pages

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from conftest import Collection


@pytest.fixture
def client(collection: Collection) -> TestClient:
    return studios.client(collection.catalog)


def test_a_track_is_told_by_its_id_and_without_its_path(client: TestClient, collection: Collection) -> None:
    answer = client.get("/api/track/1")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert set(answer.json()) == {"id", "title", "artist", "album", "seconds", "bpm", "key"}
    assert str(collection.music) not in answer.text


@pytest.mark.parametrize("path", ["track/999", "track/-1", "track/x", "track/1%2f..%2f2", "nothing", "", "track/1e9"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/api/{path}").status_code == 404


@pytest.mark.parametrize("page", [page.name for page in pages()])
def test_a_page_runs(collection: Collection, page: str) -> None:
    shown = studios.page_of(collection.catalog, "" if page == pages()[0].name else page).run()
    assert not shown.exception
    assert [each.value for each in shown.title]


def test_the_studio_never_imports_what_listens(collection: Collection) -> None:
    code = (
        "import sys; from essentialist.web import serve, pages; pages.pages(); "
        "print([name for name in ('essentia', 'av', 'onnxruntime', 'pebble') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


@studios.needs_chromium
def test_a_browser_shows_it_and_asks_nobody_else(collection: Collection) -> None:
    asked, complaints = [], []
    with studios.served(collection.catalog) as served, studios.chromium() as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        studios.arrive(page, served.url)
        expect(page.get_by_role("heading", name="Library")).to_be_visible()
        expect(page.locator(".tracks tbody tr")).to_have_count(collection.n_tracks)
        expect(page.locator(".tracks th button")).to_have_count(0)  # what cannot be sorted does not look so
    outside = [url for url in asked if not url.startswith((served.url, "data:", "blob:"))]
    assert outside == []
    assert complaints == []
