"""From a click to sound in the studio's player: from the press of ▶ in a table to the browser's `playing`.

    python benchmarks/studio_player.py CATALOG [--page explore] [--clicks 20]

The catalogue is one whose files are there; it is copied, since its history learns what is heard. Chromium has no flag
for autoplay. Time runs in the browser, from the event of the click on, over tracks that it has not heard before; what
has to be converted first is told by its greatest times.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from studio import CHROMIUM, FLAGS, served, wait_for

LISTEN = """() => {
  window.times = [];
  document.addEventListener("click", () => { window.pressed = performance.now(); window.waits = true; }, true);
  for (const audio of [essentialist.sound.current, essentialist.sound.other]) audio.addEventListener("playing", () => {
    if (window.waits) window.times.push(performance.now() - window.pressed);
    window.waits = false;
  });
}"""


def measure(url: str, page_name: str, clicks: int) -> list[float]:
    """Times from click to `playing`, ms."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1400, "height": 1300})
        page.goto(f"{url}/{page_name}")
        buttons = page.locator(".tracks tbody tr").get_by_role("button", name="Play ")
        buttons.first.wait_for()
        page.wait_for_function("() => window.essentialist?.furnished")
        page.evaluate(LISTEN)
        for place in range(0, min(clicks * 2, buttons.count()), 2):  # the one after each is loaded ahead
            known = page.evaluate("times.length")
            buttons.nth(place).click()
            page.wait_for_function("(known) => times.length > known", arg=known)
        found: list[float] = page.evaluate("times")
        browser.close()
    return found


def main() -> None:
    """Print median and extremes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", type=Path)
    parser.add_argument("--page", default="explore")
    parser.add_argument("--clicks", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        catalog = Path(shutil.copy(options.catalog, Path(folder) / "catalog.db"))
        with served(catalog) as (url, _):
            wait_for(url)
            times = sorted(measure(url, options.page, options.clicks))
    print(f"{len(times)} clicks: median {statistics.median(times):.0f} ms, {times[0]:.0f} to {times[-1]:.0f} ms")


if __name__ == "__main__":
    main()
