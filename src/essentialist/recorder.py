"""The one writer of a catalogue during an analysis: one transaction a track, so that nothing finished is ever lost."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from essentialist.database import measured_columns
from essentialist.filing import Filing, file_track, settle, write_values
from essentialist.schema import listing_view

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from essentialist.analysis import Heard
    from essentialist.catalog import Catalog
    from essentialist.descriptors import Descriptor, Extractor
    from essentialist.track import AudioFile


class Recorder:
    """Writes to a catalogue over one connection; use it as the context of a run."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._context = catalog.connected()

    def __enter__(self) -> Recorder:
        self.db = self._context.__enter__()
        self.db.execute("PRAGMA synchronous = NORMAL")  # safe at any crash of the program; WAL cannot be corrupted
        return self

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(*error)  # type: ignore[arg-type]

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is written inside."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def learn(self, extractors: Iterable[Extractor]) -> None:
        """Write down what the extractors measure, with a column for each new number or label."""
        with self.transaction() as db:
            columns = set(measured_columns(db))
            learned = [(extractor.name, descriptor) for extractor in extractors for descriptor in extractor.outputs]
            for position, (extractor_name, descriptor) in enumerate(learned):
                db.execute(
                    "INSERT OR REPLACE INTO descriptor VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    described(descriptor, extractor_name, position),
                )
                if descriptor.kind != "distribution" and descriptor.name not in columns:
                    affinity = "REAL" if descriptor.kind == "number" else "TEXT"
                    db.execute(f'ALTER TABLE measurement ADD COLUMN "{descriptor.name}" {affinity}')
            for statement in listing_view(tuple(measured_columns(db))).split(";"):
                db.execute(statement)

    def root(self, path: str) -> tuple[int, str, str]:
        """The root that a folder belongs to: its id, its path, and the folder's path within it ("" for the root).

        A folder inside a known root is a part of it. A folder around known roots takes them over, so that no file is
        known twice.
        """
        folder = os.fsencode(path)
        with self.transaction() as db:
            roots = {bytes(row["path"]): int(row["id"]) for row in db.execute("SELECT id, path FROM root")}
            for known, root_id in roots.items():
                if is_within(folder, known):
                    return root_id, os.fsdecode(known), os.fsdecode(folder[len(known.rstrip(b"/")) + 1 :])
            db.execute("INSERT INTO root (path) VALUES (?)", (folder,))
            new_id = int(db.execute("SELECT last_insert_rowid()").fetchone()[0])
            for known, root_id in roots.items():
                if is_within(known, folder):
                    move_root(db, root_id, new_id, known[len(folder.rstrip(b"/")) + 1 :])
            return new_id, path, ""

    def enter(self, root_id: int, file: AudioFile, heard: Heard) -> Filing:
        """Enter a file and what was heard of it, in one transaction."""
        with self.transaction() as db:
            filing = file_track(db, root_id, file, heard)
            if heard.analysis:
                write_values(db, filing.track_id, heard.analysis)
            return filing

    def fail(self, root_id: int, file: AudioFile, stage: str, reason: str) -> None:
        """Enter a file that could not be read; what was known under its name stays, marked as missing."""
        path = os.fsencode(file.path)
        with self.transaction() as db:
            db.execute(
                "INSERT INTO failure VALUES (?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (root_id, path) DO UPDATE SET"
                " stage = excluded.stage, reason = excluded.reason, size = excluded.size, mtime_ns = excluded.mtime_ns,"
                " attempts = attempts + 1, at = excluded.at",
                (root_id, path, stage, reason, file.size, file.mtime_ns, time.time()),
            )
            row = db.execute("SELECT id FROM file WHERE root_id = ? AND path = ?", (root_id, path)).fetchone()
        if row:
            self.set_missing([row["id"]], missing=True)

    def set_missing(self, file_ids: Iterable[int], *, missing: bool) -> None:
        """Mark files as gone from where they were, or as back. What was measured is kept either way."""
        with self.transaction() as db:
            for file_id in file_ids:
                db.execute("UPDATE file SET missing = ? WHERE id = ?", (missing, file_id))
                settle(db, db.execute("SELECT track_id FROM file WHERE id = ?", (file_id,)).fetchone()["track_id"])

    def forget_failures(self, root_id: int, paths: Iterable[str]) -> None:
        """Strike out failures of files that are no longer there."""
        with self.transaction() as db:
            db.executemany(
                "DELETE FROM failure WHERE root_id = ? AND path = ?", ((root_id, os.fsencode(path)) for path in paths)
            )

    def begin_run(self) -> int:
        """Enter that an analysis began; its id."""
        with self.transaction() as db:
            db.execute("INSERT INTO run (started, ledger) VALUES (?, '{}')", (time.time(),))
            return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])

    def finish_run(self, run_id: int, ledger: Mapping[str, float]) -> None:
        """Enter that it ended, and how; strike out recordings that no file holds any more."""
        with self.transaction() as db:
            for table in ("measurement", "probability", "embedding", "computed"):
                db.execute(f"DELETE FROM {table} WHERE track_id NOT IN (SELECT track_id FROM file)")
            db.execute("DELETE FROM track WHERE id NOT IN (SELECT track_id FROM file)")
            db.execute(
                "UPDATE run SET finished = ?, ledger = ? WHERE id = ?", (time.time(), json.dumps(ledger), run_id)
            )


def move_root(db: sqlite3.Connection, old_id: int, new_id: int, within: bytes) -> None:
    """Tell all that is known under one root from another, within which it lies at this path."""
    for table in ("file", "failure"):
        for (path,) in db.execute(f"SELECT path FROM {table} WHERE root_id = ?", (old_id,)).fetchall():
            db.execute(
                f"UPDATE {table} SET root_id = ?, path = ? WHERE root_id = ? AND path = ?",
                (new_id, b"/".join(part for part in (within, path) if part), old_id, path),
            )
    db.execute("DELETE FROM root WHERE id = ?", (old_id,))


def described(descriptor: Descriptor, extractor: str, position: int) -> tuple[object, ...]:
    """A descriptor as a row of its table."""
    low, high = descriptor.range or (None, None)
    return (
        descriptor.name,
        descriptor.title,
        descriptor.kind,
        descriptor.unit,
        low,
        high,
        descriptor.help,
        json.dumps(descriptor.labels),
        descriptor.estimate,
        extractor,
        position,
    )


def is_within(path: bytes, folder: bytes) -> bool:
    """Whether a path is the folder or lies below it."""
    return path == folder or path.startswith(folder.rstrip(b"/") + b"/")
