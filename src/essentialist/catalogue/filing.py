"""Rows written for one file: the recording that it holds, its place, its tags and what was computed.

Every function works within the caller's transaction.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from essentialist.text import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from essentialist.analysis import Analysis, Heard
    from essentialist.track import AudioFile, Tags, Value


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a file was entered: its track, and whether another file is the one that the track is played from."""

    track_id: int
    is_copy: bool


def file_track(db: sqlite3.Connection, root_id: int, file: AudioFile, heard: Heard) -> Filing | None:
    """Enter a file under the recording that it holds, which may be new; its place and tags are brought up to date.

    None when the recording is neither known nor heard.
    """
    path = os.fsencode(file.path)
    track_id = track_of(db, heard)
    if track_id is None:
        return None
    before = db.execute("SELECT track_id FROM file WHERE root_id = ? AND path = ?", (root_id, path)).fetchone()
    columns = {
        "root_id": root_id,
        "path": path,
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "missing": 0,
        "track_id": track_id,
        **written_tags(heard.tags, file.path),
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    db.execute(
        f"INSERT INTO file ({names}) VALUES ({marks}) ON CONFLICT (root_id, path) DO UPDATE SET {changes}",
        tuple(columns.values()),
    )
    db.execute("DELETE FROM failure WHERE root_id = ? AND path = ?", (root_id, path))
    db.execute("DELETE FROM awaited WHERE track_id = ?", (track_id,))
    mark_vanished(db, track_id)
    settle(db, {track_id, before["track_id"]} if before else {track_id})
    first = db.execute(
        "SELECT file.path, root_id FROM track JOIN file ON file.id = file_id WHERE track.id = ?", (track_id,)
    )
    return Filing(track_id, is_copy=tuple(first.fetchone()) != (path, root_id))


def track_of(db: sqlite3.Connection, heard: Heard) -> int | None:
    """The id of the recording that was heard, entered where it is new; None when it is unknown and was not heard."""
    row = db.execute("SELECT id FROM track WHERE fingerprint = ?", (heard.fingerprint,)).fetchone()
    if row:
        return int(row["id"])
    if heard.sound is None:
        return None
    db.execute(
        "INSERT INTO track (fingerprint, file_id, duration, added, waveform) VALUES (?, 0, ?, ?, ?)",
        (heard.fingerprint, heard.sound.duration, time.time(), heard.sound.waveform),
    )
    return int(db.execute("SELECT last_insert_rowid()").fetchone()[0])


def await_file(db: sqlite3.Connection, track_id: int, sizes: Iterable[int]) -> bool:
    """Keep a recording that no file here holds, until one of such a size turns up; whether it has to wait."""
    if db.execute("SELECT 1 FROM file WHERE track_id = ?", (track_id,)).fetchone():
        return False
    rows = [(track_id, size) for size in set(sizes) or {0}]
    db.executemany("INSERT OR IGNORE INTO awaited VALUES (?, ?)", rows)
    return True


def mark_vanished(db: sqlite3.Connection, track_id: int) -> None:
    """Mark other files of a track that are gone: it may have moved here from a folder that is not looked at now."""
    files = db.execute(
        "SELECT file.id, root.path AS root, file.path FROM file JOIN root ON root.id = root_id"
        " WHERE track_id = ? AND NOT missing",
        (track_id,),
    ).fetchall()
    gone = [(file["id"],) for file in files if not os.path.lexists(os.path.join(file["root"], file["path"]))]
    if len(gone) < len(files):
        db.executemany("UPDATE file SET missing = 1 WHERE id = ?", gone)


def write_values(db: sqlite3.Connection, track_id: int, analysis: Analysis) -> None:
    """Enter what was computed of a track; what could not be determined this time is struck out."""
    for extractor, provenance in analysis.computed.items():
        reason = analysis.failures.get(extractor)
        db.execute(
            "INSERT OR REPLACE INTO computed VALUES (?, ?, ?, ?)",
            (track_id, extractor, provenance, reason and writable(reason)),
        )
    rows = db.execute("SELECT name, kind, extractor FROM descriptor").fetchall()
    outputs = [(row["name"], row["kind"]) for row in rows if row["extractor"] in analysis.computed]
    columns = {name: analysis.values.get(name) for name, kind in outputs if kind != "distribution"}
    if columns:
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns)
        db.execute(
            f"INSERT INTO measurement (track_id, {names}) VALUES (?, {marks})"
            f" ON CONFLICT (track_id) DO UPDATE SET {changes}",
            (track_id, *columns.values()),
        )
    for name in (name for name, kind in outputs if kind == "distribution"):
        write_distribution(db, track_id, name, analysis.values.get(name))
    for network, patches in analysis.embeddings.items():
        vector = packed(patches.mean(axis=0, dtype=np.float32))
        db.execute("INSERT OR REPLACE INTO embedding VALUES (?, ?, ?)", (network, track_id, vector))


