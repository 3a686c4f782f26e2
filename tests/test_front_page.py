"""Streamlit's page and its files, as a browser is given them."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from essentialist.web.assets import Assets
from essentialist.web.front_page import FrontPage
from essentialist.web.preloading import PARTS, preloads, scripts_of
from essentialist.web.serve import STATIC

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

BASE = "/music"
SCRIPT = next((STATIC / "static" / "js").glob("index.*.js")).name


async def behind(request: Request) -> PlainTextResponse:
    """What stands behind: it tells that it was asked."""
    return PlainTextResponse(f"behind {request.url.path}")


def asking(*middleware: Middleware, client: str = "127.0.0.1", base: str = "") -> TestClient:
    """Who asks Streamlit's own files through these."""
    static = Mount(base or "/", create_streamlit_static_handler(str(STATIC), base))
    app = Starlette(routes=[Route(f"{base}/static/js/behind.js", behind), static], middleware=list(middleware))
    return TestClient(app, client=(client, 50000))


def assets(client: str = "127.0.0.1", base: str = "", static: Path = STATIC) -> TestClient:
    """Who asks for files, from this address."""
    return asking(Middleware(Assets, static=static, base_path=base), client=client, base=base)


@pytest.mark.parametrize("base", ["", BASE])
def test_a_script_is_answered_whole_and_kept_by_the_browser(base: str) -> None:
    answer = assets(base=base).get(f"{base}/static/js/{SCRIPT}")
    assert answer.content == (STATIC / "static" / "js" / SCRIPT).read_bytes()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers  # on one machine packing takes longer than it spares


def test_it_is_the_answer_that_streamlit_gives() -> None:
    ours, theirs = (each.get(f"/static/js/{SCRIPT}") for each in (assets(), asking()))
    assert ours.content == theirs.content
    assert ours.headers["content-type"].partition(";")[0] == theirs.headers["content-type"].partition(";")[0]
    assert "immutable" in theirs.headers["cache-control"]


def test_it_goes_to_other_machines_packed() -> None:
    asked = assets("192.0.2.7")
    with asked.stream("GET", f"/static/js/{SCRIPT}", headers={"accept-encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
    content = (STATIC / "static" / "js" / SCRIPT).read_bytes()
    assert gzip.decompress(packed) == content
    assert len(packed) < len(content) / 2
    plain = asked.get(f"/static/js/{SCRIPT}", headers={"accept-encoding": "identity"})
    assert plain.content == content


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/../../index.html",
        "/static/js/%2e%2e/%2e%2e/index.html",
        "/static/js/..%2f..%2f..%2f__init__.js",
        "/static/js/.js",
        "/static/js/a/b.js",
        "/static/media/nothing.js",
        "/other/static/js/" + SCRIPT,
    ],
)
def test_what_is_no_file_of_streamlit_goes_on(path: str, tmp_path: Path) -> None:
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "secret.js").write_text("secret")
    answer = assets(static=tmp_path).get(path)
    assert "secret" not in answer.text
    assert "immutable" not in answer.headers.get("cache-control", "") or answer.status_code != 200
    assert assets(static=tmp_path).get("/static/js/behind.js").text == "behind /static/js/behind.js"
    assert assets(static=tmp_path).post("/static/js/behind.js").status_code == 405


@pytest.mark.parametrize("path", ["/", "/explore", "/track?id=1"])
def test_the_page_has_what_we_add(path: str) -> None:
    asked = asking(Middleware(FrontPage, static=STATIC))
    page = asked.get(path, headers={"accept": "text/html,*/*", "accept-encoding": "gzip"})
    assert page.status_code == 200
    assert page.text.count('src="./api/connection.js"') == 1
    assert page.text.count("BACKEND_BASE_URL") == 1
    assert int(page.headers["content-length"]) == len(page.content)
    links = re.findall(r'href="\./(static/js/[^"]+)"', page.text)
    assert len(set(links)) == len(links)
    for link in links:
        assert asked.get(f"/{link}").headers["content-type"].startswith("text/javascript")


def test_what_every_page_needs_is_found_among_streamlits_files() -> None:
    names = scripts_of(STATIC)
    for part in PARTS:
        assert [name for name in names if name.startswith(f"{part}.")]
    for name in names:
        content = (STATIC / "static" / "js" / name).read_text(encoding="utf-8")
        for imported in re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', content):
            assert imported in names or imported in (STATIC / "index.html").read_text(encoding="utf-8")


def test_other_files_are_no_trouble(tmp_path: Path) -> None:
    assert preloads(tmp_path / "nothing") == ""
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "index.html").write_text("<html><head></head></html>")
    assert preloads(tmp_path) == ""
    (tmp_path / "static" / "js" / "Button.x1.js").write_text('import"./gone.js";import{a}from"./more.js"')
    (tmp_path / "static" / "js" / "more.js").write_text('import{b}from"./Button.x1.js"')
    assert scripts_of(tmp_path) == []  # one that is not there: they are not as they were thought to be
    (tmp_path / "static" / "js" / "gone.js").touch()
    assert scripts_of(tmp_path) == ["Button.x1.js", "gone.js", "more.js"]
