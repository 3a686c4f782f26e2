"""The catalogue's columns in memory: read once, and again when the catalogue has changed.

A program that asks one thing is answered sooner by SQL; one that stays (the studio, a notebook) by columns.
"""

# Only this module's own names and those of the catalogue's descriptors enter the SQL.
from __future__ import annotations

import os
import sqlite3
import weakref
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from essentialist.catalogue import listens
from essentialist.catalogue.database import BUSY_S, explaining
from essentialist.catalogue.held_tracks import read_tracks
from essentialist.errors import CatalogError
from essentialist.query import Columns, Distribution, Texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from essentialist.catalogue.catalog import Catalog
    from essentialist.track import Track

_NUMBERS = ("id", "track_number", "year", "tag_bpm", "duration", "added", "plays", "played")
_TEXTS = ("title", "artist", "album_artist", "album", "genre", "tag_key", "path", "liked")
_KEPT = np.dtype([("label", "i8"), ("track", "i8"), ("probability", "f8")])


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Columns and tracks of one state of the catalogue, in the same order."""

    columns: Columns
    tracks: tuple[Track, ...]


class Holding:
    """The columns of one catalogue, and from when they are asked for its tracks, for many threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = Lock()
        self._watch = _Watch.over(catalog.path)
        self._seen: int | None = None
        self._columns: Columns | None = None
        self._tracks: tuple[Track, ...] | None = None

    def columns(self) -> Columns:
        """The columns as the catalogue is now.

        Raises CatalogError when it cannot be read.
        """
        with self._lock:
            return self._now()

    def held(self) -> Held:
        """Columns and tracks as the catalogue is now; raises as `columns` does."""
        with self._lock:
            columns = self._now()
            if self._tracks is None:
                with self._catalog.reading() as db:
                    if self._watch.version() != self._seen:  # both have to be of one state
                        columns = self._columns = read_columns(db)
                    self._tracks = read_tracks(db, self._catalog.path, columns)
            return Held(columns, self._tracks)

    def heard(self, track_id: int, at: float) -> None:
        """Enter that a track was played at a time (s since 1970), in the catalogue and in what is held of it.

        It goes through the connection that watches, which counts the changes of others only: so a listen costs no
        reading anew, which takes seconds for 100,000 tracks. Raises CatalogError when it cannot be written.
        """
        with self._lock:
            self._follow()
            with explaining(self._catalog.path):
                listens.enter(self._watch.db, {(track_id, at): 1})
                asked = "SELECT plays, played FROM listing WHERE id = ?"
                known = self._watch.db.execute(asked, (track_id,)).fetchone()
            if known is not None and self._columns is not None:
                self._learn(self._columns, track_id, *known)

    def _learn(self, columns: Columns, track_id: int, plays: int, played: float | None) -> None:
        place = int(np.searchsorted(columns.ids, track_id))
        if place == len(columns) or columns.ids[place] != track_id:
            return  # it came after these columns were read, which are read again when somebody asks
        columns.numbers["plays"][place] = plays
        columns.numbers["played"][place] = np.nan if played is None else played
        if self._tracks is not None:
            one = replace(self._tracks[place], plays=plays, played=played)
            self._tracks = (*self._tracks[:place], one, *self._tracks[place + 1 :])

    def _follow(self) -> None:
        """Watch the file that is there now, should it be another one."""
        if not self._watch.is_of(self._catalog.path):
            self._watch, self._columns = _Watch.over(self._catalog.path), None

    def _now(self) -> Columns:
        self._follow()
        version = self._watch.version()  # before reading: what changes meanwhile is read the next time
        if self._columns is None or version != self._seen:
            with self._catalog.reading() as db:
                self._columns = read_columns(db)
                self._tracks = None if self._tracks is None else read_tracks(db, self._catalog.path, self._columns)
            self._seen = version
        return self._columns


@dataclass(frozen=True)
class _Watch:
    """A connection that stays open: SQLite counts changes as one connection sees them."""

    path: Path
    inode: int
    db: sqlite3.Connection

    @classmethod
    def over(cls, path: Path) -> _Watch:
        with explaining(path):
            db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        watch = cls(path, _inode(path), db)
        weakref.finalize(watch, db.close)
        return watch

    def is_of(self, path: Path) -> bool:
        """Whether the file is still the one that was opened."""
        return _inode(path) == self.inode

    def version(self) -> int:
        with explaining(self.path):
            return int(self.db.execute("PRAGMA data_version").fetchone()[0])


def read_columns(db: sqlite3.Connection) -> Columns:
    """Read all that a query can ask about, in one pass over the tracks and one over the labels."""
    names: dict[str, list[str]] = {"number": [*_NUMBERS], "label": [*_TEXTS], "distribution": []}
    for name, kind in db.execute("SELECT name, kind FROM descriptor ORDER BY position, name"):
        names[kind].append(name)
    numbers, texts = _of_tracks(db, names["number"], names["label"])
    ids = numbers["id"].astype(np.int64)
    return Columns(ids, numbers, texts, _of_labels(db, names["distribution"], ids))


def _of_tracks(
    db: sqlite3.Connection, numbers: Sequence[str], texts: Sequence[str]
) -> tuple[dict[str, NDArray[np.float64]], dict[str, Texts]]:
    names = [*numbers, *texts, "search"]
    chosen = ", ".join(f'"{name}"' for name in names)
    values = list(zip(*_plain(db).execute(f"SELECT {chosen} FROM listing ORDER BY id"), strict=True))
    column = dict(zip(names, values or [()] * len(names), strict=True))
    searched = {"search": Texts.of(column["search"], folding=str)}  # the catalogue keeps it folded
    return (
        {name: np.array(column[name], np.float64) for name in numbers},
        {name: Texts.of(column[name]) for name in texts} | searched,
    )


def _of_labels(db: sqlite3.Connection, names: Sequence[str], ids: NDArray[np.int64]) -> dict[str, Distribution]:
    kept = np.fromiter(
        _plain(db).execute("SELECT label_id, track_id, value FROM probability ORDER BY label_id, track_id"), _KEPT
    )
    listed = np.isin(kept["track"], ids)
    if not listed.all():
        kept = kept[listed]
    rows = np.searchsorted(ids, kept["track"]).astype(np.int32)
    label_ids, probabilities = kept["label"].copy(), kept["probability"].copy()  # each in one stretch of memory
    del kept
    found = {}
    for name in names:
        labels = _plain(db).execute("SELECT id, name FROM label WHERE descriptor = ? ORDER BY id", (name,)).fetchall()
        limits = np.searchsorted(
            label_ids, np.array([(label_id, label_id + 1) for label_id, _ in labels]).reshape(-1, 2)
        )
        stretches = [slice(start, end) for start, end in limits.tolist()]
        found[name] = Distribution(
            tuple(label for _, label in labels),
            np.cumsum([0, *(stretch.stop - stretch.start for stretch in stretches)]),
            np.concatenate([rows[:0], *(rows[stretch] for stretch in stretches)]),
            np.concatenate([probabilities[:0], *(probabilities[stretch] for stretch in stretches)]),
        )
    return found


def _plain(db: sqlite3.Connection) -> sqlite3.Cursor:
    """A cursor that gives tuples: half the time of rows with names."""
    rows = db.cursor()
    rows.row_factory = None
    return rows


def _inode(path: Path) -> int:
    try:
        return os.stat(path).st_ino
    except OSError as error:
        raise CatalogError(f"There is no catalogue at {path}. Run `essentialist analyze FOLDER` to make it.") from error