def write_distribution(db: sqlite3.Connection, track_id: int, descriptor: str, value: Value | None) -> None:
    """Enter the probabilities of one descriptor in place of those that were there."""
    db.execute(
        "DELETE FROM probability WHERE track_id = ? AND label_id IN (SELECT id FROM label WHERE descriptor = ?)",
        (track_id, descriptor),
    )
    for label, share in (value if isinstance(value, Mapping) else {}).items():
        db.execute("INSERT OR IGNORE INTO label (descriptor, name) VALUES (?, ?)", (descriptor, label))
        db.execute(
            "INSERT INTO probability SELECT id, ?, ? FROM label WHERE descriptor = ? AND name = ?",
            (track_id, share, descriptor, label),
        )


def remember_places(db: sqlite3.Connection, which: str, values: Iterable[tuple[int]]) -> None:
    """Keep where files are told to be that may be struck out or told anew, for playlists that name them there."""
    db.executemany(
        "INSERT OR REPLACE INTO former SELECT"
        " CAST(CASE root.path WHEN x'2F' THEN '' ELSE root.path END || '/' || file.path AS BLOB), fingerprint FROM file"
        f" JOIN root ON root.id = root_id JOIN track ON track.id = track_id WHERE {which}",
        values,
    )


def settle(db: sqlite3.Connection, track_ids: Iterable[int]) -> None:
    """Let tracks be played from their first file that is there, and forget places that they were moved away from.

    A track that no file holds any more is played from file 0, which there is not.
    """
    ids = [(track_id,) for track_id in track_ids]
    remember_places(db, "track_id = ? AND missing", ids)
    db.executemany(
        "DELETE FROM file WHERE track_id = ?1 AND missing"
        " AND EXISTS (SELECT 1 FROM file AS other WHERE other.track_id = ?1 AND NOT other.missing)",
        ids,
    )
    db.executemany(
        "UPDATE track SET file_id = coalesce((SELECT min(id) FROM file WHERE track_id = ?1), 0) WHERE id = ?1", ids
    )


def written_tags(tags: Tags, path: str) -> dict[str, str | float | None]:
    """Tags as columns of `file`."""
    texts = {
        "title": tags.title or "",
        "artist": tags.artist or "",
        "album_artist": tags.album_artist or "",
        "album": tags.album or "",
    }
    shown_path = os.fsencode(path).decode(errors="replace")
    return {
        **texts,
        "track_number": tags.track_number,
        "year": tags.year,
        "genre": tags.genre or "",
        "tag_bpm": tags.bpm,
        "tag_key": tags.key,
        "search": fold(" ".join((*texts.values(), shown_path))),
    }


def packed(vector: NDArray[np.float32]) -> bytes:
    """A vector as little-endian float32."""
    return vector.astype("<f4").tobytes()


def writable(text: str) -> str:
    """A text as SQLite takes it: file names in it that are not UTF-8 show their bytes as escapes."""
    return text.encode(errors="backslashreplace").decode()
