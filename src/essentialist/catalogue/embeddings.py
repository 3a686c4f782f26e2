"""The mean embeddings of a whole collection, out of the catalogue and into memory.

An exact search over all of them is fast enough for any collection of one person (docs/big-collections.md), so there is
no index. What costs is to read them: once for a command, and for a program that stays once after each change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import sqlite3

    from numpy.typing import NDArray

EMBEDDING = "msd-musicnn-1"
"""The network whose embeddings say what sounds alike."""

AT_A_TIME = 2_000  # rows that are read together


def raw_embeddings(db: sqlite3.Connection, model: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Ids, ascending, and mean embeddings of a network of all listed tracks; shapes (n,) and (n, n_dims).

    They are read some at a time into one array, so that a million take no more memory than they need.
    """
    listed = {row[0] for row in db.execute("SELECT id FROM listing")}
    n_dims = db.execute("SELECT length(vector) / 4 FROM embedding WHERE model = ?", (model,)).fetchone()
    vectors = np.empty((len(listed), n_dims[0] if n_dims else 0), np.float32)
    ids = np.empty(len(listed), np.int64)
    cursor = db.execute("SELECT track_id, vector FROM embedding WHERE model = ? ORDER BY track_id", (model,))
    cursor.row_factory = None  # plain tuples are faster
    n_read = 0
    while rows := cursor.fetchmany(AT_A_TIME):
        kept = [row for row in rows if row[0] in listed]
        span = slice(n_read, n_read + len(kept))
        ids[span] = [track_id for track_id, _ in kept]
        vectors[span] = np.frombuffer(b"".join(vector for _, vector in kept), "<f4").reshape(len(kept), -1)
        n_read = span.stop
    return ids[:n_read], vectors[:n_read]
