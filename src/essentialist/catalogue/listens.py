"""What was played, as rows of the catalogue: each listen once, and what they add up to for each recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.catalogue.database import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


def enter(db: sqlite3.Connection, heard: Mapping[tuple[int, float], int]) -> None:
    """Enter how often tracks were played at which time (s since 1970; 0 for unknown), and count anew."""
    rows = [(at, plays, track_id) for (track_id, at), plays in heard.items()]
    with transaction(db):
        db.executemany(
            "INSERT INTO listen SELECT fingerprint, ?, ? FROM track WHERE id = ?"
            " ON CONFLICT (fingerprint, at) DO UPDATE SET plays = max(plays, excluded.plays)",
            rows,
        )
        db.execute(
            "INSERT INTO taste (fingerprint, plays, played)"
            " SELECT fingerprint, sum(plays), nullif(max(at), 0) FROM listen WHERE true GROUP BY fingerprint"
            " ON CONFLICT (fingerprint) DO UPDATE SET plays = excluded.plays, played = excluded.played"
        )
