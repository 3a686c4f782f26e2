"""From a folder to clips in a served studio, as a visitor does it in Chromium: listen, see what failed, try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios
from essentialist.catalogue.catalog import Catalog
from essentialist.hearing.clips import Clips
from runs import make_music

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = studios.needs_chromium
DEADLINE_MS = 300_000  # a run loads what listens


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = make_music(tmp_path / "Music", 3)
    (folder / "damaged.flac").write_bytes(b"fLaC" + bytes(1000))
    return folder


@pytest.fixture
def page(tmp_path: Path, music: Path) -> Iterator[Page]:
    with studios.served(tmp_path / "catalog.db", "--music", str(music)) as served, studios.chromium() as browser:
        page = browser.new_page()
        studios.arrive(page, f"{served.url}/analysis")
        yield page


def test_a_folder_is_listened_to_what_failed_is_tried_again_and_clips_are_made(
    page: Page, tmp_path: Path, music: Path
) -> None:
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    expect(page.get_by_text("4 files were found and 3 listened to; 1 failed")).to_be_visible(timeout=DEADLINE_MS)
    expect(page.get_by_role("button", name="Start")).to_be_enabled()  # nobody loaded the page anew

    page.get_by_text("Files that could not be read or measured: 1").click()
    (music / "damaged.flac").write_bytes((music / "00.flac").read_bytes())
    page.get_by_role("button", name="Try them again").click()
    expect(page.get_by_text("Files that could not be read or measured: 0")).to_be_visible(timeout=DEADLINE_MS)

    expect(page.get_by_text("0 of 3 tracks have one")).to_be_visible()  # the mended file is another's copy
    page.get_by_role("button", name="Make clips").click()
    expect(page.get_by_text("3 of 3 tracks have one")).to_be_visible(timeout=DEADLINE_MS)
    expect(page.get_by_text("Making clips is done: 3 clips made")).to_be_visible()
    expect(page.get_by_role("button", name="Make clips")).to_be_disabled()
    assert len(Clips(tmp_path / "catalog.db").known()) == 3
    assert Catalog(tmp_path / "catalog.db").failures() == ()
