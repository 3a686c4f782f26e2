"""The catalogue: one SQLite file, opened and read here; `recorder.py` writes to it.

A connection is opened for each operation (half a millisecond), so that a `Catalog` can be shared between threads.
Readers see a consistent state while an analysis writes (WAL).
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.catalogue import listing
from essentialist.catalogue.database import connected, create, is_outdated, measured_columns, snapshot, state_of
from essentialist.catalogue.embeddings import raw_embeddings
from essentialist.catalogue.roots import track_at
from essentialist.choosing.similarity import Embeddings
from essentialist.descriptors import Descriptor
from essentialist.errors import NotACatalog, UnknownTrack
from essentialist.query import Clause

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from essentialist.track import Track

EVERYTHING = Clause("1", ())
AT_A_TIME = 2_000  # tracks that are read together
PLACES_WITHOUT_FILE = """
    WITH present AS (SELECT root_id, path FROM file WHERE NOT missing),
         failed AS (SELECT root_id, path FROM failure EXCEPT SELECT * FROM present)
    SELECT (SELECT count(*) FROM failed),
           (SELECT count(*) FROM file WHERE missing AND (root_id, path) NOT IN (SELECT * FROM failed))
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or folder that could not be read: what went wrong, at which stage, and how often it was tried."""

    path: Path
    stage: str
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Status:
    """What the catalogue holds. Every file that was found is counted in one of the five that follow `found`.

    `waiting`: recordings of a merged catalogue whose files were not met here yet.
    """

    found: int
    analysed: int
    unchanged: int
    duplicates: int
    failed: int
    skipped: int
    waiting: int
    roots: tuple[str, ...]
    duration: float
    descriptors: Mapping[str, int]


class Catalog:
    """A catalogue file that exists. Make one with `Catalog.create`.

    Raises NotACatalog, CatalogTooNew or CatalogError when the file cannot be what it should be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._embeddings: dict[str, tuple[bytes, Embeddings]] = {}
        if path.is_dir():
            raise NotACatalog(f"{path} is a folder: name a file in it with --catalog.")
        with self.connected() as db:
            outdated = is_outdated(db, path)
        if outdated:
            create(path)

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """The catalogue at this path, made or migrated where that is needed.

        Raises CatalogUnwritable when the place cannot be written, NotACatalog or CatalogTooNew as above.
        """
        create(path)
        return cls(path)

    def connected(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection for one operation, closed at its end; SQLite's errors become CatalogError.

        So does that there is no file, now or no more (its disk was taken away): none is made in its place.
        """
        return connected(self.path, mode="rw")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the catalogue as it is now, whatever is written meanwhile."""
        with self.connected() as db, snapshot(db):
            yield db

    def descriptors(self) -> tuple[Descriptor, ...]:
        """What was ever measured, in the order of display."""
        with self.reading() as db:
            rows = db.execute("SELECT * FROM descriptor ORDER BY position, name").fetchall()
        return tuple(
            Descriptor(
                name=row["name"],
                title=row["title"],
                kind=row["kind"],
                unit=row["unit"],
                range=None if row["low"] is None else (row["low"], row["high"]),
                help=row["help"],
                labels=tuple(json.loads(row["labels"])),
                estimate=bool(row["estimate"]),
            )
            for row in rows
        )

    def tracks(
        self,
        where: Clause = EVERYTHING,
        *,
        order_by: str | None = None,
        limit: int | None = None,
        distributions: bool = True,
    ) -> tuple[Track, ...]:
        """The tracks that a condition holds for, by id or in the order of a column ("bpm", "-bpm"; unknown last).

        Distributions are fetched when they are first looked at, or left out.
        """
        with self.reading() as db:
            measured, names = measured_columns(db), listing.distribution_names(db)
            rows = selected(db, measured, where, order_by, limit).fetchall()
        some = listing.Distributions(self.path, [row["id"] for row in rows], names) if distributions else None
        return tuple(listing.tracks_of(rows, measured, some))

    def each(self, where: Clause = EVERYTHING, *, order_by: str | None = None) -> Iterator[Track]:
        """The same tracks one after the other, for collections larger than memory; all are of one moment."""
        with self.reading() as db:
            measured, names = measured_columns(db), listing.distribution_names(db)
            cursor = selected(db, measured, where, order_by, None)
            while rows := cursor.fetchmany(AT_A_TIME):
                ids = [row["id"] for row in rows]
                distributions = listing.Distributions(self.path, ids, names)
                distributions.fetch(db, ids)
                yield from listing.tracks_of(rows, measured, distributions)

    def track(self, id_or_path: int | str | os.PathLike[str]) -> Track:
        """One track by its id or by the path of a file that plays it; UnknownTrack when there is none."""
        with self.reading() as db:
            track_id = find(db, id_or_path)
        found = self.tracks(Clause("id = ?", (track_id,))) if track_id is not None else ()
        if not found:
            raise UnknownTrack(
                f"No track {os.fspath(id_or_path) if not isinstance(id_or_path, int) else id_or_path} in the catalogue."
                " See `essentialist tracks` for what there is, or run `essentialist analyze` on its folder."
            )
        return found[0]

    def with_ids(self, ids: Sequence[int]) -> Mapping[int, Track]:
        """Tracks by id; ids that are not there are left out."""
        chosen = Clause("id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))
        return {track.id: track for track in self.tracks(chosen)}

    def ids(self, where: Clause = EVERYTHING) -> tuple[int, ...]:
        """The ids of the tracks that a condition holds for, in order."""
        with self.reading() as db:
            rows = db.execute(f"SELECT id FROM listing WHERE {where.text} ORDER BY id", where.arguments)
            return tuple(row["id"] for row in rows)

    def different(self, column: str) -> tuple[str, ...]:
        """The different texts of a column of `listing`, such as the artists."""
        with self.reading() as db:
            return tuple(
                row[0] for row in db.execute(f'SELECT DISTINCT "{column}" FROM listing WHERE "{column}" <> \'\'')
            )

    def embeddings(self, model: str) -> Embeddings:
        """The mean embeddings of a network for every track that is there and has one.

        They are kept, and read again when what is known of the tracks has changed.
        """
        kept = self._embeddings.get(model)
        with self.reading() as db:
            now = state_of(db)
            if kept is None or kept[0] != now:
                kept = self._embeddings[model] = (now, Embeddings.of(*raw_embeddings(db, model)))
        return kept[1]

    def state(self) -> bytes:
        """A name of what is known of the tracks: another one with every change of it; history is no part of it."""
        with self.reading() as db:
            return state_of(db)

    def failures(self) -> tuple[Failure, ...]:
        """What could not be read, by path, and what could be read but not measured in full."""
        with self.reading() as db:
            files = db.execute(
                "SELECT root.path AS root, failure.path, stage, reason, attempts FROM failure"
                " JOIN root ON root.id = root_id ORDER BY root.path, failure.path"
            ).fetchall()
            extractors = db.execute(
                "SELECT root, path, extractor AS stage, failure AS reason, 1 AS attempts FROM computed"
                " JOIN listing ON listing.id = track_id WHERE failure IS NOT NULL ORDER BY root, path"
            ).fetchall()
        return tuple(
            Failure(path_of(row), row["stage"], row["reason"], row["attempts"]) for row in (*files, *extractors)
        )

    def waveform(self, track_id: int) -> bytes:
        """A track's outline: up to 400 peaks, 0 to 255; empty where there is none."""
        with self.reading() as db:
            row = db.execute("SELECT waveform FROM track WHERE id = ?", (track_id,)).fetchone()
        return bytes(row["waveform"] or b"") if row else b""

    def roots(self) -> tuple[str, ...]:
        """The folders that were analysed, exactly as on disk; much cheaper to ask for than the status."""
        with self.reading() as db:
            return _roots(db)

    def status(self) -> Status:
        """How much is here, and how many tracks have a value of each descriptor."""
        with self.reading() as db:
            analysed, duration = db.execute("SELECT count(*), coalesce(sum(duration), 0) FROM listing").fetchone()
            there = db.execute("SELECT count(*) FROM file WHERE NOT missing").fetchone()[0]
            failed, gone = db.execute(PLACES_WITHOUT_FILE).fetchone()
            roots = _roots(db)
            waiting = db.execute("SELECT count(DISTINCT track_id) FROM awaited").fetchone()[0]
            present = listing.counts(db, measured_columns(db))
        return Status(
            found=there + failed + gone,
            analysed=analysed,
            unchanged=0,
            duplicates=there - analysed,
            failed=failed,
            skipped=gone,
            waiting=waiting,
            roots=roots,
            duration=duration,
            descriptors=present,
        )

    def computed(self, fingerprint: bytes) -> Mapping[str, str] | None:
        """What was computed of a recording (extractor -> provenance); None for one that is not known."""
        with self.reading() as db:
            row = db.execute("SELECT id FROM track WHERE fingerprint = ?", (fingerprint,)).fetchone()
            if row is None:
                return None
            rows = db.execute("SELECT extractor, provenance FROM computed WHERE track_id = ?", (row["id"],))
            return {row["extractor"]: row["provenance"] for row in rows}


def selected(
    db: sqlite3.Connection, measured: Sequence[str], where: Clause, order_by: str | None, limit: int | None
) -> sqlite3.Cursor:
    """The rows of tracks, to be read one after the other."""
    columns = listing.selection(measured)
    statement = f"SELECT {columns} FROM listing WHERE {where.text} ORDER BY {ordering(order_by)} LIMIT ?"
    return db.execute(statement, (*where.arguments, -1 if limit is None else limit))


def ordering(field: str | None) -> str:
    """The ORDER BY of a column, "-" for descending, what is unknown or empty last; by id among equals."""
    if field is None:
        return "id"
    column, direction = (field[1:], "DESC") if field.startswith("-") else (field, "ASC")
    name, quoted = column.replace("'", "''"), '"' + column.replace('"', '""') + '"'
    return f"sort_key('{name}', {quoted}) {direction} NULLS LAST, id"


def path_of(row: sqlite3.Row) -> Path:
    """The absolute path of a row with `root` and `path`, with the names as on disk."""
    return Path(os.fsdecode(row["root"]), os.fsdecode(row["path"]))


def find(db: sqlite3.Connection, id_or_path: int | str | os.PathLike[str]) -> int | None:
    """The id of a track given by id or by the path of any of its files.

    A text of digits is an id, whatever lies in the working folder: a file of such a name is `./7`.
    """
    text = str(id_or_path) if isinstance(id_or_path, int) else os.fspath(id_or_path)
    if text.isascii() and text.isdecimal() and not isinstance(id_or_path, os.PathLike):
        return int(text) if len(text) < 19 else None
    return track_at(db, text)


def _roots(db: sqlite3.Connection) -> tuple[str, ...]:
    return tuple(os.fsdecode(row["path"]) for row in db.execute("SELECT path FROM root ORDER BY path"))
