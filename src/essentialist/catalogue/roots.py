"""Roots: the folders that were analysed. They never lie in one another, so that no file is known twice.

Every function works within the caller's transaction.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from essentialist.track import AudioFile


@dataclass(frozen=True, slots=True)
class Place:
    """Where a folder is in the catalogue: in which root, and its path within that root ("" for the root itself)."""

    root_id: int
    root: str
    within: str

    def path_in_root(self, path: str) -> str:
        """A path in the folder, told from the root."""
        return "/".join(part for part in (self.within, path) if part)

    def path_in_folder(self, path: str) -> str:
        """A path in the root, told from the folder."""
        return path[len(self.within) + 1 :] if self.within else path

    def in_root(self, file: AudioFile) -> AudioFile:
        """A file of the folder, told from the root."""
        if not self.within:
            return file
        return replace(file, root=self.root, path=self.path_in_root(file.path))


def place_of(db: sqlite3.Connection, folder: str) -> Place:
    """The place of a folder.

    A folder inside a known root is a part of it. A new root takes over those that lie inside it.
    """
    path = os.fsencode(folder)
    roots = {bytes(row["path"]): int(row["id"]) for row in db.execute("SELECT id, path FROM root")}
    for root, root_id in roots.items():
        if is_within(path, root):
            return Place(root_id, os.fsdecode(root), os.fsdecode(path_from(root, path)))
    db.execute("INSERT INTO root (path) VALUES (?)", (path,))
    place = Place(int(db.execute("SELECT last_insert_rowid()").fetchone()[0]), folder, "")
    for root, root_id in roots.items():
        if is_within(root, path):
            take_over(db, root_id, place.root_id, path_from(path, root))
    return place


def track_at(db: sqlite3.Connection, name: str) -> int | None:
    """The id of the track that a file holds, also when symbolic links lead to it; None where it is unknown."""
    if "\0" in name:
        return None
    for path in map(os.fsencode, dict.fromkeys((os.path.abspath(name), os.path.realpath(name)))):
        for root in db.execute("SELECT id, path FROM root").fetchall():
            if is_within(path, root["path"]):
                place = (root["id"], path_from(root["path"], path))
                row = db.execute("SELECT track_id FROM file WHERE root_id = ? AND path = ?", place).fetchone()
                if row:
                    return int(row["track_id"])
    return None


def take_over(db: sqlite3.Connection, old_id: int, new_id: int, within: bytes) -> None:
    """Tell all that is known under one root from a new one, within which it lies at this path."""

    def told_anew(rows: sqlite3.Cursor) -> list[tuple[int, bytes, int, bytes]]:
        paths = [row["path"] for row in rows]
        return [(new_id, b"/".join(part for part in (within, path) if part), old_id, path) for path in paths]

    files = told_anew(db.execute("SELECT path FROM file WHERE root_id = ?", (old_id,)))
    failures = told_anew(db.execute("SELECT path FROM failure WHERE root_id = ?", (old_id,)))
    db.executemany("UPDATE file SET root_id = ?, path = ? WHERE root_id = ? AND path = ?", files)
    db.executemany("UPDATE failure SET root_id = ?, path = ? WHERE root_id = ? AND path = ?", failures)
    db.execute("DELETE FROM root WHERE id = ?", (old_id,))


def is_within(path: bytes, folder: bytes) -> bool:
    """Whether a path is the folder or lies below it."""
    return path == folder or path.startswith(folder.rstrip(b"/") + b"/")


def root_of(path: str | bytes | os.PathLike[str], roots: Iterable[AnyStr]) -> AnyStr | None:
    """The first root that a path lies in, the links of both followed; None for a path outside of all."""
    real = os.fsencode(os.path.realpath(path))
    return next((root for root in roots if is_within(real, os.fsencode(os.path.realpath(root)))), None)


def path_from(folder: bytes, path: bytes) -> bytes:
    """A path within a folder, told from there."""
    return path[len(folder.rstrip(b"/")) + 1 :]
