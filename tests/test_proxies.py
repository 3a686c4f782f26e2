"""Behind nginx and Caddy, at a root and below a path, the studio works; where a proxy lacks something, it is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import proxies
import studios
from command_line import apart
from essentialist.errors import SettingsError
from essentialist.web.reaching import Address, reach

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from conftest import Collection
    from studios import Served

pytest_plugins = ("browsing",)
PROXIES = {"nginx": (proxies.nginx, proxies.nginx_conf), "caddy": (proxies.caddy, proxies.caddyfile)}


@pytest.fixture(scope="module")
def root(collection: Collection) -> Iterator[Served]:
    with studios.served(collection.catalog) as served:
        yield served


@pytest.fixture(scope="module")
def below(collection: Collection) -> Iterator[Served]:
    with studios.served(collection.catalog, base_path="/music") as served:
        yield served


def verdicts(url: str) -> dict[str, str]:
    return {finding.subject: finding.verdict for finding in reach(url)}


@studios.needs_chromium
@pytest.mark.parametrize("proxy", PROXIES)
def test_the_shipped_configuration_works(
    proxy: str, root: Served, below: Served, browser: Browser, tmp_path: Path
) -> None:
    running, configuration = PROXIES[proxy]
    port = studios.free_port()
    with running(proxies.retargeted(configuration(), port, root.port, below.port), port, tmp_path):
        for url in (f"http://localhost:{port}/", f"http://127.0.0.1:{port}/music/"):
            assert verdicts(url) == {
                "page": "good",
                "host": "good",
                "WebSocket": "good",
                "TLS": "warning",
            }
            page = browser.new_page()
            studios.arrive(page, url)
            expect(page.get_by_role("heading", name="Library")).to_be_visible()
            assert page.evaluate("window.essentialist.url('track/1')").startswith(url)
            assert page.request.get(f"{url}api/track/1").json()["id"] == 1
            page.close()


@studios.needs_chromium
def test_a_path_that_the_proxy_strips_works_too(root: Served, browser: Browser, tmp_path: Path) -> None:
    port = studios.free_port()
    stripping = f"handle_path /deep/* {{\n reverse_proxy 127.0.0.1:{root.port}\n }}"
    caddyfile = f"http://localhost:{port} {{\n bind 127.0.0.1\n {stripping}\n}}\n"
    with proxies.caddy(caddyfile, port, tmp_path):
        page = browser.new_page()
        studios.arrive(page, f"http://localhost:{port}/deep/")
        expect(page.get_by_role("heading", name="Library")).to_be_visible()
        assert page.evaluate("window.essentialist.url('track/1')").endswith("/deep/api/track/1")
        page.close()


@studios.needs_chromium
@pytest.mark.parametrize(
    ("lacking", "said", "bad"),
    [
        (r"proxy_set_header (Upgrade|Connection) .*;", "does not pass on WebSockets", {"WebSocket"}),
        (r"proxy_set_header Host .*;", "It asks for 127.0.0.1", {"host"}),
    ],
    ids=["no WebSocket", "no Host"],
)
def test_what_a_proxy_lacks_is_said(
    lacking: str, said: str, bad: set[str], root: Served, browser: Browser, tmp_path: Path
) -> None:
    port = studios.free_port()
    configuration = re.sub(lacking, "", proxies.retargeted(proxies.nginx_conf(), port, root.port, root.port))
    url = f"http://localhost:{port}/"
    with proxies.nginx(configuration, port, tmp_path):
        found = verdicts(url)
        assert {subject for subject, verdict in found.items() if verdict == "bad"} == bad
        page = browser.new_page()
        page.goto(url)
        expect(page.get_by_role("alert")).to_contain_text(said, timeout=studios.DEADLINE_S * 1000)
        page.close()


def test_the_doctor_says_what_answers_nothing_or_something_else(root: Served) -> None:
    nothing = apart("doctor", "--url", f"http://127.0.0.1:{studios.free_port()}/")
    assert nothing.code == 1
    assert "nothing answers" in nothing.out
    assert verdicts(f"{root.url}/elsewhere/") == {"address": "bad"}


@pytest.mark.parametrize("url", ["", "ftp://music.example", "http://", "http:///x"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="is no address"):
        Address.parse(url)
