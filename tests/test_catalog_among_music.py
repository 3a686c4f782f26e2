"""A catalogue that lies among the music: the walk must not open what SQLite has open."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from essentialist.catalogue.catalog import Catalog
from essentialist.files.collection import walk

if TYPE_CHECKING:
    from pathlib import Path

TRY_TO_WRITE = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_walk_past_the_catalogue_keeps_its_locks(tmp_path: Path, is_linked: bool) -> None:
    """Closing a file gives up all locks that a process has on it, whoever opened it."""
    folder = tmp_path / "music"
    folder.mkdir()
    catalog = Catalog.create((tmp_path if is_linked else folder) / "collection")
    with catalog.connected() as db:
        db.execute("BEGIN IMMEDIATE")
        for end in ("", "-wal", "-shm") if is_linked else ():
            os.symlink(f"{catalog.path}{end}", folder / f"link{end}.txt")
        assert list(walk(folder)) == []
        answer = subprocess.run(
            [sys.executable, "-c", TRY_TO_WRITE, catalog.path], capture_output=True, text=True, check=True
        )
        assert answer.stdout == "database is locked\n"
