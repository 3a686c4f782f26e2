"""A folder that moved: the catalogue is told where its files are now, and nothing is listened to again.

A file is where it is expected when it has its name and its size there; its time may have changed on the way. The old
folder need not exist any more. All is written at once or not at all.
"""

from __future__ import annotations

import os
import stat
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from essentialist.catalogue.filing import remember_places, settle
from essentialist.catalogue.recorder import Recorder
from essentialist.catalogue.roots import is_within, path_from, place_of
from essentialist.errors import CollectionError, FolderMissing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from essentialist.catalogue.catalog import Catalog
    from essentialist.catalogue.roots import Place


@dataclass(frozen=True, slots=True)
class Relocation:
    """What became of the files of a folder that moved.

    `moved`: there in the same size. `known`: there, and known there already. `stayed`: not there, but where they were.
    `missing`: neither; they are kept as gone from the new place. `examples`: some of those, relative to the folder.
    """

    moved: int
    known: int
    stayed: int
    missing: int
    examples: tuple[str, ...] = ()

    def as_row(self) -> dict[str, object]:
        """For JSON."""
        return {**asdict(self), "examples": list(self.examples)}


N_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class _Move:
    """A known file: where it was, absolute, its path in the folder, and its status in the new one if it is there."""

    id: int
    track_id: int
    old: bytes
    within: bytes
    status: os.stat_result | None


def relocate(catalog: Catalog, old: Path, new: Path, *, split: bool = False, dry_run: bool = False) -> Relocation:
    """Tell the catalogue that what it knows under one folder is in another now.

    `split` allows a part of a root to become a root of its own; `dry_run` looks and writes nothing.

    Raises
    ------
    CollectionError
        Nothing is known under the old folder, none of it is in the new one, or a root would be torn apart.
    """
    before, after = os.path.abspath(old), os.path.abspath(new)
    if not os.path.isdir(after):
        raise FolderMissing(f"{after} is no folder that is here: give the one that holds the music now.")
    with Recorder(catalog) as recorder:
        _refuse_to_tear(recorder.roots(), before, after, split=split)
        moves = [_looked_for(row, before, after) for row in known_under(recorder.db, before)]
        if not moves:
            roots = ", ".join(recorder.roots()) or "none"
            raise CollectionError(f"No file is known under {before}. The folders that were analysed: {roots}.")
        if not any(move.status for move in moves):
            raise CollectionError(
                f"None of the {len(moves):,} files known under {before} is in {after}. Nothing changed."
            )
        staying = {move.id for move in moves if move.status is None and os.path.lexists(move.old)}
        going = [move for move in moves if move.id not in staying]
        with recorder.transaction() as db:
            known = _write(db, before, after, going)
            if dry_run:
                db.execute("ROLLBACK")
                db.execute("BEGIN")
    gone = [os.fsdecode(move.within) for move in going if not move.status]
    return Relocation(
        len(going) - len(gone) - len(known), len(known), len(staying), len(gone), tuple(gone[:N_EXAMPLES])
    )


def known_under(db: sqlite3.Connection, folder: str) -> Iterator[sqlite3.Row]:
    """The known files in a folder, whichever roots they are under; missing ones too."""
    path = os.fsencode(folder)
    for root in db.execute("SELECT id, path FROM root").fetchall():
        if is_within(root["path"], path) or is_within(path, root["path"]):
            for row in db.execute(
                "SELECT file.*, root.path AS root FROM file JOIN root ON root.id = root_id"
                " WHERE root_id = ? ORDER BY file.path",
                (root["id"],),
            ):
                if is_within(os.path.join(row["root"], row["path"]), path):
                    yield row


def _looked_for(row: sqlite3.Row, before: str, after: str) -> _Move:
    old = os.path.join(row["root"], row["path"])
    within = path_from(os.fsencode(before), old)
    try:
        status = os.stat(os.path.join(os.fsencode(after), within))
    except OSError:
        status = None
    is_there = status is not None and stat.S_ISREG(status.st_mode) and status.st_size == row["size"]
    return _Move(row["id"], row["track_id"], old, within, status if is_there else None)


def _refuse_to_tear(roots: list[str], before: str, after: str, *, split: bool) -> None:
    for root in roots:
        inside = before != root and is_within(os.fsencode(before), os.fsencode(root))
        if inside and not split and not is_within(os.fsencode(after), os.fsencode(root)):
            raise CollectionError(
                f"{before} is a part of {root}, and {after} lies outside: its files would leave that root. Say --split"
                " if that is meant."
            )


def _write(db: sqlite3.Connection, before: str, after: str, moves: list[_Move]) -> set[int]:
    """Tell all places anew; the files that are known in their new place already, which are struck out in the old."""
    place = place_of(db, after)
    ids = [(move.id,) for move in moves]
    remember_places(db, "file.id = ?", ids)
    db.executemany("UPDATE file SET path = CAST('/' || id AS BLOB) WHERE id = ?", ids)  # out of each other's way
    known: set[int] = set()
    for move in moves:
        path = os.fsencode(place.path_in_root(os.fsdecode(move.within)))
        if db.execute("SELECT 1 FROM file WHERE root_id = ? AND path = ?", (place.root_id, path)).fetchone():
            db.execute("DELETE FROM file WHERE id = ?", (move.id,))
            known.add(move.id)
        elif move.status:
            db.execute(
                "UPDATE file SET root_id = ?, path = ?, mtime_ns = ?, missing = 0 WHERE id = ?",
                (place.root_id, path, move.status.st_mtime_ns, move.id),
            )
        else:
            db.execute(
                "UPDATE file SET root_id = ?, path = ?, missing = 1 WHERE id = ?", (place.root_id, path, move.id)
            )
    _move_failures(db, os.fsencode(before), place)
    settle(db, {move.track_id for move in moves})
    db.execute(
        "DELETE FROM root WHERE id NOT IN (SELECT root_id FROM file) AND id NOT IN (SELECT root_id FROM failure)"
    )
    return known


def _move_failures(db: sqlite3.Connection, before: bytes, place: Place) -> None:
    """Failures go along; of a place where one is known already, that one stays."""
    rows = db.execute(
        "SELECT root_id, root.path AS root, failure.path FROM failure JOIN root ON root.id = root_id"
    ).fetchall()
    for row in rows:
        old = os.path.join(row["root"], row["path"])
        if is_within(old, before):
            path = os.fsencode(place.path_in_root(os.fsdecode(path_from(before, old))))
            db.execute(
                "UPDATE OR IGNORE failure SET root_id = ?, path = ? WHERE root_id = ? AND path = ?",
                (place.root_id, path, row["root_id"], row["path"]),
            )
            if (row["root_id"], row["path"]) != (place.root_id, path):
                db.execute("DELETE FROM failure WHERE root_id = ? AND path = ?", (row["root_id"], row["path"]))
