"""What the catalogue knew of the files before a run: what a walk is compared with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.analysis import is_current

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from essentialist.catalogue.roots import Place
    from essentialist.descriptors import Extractor
    from essentialist.settings import Profile
    from essentialist.track import AudioFile


TRIES = {"crash": 2, "time-out": 2, "memory": 2, "read": 2}
"""How often a file is tried in all, by the stage where it failed, before it is left alone; elsewhere once.

A worker may have been killed, a disk or a network share out of order: that need not be the file's fault.
"""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as the catalogue knows it."""

    id: int
    track_id: int
    size: int
    mtime_ns: int
    missing: bool

    def is_same(self, file: AudioFile) -> bool:
        """Whether a file on disk is as it was when it was last listened to."""
        return (self.size, self.mtime_ns) == (file.size, file.mtime_ns)


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A file that could not be read."""

    stage: str
    size: int
    mtime_ns: int
    attempts: int

    def is_settled(self, file: AudioFile) -> bool:
        """Whether to try the file again is useless: it is as it was and was tried often enough."""
        return (self.size, self.mtime_ns) == (file.size, file.mtime_ns) and self.attempts >= TRIES.get(self.stage, 1)


def known_files(db: sqlite3.Connection, place: Place) -> dict[str, KnownFile]:
    """What is known under a folder, by path relative to its root."""
    rows = db.execute(
        "SELECT path, id, track_id, size, mtime_ns, missing FROM file WHERE root_id = ?", (place.root_id,)
    )
    files = {
        os.fsdecode(path): KnownFile(file_id, track_id, size, mtime_ns, bool(is_missing))
        for path, file_id, track_id, size, mtime_ns, is_missing in rows
    }
    return {path: known for path, known in files.items() if path_within(path, place.within)}


def known_failures(db: sqlite3.Connection, place: Place) -> dict[str, KnownFailure]:
    """What failed under a folder, by path relative to its root."""
    rows = db.execute("SELECT path, stage, size, mtime_ns, attempts FROM failure WHERE root_id = ?", (place.root_id,))
    failures = {os.fsdecode(path): KnownFailure(*failure) for path, *failure in rows}
    return {path: failure for path, failure in failures.items() if path_within(path, place.within)}


def sizes(db: sqlite3.Connection) -> set[int]:
    """The sizes of all files known here, or where a merged analysis was made: one of another size is a new sound."""
    return {row["size"] for row in db.execute("SELECT size FROM file UNION SELECT size FROM awaited")}


def copies(db: sqlite3.Connection) -> frozenset[int]:
    """The files whose track is played from another file."""
    rows = db.execute("SELECT file.id FROM file JOIN track ON track.id = track_id WHERE track.file_id != file.id")
    return frozenset(row["id"] for row in rows)


def complete(db: sqlite3.Connection, extractors: Sequence[Extractor], profile: Profile) -> frozenset[int]:
    """The tracks of which everything is computed that these extractors compute, none of it stale."""
    stored = db.execute("SELECT DISTINCT extractor, provenance FROM computed").fetchall()
    named = {extractor.name: extractor for extractor in extractors}
    current = [
        (name, provenance)
        for name, provenance in stored
        if name in named and is_current(named[name], provenance, profile)
    ]
    db.execute("CREATE TEMP TABLE IF NOT EXISTS current (extractor TEXT, provenance TEXT)")
    db.execute("DELETE FROM current")
    db.executemany("INSERT INTO current VALUES (?, ?)", current)
    rows = db.execute(
        "SELECT track_id FROM computed JOIN current USING (extractor, provenance) GROUP BY track_id"
        " HAVING count(*) = ?",
        (len(extractors),),
    )
    return frozenset(row["track_id"] for row in rows)


def sound_values(db: sqlite3.Connection, fingerprint: bytes) -> dict[str, str] | None:
    """What was computed of a recording without failing (extractor -> provenance); None for one that is not known."""
    row = db.execute("SELECT id FROM track WHERE fingerprint = ?", (fingerprint,)).fetchone()
    if row is None:
        return None
    rows = db.execute("SELECT extractor, provenance FROM computed WHERE track_id = ? AND failure IS NULL", (row["id"],))
    return {row["extractor"]: row["provenance"] for row in rows}


def fingerprint(db: sqlite3.Connection, track_id: int) -> bytes:
    """What a track's sound is known by."""
    return bytes(db.execute("SELECT fingerprint FROM track WHERE id = ?", (track_id,)).fetchone()["fingerprint"])


def known_of(db: sqlite3.Connection, file: AudioFile) -> dict[str, str]:
    """What is computed of a file that has not changed (extractor -> provenance); nothing where it is not known."""
    rows = db.execute(
        "SELECT extractor, provenance FROM computed JOIN file USING (track_id) JOIN root ON root.id = root_id"
        " WHERE root.path = ? AND file.path = ? AND (size, mtime_ns) = (?, ?)",
        (os.fsencode(file.root), os.fsencode(file.path), file.size, file.mtime_ns),
    )
    return {row["extractor"]: row["provenance"] for row in rows}


def path_within(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it, both relative to a root, where "" is the root."""
    return not folder or path == folder or path.startswith(folder + "/")


def computed(db: sqlite3.Connection, track_id: int) -> dict[str, str]:
    """What was computed of a track: the provenance by extractor."""
    return dict(db.execute("SELECT extractor, provenance FROM computed WHERE track_id = ?", (track_id,)).fetchall())
