"""The one writer of a catalogue during an analysis: one transaction a track, so that nothing finished is ever lost."""

from __future__ import annotations

import json
import os
import platform
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from essentialist.catalogue.database import execute_all, measured_columns, transaction
from essentialist.catalogue.filing import Filing, file_track, settle, writable, write_values
from essentialist.catalogue.patch_store import PatchStore
from essentialist.catalogue.roots import Place, place_of
from essentialist.catalogue.schema import listing_view
from essentialist.errors import CatalogError, EssentialistError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from essentialist.analysis import Analysis, Heard
    from essentialist.catalogue.catalog import Catalog
    from essentialist.descriptors import Descriptor, Extractor
    from essentialist.runs.progress import Progress
    from essentialist.track import AudioFile


class Recorder:
    """Writes to a catalogue over one connection; use it as the context of a run.

    Several may write to one catalogue at a time: each finds a file's root anew, since another may have taken it over.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.patches = PatchStore(catalog.path)
        self._context = catalog.connected()

    def __enter__(self) -> Recorder:
        self.db = self._context.__enter__()
        self.db.execute("PRAGMA synchronous = NORMAL")  # safe at any crash of the program; WAL cannot be corrupted
        self.patches.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.patches.__exit__(*error)
        self._context.__exit__(*error)  # type: ignore[arg-type]

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is written inside."""
        with transaction(self.db):
            yield self.db

    def learn(self, extractors: Iterable[Extractor]) -> None:
        """Write down what the extractors measure, with a column for each new number or label."""
        outputs = [(extractor.name, descriptor) for extractor in extractors for descriptor in extractor.outputs]
        rows = [described(descriptor, name, position) for position, (name, descriptor) in enumerate(outputs)]
        if {*rows} <= {tuple(row) for row in self.db.execute("SELECT * FROM descriptor")}:
            return
        with self.transaction() as db:
            marks = ", ".join("?" * len(rows[0]))
            db.executemany(f"INSERT OR REPLACE INTO descriptor VALUES ({marks})", rows)
            columns = measured_columns(db)
            for _, descriptor in outputs:
                if descriptor.kind != "distribution" and descriptor.name not in columns:
                    affinity = "REAL" if descriptor.kind == "number" else "TEXT"
                    db.execute(f'ALTER TABLE measurement ADD COLUMN "{descriptor.name}" {affinity}')
            execute_all(db, listing_view(tuple(measured_columns(db))))

    def roots(self) -> list[str]:
        """The folders that were analysed."""
        return [os.fsdecode(row["path"]) for row in self.db.execute("SELECT path FROM root ORDER BY path")]

    def place(self, folder: str) -> Place:
        """Where a folder is in the catalogue; it becomes a root where it is in none."""
        with self.transaction() as db:
            return place_of(db, folder)

    def forget_root(self, root_id: int) -> None:
        """Strike out a root under which nothing is known."""
        with self.transaction() as db:
            db.execute(
                "DELETE FROM root WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM file WHERE root_id = ?1)"
                " AND NOT EXISTS (SELECT 1 FROM failure WHERE root_id = ?1)",
                (root_id,),
            )

    def enter(self, file: AudioFile, heard: Heard) -> Filing | None:
        """Enter a file and what was heard of it, in one transaction.

        None, and nothing entered, when the sound was known to the worker and has been struck out since: the file has
        to be listened to.
        """
        if heard.patches:
            self.patches.keep(heard.fingerprint, heard.patches)
        with self.transaction() as db:
            filing = file_track(db, *located(db, file), heard)
            if filing and heard.analysis:
                write_values(db, filing.track_id, heard.analysis)
            return filing

    def enter_values(self, track_id: int, analysis: Analysis) -> None:
        """Enter what was computed of a track without listening to it again."""
        with self.transaction() as db:
            write_values(db, track_id, analysis)

    def fail(self, file: AudioFile, stage: str, reason: str) -> None:
        """Enter a file that could not be read.

        What was known under its name stays; where the file is another one than was known, as missing.
        """
        with self.transaction() as db:
            root_id, found = located(db, file)
            path = os.fsencode(found.path)
            db.execute(
                "INSERT INTO failure VALUES (?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (root_id, path) DO UPDATE SET"
                " stage = excluded.stage, reason = excluded.reason, size = excluded.size, mtime_ns = excluded.mtime_ns,"
                " attempts = attempts + 1, at = excluded.at",
                (root_id, path, stage, writable(reason), file.size, file.mtime_ns, time.time()),
            )
            changed = db.execute(
                "UPDATE file SET missing = 1 WHERE root_id = ? AND path = ? AND (size, mtime_ns) != (?, ?)"
                " RETURNING track_id",
                (root_id, path, file.size, file.mtime_ns),
            )
            settle(db, [row["track_id"] for row in changed.fetchall()])

    def set_missing(self, file_ids: Iterable[int], *, missing: bool) -> None:
        """Mark files as gone from where they were, or as back. What was measured is kept either way."""
        ids = [(file_id,) for file_id in file_ids]
        if not ids:
            return
        with self.transaction() as db:
            tracks = "SELECT track_id FROM file WHERE id = ?"
            affected = {row["track_id"] for each in ids for row in db.execute(tracks, each)}
            db.executemany(f"UPDATE file SET missing = {missing:d} WHERE id = ?", ids)
            settle(db, affected)

    def forget_failures(self, root_id: int, paths: Iterable[str]) -> None:
        """Strike out failures of files that are no longer there, or are as they were when they could be read."""
        with self.transaction() as db:
            db.executemany(
                "DELETE FROM failure WHERE root_id = ? AND path = ?", [(root_id, os.fsencode(path)) for path in paths]
            )

    def forget_failed_extractors(self, track_ids: Iterable[int]) -> None:
        """Let what could not be computed of these tracks be computed again."""
        with self.transaction() as db:
            db.executemany(
                "DELETE FROM computed WHERE track_id = ? AND failure IS NOT NULL", [(each,) for each in track_ids]
            )

    @contextmanager
    def run(self) -> Iterator[int]:
        """The row of an analysis by this process, by its id; an error ends it without a ledger."""
        with self.transaction() as db:
            now = time.time()
            db.execute(
                "INSERT INTO run (started, ledger, host, pid, seen) VALUES (?, '{}', ?, ?, ?)",
                (now, platform.node(), os.getpid(), now),
            )
            run_id = int(db.execute("SELECT last_insert_rowid()").fetchone()[0])
        try:
            yield run_id
        except EssentialistError:
            with suppress(CatalogError):  # which is what it may be about
                self.finish_run(run_id, {})
            raise

    def note_progress(self, run_id: int, progress: Progress) -> None:
        """Enter how far it is, for those who look on."""
        with self.transaction() as db:
            noted = json.dumps(asdict(progress))
            db.execute("UPDATE run SET seen = ?, progress = ? WHERE id = ?", (time.time(), noted, run_id))

    def finish_run(self, run_id: int, ledger: Mapping[str, float]) -> None:
        """Enter that it ended, and how."""
        with self.transaction() as db:
            db.execute(
                "UPDATE run SET finished = ?, ledger = ? WHERE id = ?", (time.time(), json.dumps(ledger), run_id)
            )

    def forget_unheld(self) -> None:
        """Strike out recordings that no file holds any more, not even one that is missing; but none that is awaited."""
        with self.transaction() as db:
            rows = db.execute(
                "SELECT id FROM track WHERE id NOT IN (SELECT track_id FROM file)"
                " AND id NOT IN (SELECT track_id FROM awaited)"
            ).fetchall()
            ids = [(row["id"],) for row in rows]
            for table in ("measurement", "probability", "embedding", "computed"):
                db.executemany(f"DELETE FROM {table} WHERE track_id = ?", ids)
            db.executemany("DELETE FROM track WHERE id = ?", ids)


def located(db: sqlite3.Connection, file: AudioFile) -> tuple[int, AudioFile]:
    """The root that a file is under by now, and the file told from there."""
    place = place_of(db, file.root)
    return place.root_id, replace(file, root=place.root, path=place.path_in_root(file.path))


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
