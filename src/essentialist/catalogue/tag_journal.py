"""What was written into files' tags, and what takes it back: kept beside the catalogue, on the disk before the file is.

It has a file of its own, `catalog.tags.db`: what undoes a change to somebody's music must outlive a catalogue that is
made anew, and must be on the disk itself, not only in the system's memory, when the music is touched; a catalogue may
lose its last second at a power cut. One program at a time can have it: SQLite's lock ends with the program, however
that ends, so that whoever comes next knows that no other is at work and clears up what it left.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist.catalogue.database import explained, explaining, transaction
from essentialist.errors import TaggingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

SUFFIX: Final = ".tags.db"
TEMPORARY: Final = (".~", ".tmp")  # how the name of a copy begins, and how it goes on
BUSY_S: Final = 2
SCHEMA: Final = (
    """
    CREATE TABLE IF NOT EXISTS run (
        id INTEGER PRIMARY KEY,
        started REAL NOT NULL,
        said TEXT NOT NULL,
        temporary BLOB
    ) STRICT
    """,
    """
    CREATE TABLE IF NOT EXISTS change (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES run,
        path BLOB NOT NULL,
        fingerprint BLOB NOT NULL,
        old_digest BLOB NOT NULL,
        new_digest BLOB NOT NULL,
        old_mtime_ns INTEGER NOT NULL,
        said TEXT NOT NULL,
        delta BLOB NOT NULL,
        undone REAL
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS change_run ON change (run_id)",
)


@dataclass(frozen=True, slots=True)
class WayBack:
    """How a file becomes what it was: digests of the whole before and after, its time, the old made of the new."""

    old_digest: bytes
    new_digest: bytes
    old_mtime_ns: int
    delta: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """One file, known by its sound: the texts before and after, by name of tag."""

    path: Path
    fingerprint: bytes
    old: Mapping[str, tuple[str, ...]]
    new: Mapping[str, tuple[str, ...]]
    back: WayBack
    id: int = 0


@dataclass(frozen=True, slots=True)
class TagRun:
    """An earlier run: when (s since 1970), what was asked, how many files it changed and how many were given back."""

    id: int
    started: float
    said: str
    n_files: int
    n_undone: int


def is_kept(catalog: Path) -> bool:
    """Whether tags were ever written for this catalogue."""
    return catalog.with_suffix(SUFFIX).exists()


class TagJournal:
    """The file beside a catalogue, held by one program; use it as a context.

    Raises TaggingError on entry where another program has it, CatalogError where it cannot be written.
    """

    def __init__(self, catalog: Path) -> None:
        self.path = catalog.with_suffix(SUFFIX)
        self.run_id: int | None = None

    def __enter__(self) -> TagJournal:
        with explaining(self.path):
            self.db = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
            self.db.row_factory = sqlite3.Row
            try:
                self._hold()
            except sqlite3.OperationalError as error:
                self.db.close()
                if "locked" in str(error):
                    raise TaggingError("Another `tag` is at work on this catalogue: wait for its end.") from error
                raise
            except BaseException:
                self.db.close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise explained(self.path, error) from error

    def _hold(self) -> None:
        self.db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.db.execute("PRAGMA synchronous = EXTRA")  # on the disk at every commit, and so is the folder's entry
        with transaction(self.db):
            for statement in SCHEMA:
                self.db.execute(statement)
        self.clear_up()

    def clear_up(self) -> None:
        """Remove the copy on which a run that was killed was at work."""
        for row in self.db.execute("SELECT id, temporary FROM run WHERE temporary IS NOT NULL").fetchall():
            copy = Path(os.fsdecode(row["temporary"]))
            start, end = TEMPORARY
            if copy.parent.is_dir():  # else its disk is away, and the next time will do
                if copy.name.startswith(start) and end in copy.name:
                    copy.unlink(missing_ok=True)
                self.db.execute("UPDATE run SET temporary = NULL WHERE id = ?", (row["id"],))

    def start(self, said: str) -> int:
        """Begin a run; its number."""
        cursor = self.db.execute("INSERT INTO run (started, said) VALUES (?, ?)", (time.time(), said))
        self.run_id = cursor.lastrowid or 0
        return self.run_id

    def at_work_on(self, temporary: Path | None) -> None:
        """Write down the copy that is about to be made, for whoever comes after a crash; None for no more."""
        place = None if temporary is None else os.fsencode(temporary)
        self.db.execute("UPDATE run SET temporary = ? WHERE id = ?", (place, self.run_id))

    @contextmanager
    def kept(self, change: Change) -> Iterator[None]:
        """Write down what is about to be done to a file; struck out where it could not be done."""
        said, back = json.dumps({"old": dict(change.old), "new": dict(change.new)}), change.back
        cursor = self.db.execute(
            "INSERT INTO change (run_id, path, fingerprint, old_digest, new_digest, old_mtime_ns, said, delta)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.run_id,
                os.fsencode(change.path),
                change.fingerprint,
                back.old_digest,
                back.new_digest,
                back.old_mtime_ns,
                said,
                back.delta,
            ),
        )
        try:
            yield
        except (OSError, TaggingError):
            self.db.execute("DELETE FROM change WHERE id = ?", (cursor.lastrowid,))
            raise

    def undone(self, change: Change) -> None:
        """Write down that a file was given its old tags back."""
        self.db.execute("UPDATE change SET undone = ? WHERE id = ?", (time.time(), change.id))

    def changes(self, run_id: int) -> Iterator[Change]:
        """What a run did and was not undone yet, the latest first."""
        ids = self.db.execute("SELECT id FROM change WHERE run_id = ? AND undone IS NULL ORDER BY id DESC", (run_id,))
        for (change_id,) in ids.fetchall():
            row = self.db.execute("SELECT * FROM change WHERE id = ?", (change_id,)).fetchone()
            said = json.loads(row["said"])
            yield Change(
                path=Path(os.fsdecode(row["path"])),
                fingerprint=row["fingerprint"],
                old={name: tuple(values) for name, values in said["old"].items()},
                new={name: tuple(values) for name, values in said["new"].items()},
                back=WayBack(row["old_digest"], row["new_digest"], row["old_mtime_ns"], row["delta"]),
                id=row["id"],
            )

    def n_changes(self, run_id: int) -> int:
        """How many files a run changed that were not given back."""
        counted = self.db.execute("SELECT count(*) FROM change WHERE run_id = ? AND undone IS NULL", (run_id,))
        return int(counted.fetchone()[0])

    def runs(self) -> tuple[TagRun, ...]:
        """All runs that changed a file, the latest first."""
        rows = self.db.execute(
            "SELECT run.id, started, run.said, count(*) AS n_files, count(undone) AS n_undone"
            " FROM run JOIN change ON run_id = run.id GROUP BY run.id ORDER BY run.id DESC"
        )
        return tuple(TagRun(*row) for row in rows)
