"""Pictures of the studio for the documentation: every page in the light, in the dark, and on a phone.

    python benchmarks/screens.py [FOLDER] [--only NAME ...] [--material FOLDER]

Library and Explore show 2,000 made-up tracks (see `synthetic.py`); the other pages the demo collection, rendered and
listened to once and kept in the folder of the material, with three of the presets as saved playlists. Nothing of what
is seen is anybody's. Each picture is a WebP in FOLDER, `docs/screens` unless named.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image
from playwright.sync_api import expect, sync_playwright
from studio import CHROMIUM, FLAGS, PATIENCE_S, made_up, served, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
QUALITY = 82  # of WebP; texts stay sharp
SAVED = ("focus", "party", "rainy-day")
Light = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of looking: the end of the file's name, the light, and the screen."""

    name: str
    light: Light
    width: int
    height: int
    scale: float = 1.0


KINDS = (
    Kind("light", "light", 1400, 960),
    Kind("dark", "dark", 1400, 960),
    Kind("phone", "dark", 390, 844, 1.5),
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A page, in which catalogue it is seen, and what is done before."""

    name: str
    address: str
    deed: Callable[[Page], None]
    is_made_up: bool = False
    kinds: tuple[Kind, ...] = KINDS


def nothing(page: Page) -> None:
    """Take the page as it is."""


def with_map(page: Page) -> None:
    """Wait for the map; a phone shows the list."""
    if page.viewport_size and page.viewport_size["width"] > 640:
        page.locator(".map[data-ready]").wait_for()


def with_draft(page: Page) -> None:
    """Have a draft made."""
    page.get_by_role("button", name="Generate").click()
    page.locator(".draft li[data-id]").first.wait_for()


def with_queue(page: Page) -> None:
    """Open the queue."""
    page.keyboard.press("q")
    page.locator(".player .queue").wait_for()


def with_export(page: Page) -> None:
    """Open the dialog that takes a playlist along."""
    page.get_by_role("button", name="Export").first.click()
    page.get_by_label("Paths").click()
    page.get_by_role("option", name="relative").click()
    page.locator("code", has_text="02 Below").wait_for()


SHOTS = (
    Shot("library", "", nothing, is_made_up=True),
    Shot("explore", "explore", with_map, is_made_up=True),
    Shot("build", "build", with_draft),
    Shot("track", "track?id=7", nothing),
    Shot("playlists", "playlists", nothing),
    Shot("analysis", "analysis", nothing),
    Shot("queue", "build", with_queue, kinds=KINDS[1:]),
    Shot("export", "playlists", with_export, kinds=KINDS[:1]),
)


def main() -> None:
    """Take what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "screens")
    parser.add_argument("--only", nargs="+", choices=[shot.name for shot in SHOTS], help="these alone")
    parser.add_argument("--material", type=Path, default=Path(tempfile.gettempdir()) / "essentialist-screens")
    options = parser.parse_args()
    shots = [shot for shot in SHOTS if not options.only or shot.name in options.only]
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ["ESSENTIALIST_RECIPES"] = str(options.material / "recipes")
    demo = demo_catalog(options.material)
    with ExitStack() as stack:
        urls = {True: stack.enter_context(served(made_up(options.material, 2_000)))[0]}
        urls[False] = stack.enter_context(served(demo))[0]
        for url in urls.values():
            wait_for(url)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for kind in KINDS:
            take(browser, kind, urls, [shot for shot in shots if kind in shot.kinds], options.folder)
        browser.close()


def demo_catalog(material: Path) -> Path:
    """The demo collection with a few playlists, made where it is not there yet."""
    folder, recipes = material / "demo", material / "recipes"
    if not (folder / "catalog.db").exists():
        run("demo", str(folder))
    recipes.mkdir(parents=True, exist_ok=True)
    for name in SAVED:
        shutil.copy(ROOT / "src" / "essentialist" / "presets" / f"{name}.toml", recipes)
    run("--catalog", str(folder / "catalog.db"), "refresh", *SAVED)
    return folder / "catalog.db"


def run(*arguments: str) -> None:
    """Run a command of essentialist."""
    subprocess.run([sys.executable, "-m", "essentialist", *arguments], check=True, stdout=subprocess.DEVNULL)


def take(browser: Browser, kind: Kind, urls: dict[bool, str], shots: list[Shot], folder: Path) -> None:
    """One visitor goes through the pages; in the demo collection a track was begun, and waits."""
    page = browser.new_page(
        viewport={"width": kind.width, "height": kind.height},
        color_scheme=kind.light,
        device_scale_factor=kind.scale,
        reduced_motion="reduce",
    )
    page.set_default_timeout(1000 * PATIENCE_S)
    expect.set_options(timeout=1000 * PATIENCE_S)
    if not all(shot.is_made_up for shot in shots):
        begin_playing(page, urls[False])
    for shot in shots:
        arrive(page, f"{urls[shot.is_made_up]}/{shot.address}")
        shot.deed(page)
        settle(page)
        page.mouse.move(0, 0)
        path = folder / f"{shot.name}-{kind.name}.webp"
        Image.open(io.BytesIO(page.screenshot())).save(path, quality=QUALITY, method=6)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} KB")
    page.close()


def begin_playing(page: Page, url: str) -> None:
    """Play the draft's tracks up to the ninth second of the first."""
    arrive(page, f"{url}/build")
    with_draft(page)
    page.get_by_role("button", name="Play the draft").click()
    page.wait_for_function("() => window.essentialist.time() > 9")
    page.get_by_role("button", name="Pause").click()


def arrive(page: Page, url: str) -> None:
    """Open a page and wait until it stands."""
    page.goto(url)
    page.locator(".player .bar").wait_for()
    settle(page)


def settle(page: Page) -> None:
    """Wait until the script has run, and nothing is still being fetched for a second."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    page.wait_for_timeout(1000)  # for outlines, covers and fonts


if __name__ == "__main__":
    main()
