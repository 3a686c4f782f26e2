"""The catalogue's SQLite file: connections, migrations, and SQLite's errors in words."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from essentialist import schema
from essentialist.errors import CatalogError, CatalogTooNew, CatalogUnwritable, NotACatalog
from essentialist.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_S = 60  # how long to wait for another process that is writing


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a catalogue file, closed at the end; SQLite's errors are told as CatalogError."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.create_function("fold", 1, fold, deterministic=True)
            db.execute("PRAGMA foreign_keys = ON")
            yield db
    except sqlite3.DatabaseError as error:
        raise explained(path, error) from error


def explained(path: Path, error: sqlite3.DatabaseError) -> CatalogError:
    """What an error of SQLite means for the person at the keyboard."""
    if any(sign in str(error) for sign in ("not a database", "malformed")):
        return NotACatalog(f"{path} is not a catalogue of essentialist, or is damaged: name another with --catalog.")
    return CatalogUnwritable(unwritable(path, str(error)))


def unwritable(path: Path, reason: str) -> str:
    """The line for a catalogue that cannot be opened or written."""
    return (
        f"Cannot use the catalogue {path}: {reason}. Free some space, make the place writable or name another with"
        " --catalog; nothing is lost, and the same command goes on from here."
    )


def check(db: sqlite3.Connection, path: Path) -> None:
    """Raise NotACatalog or CatalogTooNew when the file is not one that this release reads."""
    if db.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        raise NotACatalog(f"{path} is a database, but not a catalogue of essentialist: name another with --catalog.")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(schema.MIGRATIONS):
        raise CatalogTooNew(
            f"{path} was written by a newer essentialist (catalogue version {version}): upgrade this one."
        )


def is_outdated(db: sqlite3.Connection, path: Path) -> bool:
    """Whether migrations wait for a file that `check` accepts."""
    check(db, path)
    return int(db.execute("PRAGMA user_version").fetchone()[0]) < len(schema.MIGRATIONS)


def migrate(db: sqlite3.Connection) -> None:
    """Apply the migrations that this file lacks, each in a transaction of its own."""
    db.execute("PRAGMA journal_mode = WAL")
    n_applied = db.execute("PRAGMA user_version").fetchone()[0]
    for version, statements in enumerate(schema.MIGRATIONS[n_applied:], n_applied + 1):
        db.executescript(
            f"BEGIN IMMEDIATE; {statements} {schema.listing_view(tuple(measured_columns(db)))}"
            f" PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = {version}; COMMIT;"
        )


def measured_columns(db: sqlite3.Connection) -> list[str]:
    """The columns of `measurement` that hold values."""
    return [row["name"] for row in db.execute("PRAGMA table_info(measurement)") if row["name"] != "track_id"]


def create(path: Path) -> None:
    """Make the file, or bring it to this release's schema.

    Raises CatalogUnwritable when the place cannot be written, NotACatalog or CatalogTooNew when the file is in use
    for something else.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists() or path.stat().st_size == 0
    except OSError as error:
        raise CatalogUnwritable(unwritable(path, error.strerror or str(error))) from error
    with connected(path) as db:
        if not is_new:
            check(db, path)
        migrate(db)
