"""Where a recording can be heard: its files, and what it is known by."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.errors import UnknownTrack
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from essentialist.catalogue.catalog import Catalog
    from essentialist.query import Clause

LARGEST_ID = 2**63 - 1  # of SQLite


@dataclass(frozen=True, slots=True)
class Source:
    """A recording and the files that hold it, the listed one first and those that were not found last.

    `duration` in s; `waveform` is its outline (400 peaks, 0 to 255).
    """

    track_id: int
    fingerprint: bytes
    duration: float
    waveform: bytes
    files: tuple[AudioFile, ...]


def source(catalog: Catalog, track_id: int) -> Source:
    """The source of a track; UnknownTrack where there is none with this id."""
    with catalog.reading() as db:
        query = "SELECT fingerprint, duration, waveform, file_id FROM track WHERE id = ?"
        row = db.execute(query, (track_id,)).fetchone() if 0 <= track_id <= LARGEST_ID else None
        if row is None:
            raise UnknownTrack(f"No track {track_id} in the catalogue.")
        files = db.execute(
            "SELECT root.path AS root, file.path, size, mtime_ns FROM file JOIN root ON root.id = root_id"
            " WHERE track_id = ? ORDER BY missing, file.id <> ?, file.id",
            (track_id, row["file_id"]),
        ).fetchall()
    return Source(
        track_id,
        bytes(row["fingerprint"]),
        row["duration"],
        bytes(row["waveform"] or b""),
        tuple(AudioFile(os.fsdecode(root), os.fsdecode(path), size, mtime_ns) for root, path, size, mtime_ns in files),
    )


def roots(catalog: Catalog) -> tuple[bytes, ...]:
    """The folders that were analysed, as on disk."""
    return tuple(map(os.fsencode, catalog.roots()))


def fingerprints(catalog: Catalog, where: Clause) -> dict[int, bytes]:
    """What the listed tracks are known by that a condition holds for, by id."""
    query = f"SELECT id, fingerprint FROM track WHERE id IN (SELECT id FROM listing WHERE {where.text})"
    with catalog.reading() as db:
        return dict(db.execute(query, where.arguments).fetchall())


def all_fingerprints(catalog: Catalog) -> frozenset[bytes]:
    """Of all recordings, also of those whose files are not there."""
    with catalog.reading() as db:
        return frozenset(bytes(row["fingerprint"]) for row in db.execute("SELECT fingerprint FROM track"))
