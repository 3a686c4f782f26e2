"""A studio's player as tests see it: through what the engine says, never through ears, and never after a fixed time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.catalogue.relocating import relocate
from essentialist.library import Library

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from playwright.sync_api import Page

    from conftest import Collection


@dataclass(frozen=True, slots=True)
class Music:
    """A collection of one's own, to play and to damage: six tracks of 8 s."""

    folder: Path
    catalog: Path


def copied(collection: Collection, folder: Path) -> Music:
    """A copy of the collection, with its files."""
    shutil.copytree(collection.music, folder / "Music")
    shutil.copy(collection.catalog, folder / "catalog.db")
    relocate(Library.open(folder / "catalog.db").catalog, collection.music, folder / "Music")
    return Music(folder / "Music", folder / "catalog.db")


def ask(page: Page, what: str) -> Any:
    """What the engine says; the expression knows it as `engine`."""
    return page.evaluate(f"() => {{ const engine = window.essentialist; return {what}; }}")


def wait_until(page: Page, condition: str) -> None:
    """Wait until the engine says so."""
    page.wait_for_function(f"() => {{ const engine = window.essentialist; return {condition}; }}")


def goes_on(page: Page) -> None:
    """Wait until more of the same track, or of one after it, has sounded."""
    page.evaluate("() => { window.before = [essentialist.place, essentialist.time()]; }")
    sounded = "(engine.place === before[0] ? engine.time() > before[1] + 0.3 : engine.time() > 0.2)"
    wait_until(page, f"engine.playing() && {sounded}")


def press_play(page: Page, place: int = 0) -> None:
    """Press ▶ in a row of the table, and wait for the sound."""
    page.locator(".tracks tbody tr").nth(place).get_by_role("button", name="Play ").click()
    wait_until(page, f"engine.place === {place} && engine.playing() && engine.time() > 0.2")


def titles(page: Page) -> list[str]:
    """The titles in the queue."""
    return list(ask(page, "engine.songs.map((song) => song.title)"))
