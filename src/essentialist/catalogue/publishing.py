"""A copy of the catalogue for others: without where the music lies, and without what was played, liked or failed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from essentialist.catalogue.database import explaining, migrate

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from essentialist.catalogue.catalog import Catalog

PRIVATE = ("listen", "taste", "failure", "former", "run", "awaited", "made")
OF_TRACKS = ("probability", "embedding", "measurement", "computed")


def publish(catalog: Catalog, copy: Path, ids: Collection[int]) -> None:
    """Write these tracks of a catalogue to a new file, in place of what is there.

    Roots become "/music/1", "/music/2" …; names of files below them stay, since queries may ask for them. What is left
    out is gone from the file, not only from its tables. Raises CatalogError where that cannot be read or written.
    """
    with explaining(copy):
        copy.unlink(missing_ok=True)
        with catalog.connected() as db, closing(sqlite3.connect(copy, isolation_level=None)) as target:
            db.backup(target)
            target.row_factory = sqlite3.Row
            migrate(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, which any disk can hold
            _reduce(target, ids)
            target.execute("VACUUM")


def _reduce(db: sqlite3.Connection, ids: Collection[int]) -> None:
    db.execute("BEGIN")
    for table in PRIVATE:
        db.execute(f"DELETE FROM {table}")
    db.execute("CREATE TEMP TABLE wanted (id INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO wanted VALUES (?)", ((each,) for each in set(ids)))
    for table in OF_TRACKS:
        db.execute(f"DELETE FROM {table} WHERE track_id NOT IN (SELECT id FROM wanted)")
    db.execute("DELETE FROM file WHERE id NOT IN (SELECT file_id FROM track WHERE id IN (SELECT id FROM wanted))")
    db.execute("DELETE FROM track WHERE id NOT IN (SELECT id FROM wanted)")
    db.execute("DELETE FROM root WHERE id NOT IN (SELECT root_id FROM file)")
    db.execute("UPDATE root SET path = CAST('/music/' || id AS BLOB)")
    db.execute("COMMIT")
