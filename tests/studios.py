"""Studios for tests: served by the command in a process of its own, asked in this process, or seen by Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest
from playwright.sync_api import ViewportSize, expect, sync_playwright
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from essentialist.settings import Settings
from essentialist.web import serve, studio
from essentialist.web.options import Options
from essentialist.web.routes import routes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
QUIET = (  # it runs as root, draws by software, and asks nobody outside
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
)
DEADLINE_S = 60.0
expect.set_options(timeout=DEADLINE_S * 1000)  # a loaded machine is slow, and not wrong
OURS = "http://localhost"
PHONE: ViewportSize = {"width": 390, "height": 844}
PAGES = {
    "Library": "",
    "Explore": "explore",
    "Build": "build",
    "Playlists": "playlists",
    "Analysis": "analysis",
    "Track": "track?id=1",
}
"""Addresses of pages over the collection, below the studio's."""


@dataclass(frozen=True, slots=True)
class Served:
    """A studio in a process of its own."""

    url: str
    port: int
    process: subprocess.Popen[bytes]


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def served(
    catalog: Path,
    *options: str,
    base_path: str = "",
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """Serve a catalogue by `essentialist web` until the block ends, at a free port unless one is given.

    `environment` is added to this process's.
    """
    port = port or free_port()
    program = [sys.executable, "-m", "essentialist", "--catalog", str(catalog), "web", "--port", str(port)]
    with_base = ["--base-path", base_path] if base_path else []
    process = subprocess.Popen(
        [*program, *with_base, *options],
        env=os.environ | (environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}{base_path}"
    try:
        wait_for(f"{url}/_stcore/health", process)
        yield Served(url, port, process)
    finally:
        process.terminate()
        process.wait(DEADLINE_S)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers at this address."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=DEADLINE_S):
                return
        except URLError:
            time.sleep(0.05)
    pytest.fail(f"the studio did not start: {process.poll()}")


def options(catalog: Path, **others: Any) -> Options:
    """The options of a studio over this catalogue."""
    settings = Settings(
        catalog=catalog, workers=1, recipes=catalog.with_name("recipes"), cache=catalog.with_name("cache")
    )
    return Options(settings, **others)


def client(catalog: Path, **others: Any) -> TestClient:
    """Who asks the routes of a studio in this process."""
    here = options(catalog, **others)
    return TestClient(Starlette(routes=routes(studio.open_studio(here)), middleware=serve.middleware(here)), OURS)


def page_of(catalog: Path, page: str = "", *, query: Mapping[str, str] | None = None, **others: Any) -> AppTest:
    """A page of the studio in this process, the first unless named, not yet run; `query` is in its address."""
    studio.open_studio(options(catalog, **others))
    shown = AppTest.from_file(str(serve.SCRIPT), default_timeout=DEADLINE_S)
    if page:
        shown._page_hash = calc_hash(page)  # `switch_page` knows pages that are files only
    for name, value in (query or {}).items():
        shown.query_params[name] = value
    return shown


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def arrive(page: Page, url: str) -> None:
    """Open an address of a studio and wait until the page stands."""
    page.goto(url)
    expect(page.locator(".player")).to_be_visible(timeout=DEADLINE_S * 1000)
    settled(page)


def settled(page: Page) -> None:
    """Wait until the script has run."""
    app = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    expect(app).to_be_visible(timeout=DEADLINE_S * 1000)


@contextmanager
def runs_again(page: Page) -> Iterator[None]:
    """Wait until what is done in the block has made the script run, and the page shows what came of it.

    The server says when a run has ended; in the page a short run may leave no trace where the browser is busy.
    """
    ended: list[bool] = []

    def received(frame: dict[str, Any]) -> None:
        message = ForwardMsg.FromString(b64decode(frame["response"]["payloadData"]))
        if message.HasField("script_finished") and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            ended.append(True)

    watch = page.context.new_cdp_session(page)
    watch.on("Network.webSocketFrameReceived", received)
    watch.send("Network.enable")
    yield
    until = time.monotonic() + DEADLINE_S
    while not ended:
        assert time.monotonic() < until, "nothing ran"
        page.wait_for_timeout(50)
    watch.detach()
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    settled(page)
