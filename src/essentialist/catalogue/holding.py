"""The catalogue's columns in memory: read once, and again when the catalogue has changed.

A program that asks one thing is answered sooner by SQL; one that stays (the studio, a notebook) by columns.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, cast

import numpy as np

from essentialist.catalogue import columns_file, listens
from essentialist.catalogue.database import BUSY_S, address, explaining, no_catalogue, state_of
from essentialist.catalogue.held_columns import Past, read_music, read_past, with_past, without_past
from essentialist.catalogue.held_tracks import read_tracks
from essentialist.lookup import rows_in

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from essentialist.catalogue.catalog import Catalog
    from essentialist.query import Columns
    from essentialist.track import Track


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Columns and tracks of one state of the catalogue, in the same order."""

    columns: Columns
    tracks: tuple[Track, ...]


class Holding:
    """The columns of one catalogue, and from when they are asked for its tracks, for many threads.

    What others write is noticed and read anew: all of it where the tracks themselves have changed, and else only what
    was played and is liked.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = Lock()
        self._watch = _Watch.over(catalog.path)
        self._seen: int | None = None
        self._state = b""
        self._is_kept = False
        self._past: dict[int, Past] = {}
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
                    columns = self._read(db)  # both have to be of one state
                    self._tracks = read_tracks(db, self._catalog.path, columns)
            return Held(columns, self._tracks)

    def keep(self) -> None:
        """Keep the columns in the file beside the catalogue, for the next start, unless they are there or outdated.

        Raises CatalogError when the catalogue cannot be read.
        """
        with self._lock:
            columns, state, is_kept = self._columns, self._state, self._is_kept
            self._is_kept = True
        if columns is not None and not is_kept and state == self._catalog.state():
            columns_file.keep(self._catalog.path, state, without_past(columns))

    def heard(self, track_id: int, at: float) -> None:
        """Enter that a track was played at a time (s since 1970), in the catalogue and in what is held of it.

        It goes through the connection that watches, which counts the changes of others only: so a listen costs no
        reading anew, and what was made of the columns stays. Raises CatalogError when it cannot be written.
        """
        with self._lock:
            self._follow()
            with explaining(self._catalog.path):
                listens.enter(self._watch.db, {(track_id, at): 1})
                asked = "SELECT plays, played, liked FROM listing WHERE id = ?"
                known = self._watch.db.execute(asked, (track_id,)).fetchone()
            if known is not None and self._columns is not None:
                self._learn(self._columns, track_id, Past(*known))

    def _learn(self, columns: Columns, track_id: int, past: Past) -> None:
        _, place = rows_in(columns.ids, np.array([track_id]))
        if not len(place):
            return  # it came after these columns were read, which are read again when somebody asks
        columns.numbers["plays"][place] = past.plays
        columns.numbers["played"][place] = np.nan if past.played is None else past.played
        self._past[track_id] = past
        self._renew({track_id})

    def _follow(self) -> None:
        """Watch the file that is there now, should it be another one."""
        if not self._watch.is_of(self._catalog.path):
            self._watch, self._columns = _Watch.over(self._catalog.path), None

    def _now(self) -> Columns:
        self._follow()
        version = self._watch.version()  # before reading: what changes meanwhile is read the next time
        if self._columns is None or version != self._seen:
            with self._catalog.reading() as db:
                self._read(db)
            self._seen = version
        return cast("Columns", self._columns)

    def _read(self, db: sqlite3.Connection) -> Columns:
        """Read what has changed; all of it is of the one state that the connection sees."""
        state, past = state_of(db), read_past(db)
        if self._columns is None or state != self._state:
            self._read_all(db, state, past)
        elif past != self._past:
            differing = {each for each in (*past, *self._past) if past.get(each) != self._past.get(each)}
            self._columns, self._past = with_past(self._columns, past), past
            self._renew(differing)
        return cast("Columns", self._columns)

    def _read_all(self, db: sqlite3.Connection, state: bytes, past: dict[int, Past]) -> None:
        music = columns_file.kept(self._catalog.path, state)
        self._is_kept = music is not None
        self._columns = with_past(read_music(db) if music is None else music, past)
        self._state, self._past = state, past
        self._tracks = None if self._tracks is None else read_tracks(db, self._catalog.path, self._columns)

    def _renew(self, ids: Collection[int]) -> None:
        """Tell the tracks of these ids what was played of them and how they are liked."""
        if self._tracks is None or self._columns is None:
            return
        tracks = list(self._tracks)
        _, places = rows_in(self._columns.ids, np.fromiter(ids, np.int64, len(ids)))
        for place in places.tolist():
            past = self._past.get(tracks[place].id, Past())
            tracks[place] = replace(tracks[place], plays=past.plays, played=past.played, liked=past.liked or "")
        self._tracks = tuple(tracks)


@dataclass(frozen=True)
class _Watch:
    """A connection that stays open: SQLite counts changes as one connection sees them."""

    path: Path
    inode: int
    db: sqlite3.Connection

    @classmethod
    def over(cls, path: Path) -> _Watch:
        with explaining(path):
            name = address(path, "rw")  # should it go at this very moment, none is made in its place
            db = sqlite3.connect(name, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        watch = cls(path, _inode(path), db)
        weakref.finalize(watch, db.close)
        return watch

    def is_of(self, path: Path) -> bool:
        """Whether the file is still the one that was opened."""
        return _inode(path) == self.inode

    def version(self) -> int:
        with explaining(self.path):
            return int(self.db.execute("PRAGMA data_version").fetchone()[0])


def _inode(path: Path) -> int:
    try:
        return os.stat(path).st_ino
    except OSError as error:
        raise no_catalogue(path) from error
