"""The studio in a browser: how long one waits, what goes over the wire, what the server takes.

    python benchmarks/studio.py [--tracks 2000 20000 100000] [--catalogs FOLDER] [--repeat 5]

For each size a made-up catalogue (see `synthetic.py`; kept in the folder for the next time) is served by `essentialist
web` in a process of its own and seen by Chromium, drawn by software. Times are from what a person does to what the
person sees: the first useful page (the server's start included), once without the columns that a studio keeps beside
the catalogue and then, the median of some starts, with them; a move of a slider to the new table and the new map, a
lasso to its table. Bytes are those of the WebSocket to the browser. Three visitors stay while memory is read. Before
them, to compare: how long Streamlit alone takes from its start to a page of one heading.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError

from playwright.sync_api import sync_playwright
from synthetic import write

from essentialist.catalogue.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-quic", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
PLAIN = (
    *("--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none"),
    *("--browser.gatherUsageStats", "false"),
)
PATIENCE_S = 120.0
COUNT = ".st-key-explore-deeds"


@dataclass
class Measured:
    """One size. Times in s, bytes of a change of the filter, memory of the server in MB."""

    n_tracks: int
    never_opened: float = 0.0
    first_pages: list[float] = field(default_factory=list)
    map_too: float = 0.0
    filters: list[float] = field(default_factory=list)
    filter_maps: list[float] = field(default_factory=list)
    n_bytes: list[int] = field(default_factory=list)
    lassos: list[float] = field(default_factory=list)
    memory: float = 0.0


def served(catalog: Path) -> AbstractContextManager[tuple[str, int]]:
    """The address of a studio, and its process; it may still be starting."""
    return running(["essentialist", "--catalog", str(catalog), "web", "--port"])


@contextmanager
def running(program: list[str]) -> Iterator[tuple[str, int]]:
    """The address at which a module serves, and its process; the program lacks the port only."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", *program, str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def wait_for(url: str) -> None:
    """Return when the server answers."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=PATIENCE_S):
                return
        except URLError:
            time.sleep(0.02)
    raise TimeoutError(url)


def visit(browser: Browser) -> tuple[Page, list[int]]:
    """A new visitor, and the sizes of what the server sends."""
    page = browser.new_page(viewport={"width": 1400, "height": 1300})
    page.set_default_timeout(1000 * PATIENCE_S)
    sizes: list[int] = []
    page.on("websocket", lambda channel: channel.on("framereceived", lambda frame: sizes.append(len(frame))))
    return page, sizes


def found(page: Page) -> str:
    """How many tracks the page says it has found."""
    return page.locator(COUNT).inner_text().split("\n")[0]


def until_found_changes(page: Page, before: str) -> None:
    """Return when the page says that it has found others, and its table stands."""
    page.wait_for_function(
        "([place, before]) => { const found = document.querySelector(place);"
        " return found && !found.innerText.startsWith(before + '\\n'); }",
        arg=[COUNT, before],
    )
    page.locator(".tracks tbody tr").first.wait_for()


def change_filter(page: Page, sizes: list[int], measured: Measured) -> None:
    """Move the lower end of the tempo by one; the map is new when it says how many tracks it shows."""
    before, label = found(page), page.locator(".map canvas").get_attribute("aria-label")
    thumb = page.get_by_label("Tempo from")
    thumb.focus()
    sizes.clear()
    start = time.perf_counter()
    thumb.press("ArrowRight")
    until_found_changes(page, before)
    measured.filters.append(time.perf_counter() - start)
    page.locator(f".map canvas:not([aria-label='{label}'])").wait_for()
    measured.filter_maps.append(time.perf_counter() - start)
    page.wait_for_timeout(1000)  # for what may still come
    measured.n_bytes.append(sum(sizes))


def draw_lasso(page: Page, measured: Measured) -> None:
    """Encircle the middle of the map, then let go of it."""
    box = page.locator(".map canvas").bounding_box()
    if box is None:
        raise RuntimeError("the map is not there")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = found(page)
    page.mouse.move(x - 120, y - 90)
    page.mouse.down()
    for right, down in ((120, -90), (120, 90), (-120, 90)):
        page.mouse.move(x + right, y + down, steps=8)
    start = time.perf_counter()
    page.mouse.up()
    until_found_changes(page, before)
    measured.lassos.append(time.perf_counter() - start)
    before = found(page)
    page.get_by_role("button", name="Clear lasso").click()
    until_found_changes(page, before)


def streamlit_alone(browser: Browser, folder: Path) -> float:
    """How long Streamlit takes from the start of its process to a page of one heading."""
    script = folder / "heading.py"
    script.write_text("import streamlit as st\n\nst.title('Hello')\n", encoding="utf-8")
    page, _ = visit(browser)
    start = time.perf_counter()
    with running(["streamlit", "run", str(script), *PLAIN, "--server.port"]) as (url, _):
        wait_for(url)
        page.goto(url, wait_until="commit")
        page.get_by_role("heading", name="Hello").wait_for()
        taken = time.perf_counter() - start
        page.close()
    return taken


def first_page(browser: Browser, catalog: Path) -> float:
    """How long the first page takes from the start of the process on."""
    page, _ = visit(browser)
    start = time.perf_counter()
    with served(catalog) as (url, _):
        arrive(page, url)
        taken = time.perf_counter() - start
        page.close()
    return taken


def arrive(page: Page, url: str) -> None:
    """Open the page as soon as the server answers, and return when its table stands."""
    wait_for(url)
    page.goto(f"{url}/explore", wait_until="commit")
    page.locator(".tracks tbody tr").first.wait_for()


def measure(browser: Browser, catalog: Path, n_tracks: int, repeat: int) -> Measured:
    """Go through everything with one visitor, then bring two more."""
    measured = Measured(n_tracks)
    catalog.with_suffix(".columns.npz").unlink(missing_ok=True)
    measured.never_opened = first_page(browser, catalog)
    measured.first_pages = [first_page(browser, catalog) for _ in range(repeat)]
    page, sizes = visit(browser)
    start = time.perf_counter()
    with served(catalog) as (url, process):
        arrive(page, url)
        page.locator(".map[data-ready]").wait_for()
        measured.map_too = time.perf_counter() - start
        for _ in range(repeat):
            change_filter(page, sizes, measured)
        page.get_by_role("button", name="Encircle").click()
        for _ in range(repeat):
            draw_lasso(page, measured)
        others = [visit(browser) for _ in range(2)]
        for other, received in others:
            other.goto(f"{url}/explore")
            other.locator(".map[data-ready]").wait_for()
            change_filter(other, received, Measured(n_tracks))
        measured.memory = memory_of(process)
        for each in (page, *(other for other, _ in others)):
            each.close()
    return measured


def memory_of(process: int) -> float:
    """The resident memory of a process, MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def made_up(folder: Path, n_tracks: int) -> Path:
    """The catalogue of this size, made where it is not there yet."""
    path = folder / f"synthetic-{n_tracks}.db"
    if not path.exists():
        write(Catalog.create(path), n_tracks, Path("/music"))
    return path


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, nargs="+", default=[2_000, 20_000, 100_000])
    parser.add_argument("--catalogs", type=Path, default=Path(tempfile.gettempdir()) / "essentialist-benchmark")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    options.catalogs.mkdir(parents=True, exist_ok=True)
    catalogs = {n: made_up(options.catalogs, n) for n in options.tracks}
    heads = (
        "tracks",
        "never opened",
        "first page s",
        "with map s",
        "filter s",
        "with map s",
        "KB a change",
        "lasso s",
        "server MB",
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        alone = [streamlit_alone(browser, options.catalogs) for _ in range(options.repeat)]
        print(f"Streamlit alone, a page of one heading: {statistics.median(alone):.2f} s")
        print(" | ".join(f"{head:>12}" for head in heads))
        for n_tracks, catalog in catalogs.items():
            got = measure(browser, catalog, n_tracks, options.repeat)
            cells = (
                f"{got.n_tracks:,}",
                f"{got.never_opened:.2f}",
                f"{statistics.median(got.first_pages):.2f}",
                f"{got.map_too:.2f}",
                f"{statistics.median(got.filters):.2f}",
                f"{statistics.median(got.filter_maps):.2f}",
                f"{statistics.median(got.n_bytes) / 1000:.0f}",
                f"{statistics.median(got.lassos):.2f}",
                f"{got.memory:,.0f}",
            )
            print(" | ".join(f"{cell:>12}" for cell in cells), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
