"""What the catalogue knew of the files before a run: what a walk is compared with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as the catalogue knows it. `is_copy`: another file is the one that its track is played from."""

    id: int
    track_id: int
    size: int
    mtime_ns: int
    missing: bool
    is_copy: bool


def known_files(db: sqlite3.Connection, root_id: int, within: str) -> dict[str, KnownFile]:
    """What is known under a folder of a root, by path relative to the root."""
    rows = db.execute(
        "SELECT file.*, track.file_id != file.id AS is_copy FROM file JOIN track ON track.id = track_id"
        " WHERE root_id = ?",
        (root_id,),
    )
    files = {
        os.fsdecode(row["path"]): KnownFile(
            row["id"], row["track_id"], row["size"], row["mtime_ns"], bool(row["missing"]), bool(row["is_copy"])
        )
        for row in rows
    }
    return {path: known for path, known in files.items() if path_within(path, within)}


def known_failures(db: sqlite3.Connection, root_id: int, within: str) -> dict[str, tuple[int, int]]:
    """Size and mtime of what failed under a folder of a root, by path relative to the root."""
    rows = db.execute("SELECT path, size, mtime_ns FROM failure WHERE root_id = ?", (root_id,))
    failures = {os.fsdecode(row["path"]): (row["size"], row["mtime_ns"]) for row in rows}
    return {path: stamp for path, stamp in failures.items() if path_within(path, within)}


def sizes(db: sqlite3.Connection) -> frozenset[int]:
    """The sizes of all known files: a new file of another size cannot be a moved one."""
    return frozenset(row["size"] for row in db.execute("SELECT DISTINCT size FROM file"))


def computed(db: sqlite3.Connection) -> dict[int, dict[str, str]]:
    """Track id -> extractor -> provenance, for all tracks."""
    found: dict[int, dict[str, str]] = {}
    for track_id, extractor, provenance in db.execute("SELECT track_id, extractor, provenance FROM computed"):
        found.setdefault(track_id, {})[extractor] = provenance
    return found


def path_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it, both relative to a root, where "" is the root."""
    return not folder or path == folder or path.startswith(folder + "/")
