"""A published folder shows and plays a collection without its music, and says nothing private."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import tomllib
from playwright.sync_api import expect

import studios
from command_line import apart
from essentialist import Library
from essentialist.errors import ExportError, QueryError
from essentialist.web.published import options, publish

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection


@pytest.fixture
def library(collection: Collection, tmp_path: Path) -> Library:
    """A catalogue of its own, with clips, something that was played and something liked."""
    catalog = tmp_path / "mine" / "catalog.db"
    catalog.parent.mkdir()
    for path in collection.catalog.parent.glob("catalog.*"):
        if path.is_file():
            shutil.copy(path, catalog.parent)
    answer = apart("--catalog", str(catalog), "clips", "--seconds", "5")
    assert answer.code == 0, answer.err
    library = Library.open(catalog)
    library.judge(1, liked=True)
    return library


def test_a_published_folder_says_nothing_private(library: Library, collection: Collection, tmp_path: Path) -> None:
    published = publish(library, tmp_path / "site")
    assert (published.n_tracks, published.n_clips) == (collection.n_tracks, collection.n_tracks)
    whole = (tmp_path / "site" / "catalog.db").read_bytes()
    assert str(collection.music.parent).encode() not in whole
    assert b"damaged.flac" not in whole
    with closing(sqlite3.connect(tmp_path / "site" / "catalog.db")) as db:
        for table in ("taste", "listen", "run", "failure", "former"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
        assert db.execute("SELECT path FROM root").fetchall() == [(b"/music/1",)]
    assert Library.open(tmp_path / "site" / "catalog.db").similar(1)


def test_a_part_is_published_and_brought_up_to_date(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish(library, folder)
    published = publish(library, folder, 'artist:"The Metronomes"')
    assert (published.n_tracks, published.n_clips) == (3, 3)
    assert len(list(folder.rglob("*.opus"))) == 3
    assert len(Library.open(folder / "catalog.db").tracks()) == 3
    with pytest.raises(QueryError):
        publish(library, folder, "nosuchfield:1")


def test_another_folder_is_left_alone(library: Library, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportError, match="something else"):
        publish(library, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.txt"]


def test_visitors_of_a_published_folder_change_nothing(tmp_path: Path) -> None:
    shown = options(tmp_path)
    assert shown.read_only
    assert shown.is_public
    assert shown.previews == "clips"


def test_the_configuration_asks_nobody(library: Library, tmp_path: Path) -> None:
    publish(library, tmp_path / "site")
    configuration = tomllib.loads((tmp_path / "site" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert configuration["browser"]["gatherUsageStats"] is False
    assert configuration["theme"]["light"]["primaryColor"]


@studios.needs_chromium
def test_plain_streamlit_runs_it_and_a_clip_plays(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish(library, folder)
    port = studios.free_port()
    program = [sys.executable, "-m", "streamlit", "run", "studio.py", f"--server.port={port}"]
    quiet = ["--server.headless=true", "--server.address=127.0.0.1"]
    process = subprocess.Popen([*program, *quiet], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        studios.wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        with studios.chromium() as browser:
            page = browser.new_page()
            studios.arrive(page, f"http://127.0.0.1:{port}/")
            page.locator(".tracks tbody tr").first.get_by_role("button", name="Play ").click()
            page.wait_for_function("window.essentialist.playing() && window.essentialist.time() > 0.2")
            expect(page.get_by_text("preview").first).to_be_visible()
    finally:
        process.terminate()
        process.wait(studios.DEADLINE_S)
