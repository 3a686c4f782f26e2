"""Embeddings of every patch, kept beside the catalogue so that a head that comes later needs no audio.

A head runs on each patch and its outputs are averaged; of the mean embedding it would say something else (off by 0.1
in arousal and valence). So the patches are kept, in half precision, in a file of their own: `catalog.db` stays small,
and `catalog.patches.db` (13 KB a track for MusiCNN, 82 KB for EffNet) can be deleted at the price of listening again.

What is kept of a recording goes by its fingerprint. It is written before the catalogue: after a crash there may be
patches that no track knows of, never a track with another recording's patches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from essentialist.catalogue.database import connected, transaction, write_ahead

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from essentialist.settings import Profile

SUFFIX = ".patches.db"
SCHEMA = """
    CREATE TABLE IF NOT EXISTS patches (
        network TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        weights TEXT NOT NULL,
        profile TEXT NOT NULL,
        n_dims INTEGER NOT NULL,
        embeddings BLOB NOT NULL,
        PRIMARY KEY (network, fingerprint)
    ) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class KeptPatches:
    """What a network said of a recording, patch by patch.

    `embeddings` of shape (n_patches, n_dims), float16 when kept; `weights` names the network's file by the beginning
    of its SHA-256; `profile` is how thoroughly the recording was listened to.
    """

    network: str
    weights: str
    profile: Profile
    embeddings: NDArray[np.float16]


class PatchStore:
    """The file beside a catalogue; use it as the context of a run, over which it keeps one connection."""

    def __init__(self, catalog: Path) -> None:
        self.path = catalog.with_suffix(SUFFIX)
        self._context = connected(self.path)

    def __enter__(self) -> PatchStore:
        self.db = self._context.__enter__()
        prepare(self.db)
        return self

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(*error)  # type: ignore[arg-type]

    def keep(self, fingerprint: bytes, patches: Iterable[KeptPatches]) -> None:
        """Keep patches of a recording, in place of older ones of the same networks.

        Raises CatalogUnwritable when the file cannot be written.
        """
        rows = [
            (each.network, fingerprint, each.weights, each.profile, each.embeddings.shape[1], packed(each))
            for each in patches
        ]
        with transaction(self.db):
            self.db.executemany("INSERT OR REPLACE INTO patches VALUES (?, ?, ?, ?, ?, ?)", rows)

    def recall(self, fingerprint: bytes, network: str) -> KeptPatches | None:
        """What was kept of a recording, or None."""
        row = self.db.execute(
            "SELECT weights, profile, n_dims, embeddings FROM patches WHERE network = ? AND fingerprint = ?",
            (network, fingerprint),
        ).fetchone()
        if row is None:
            return None
        embeddings = np.frombuffer(row["embeddings"], "<f2").reshape(-1, row["n_dims"])
        return KeptPatches(network, row["weights"], row["profile"], embeddings)


def prepare(db: sqlite3.Connection) -> None:
    """Make the table where it is not there; as in the catalogue, a crash of the program loses nothing."""
    write_ahead(db)
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute(SCHEMA)


def packed(patches: KeptPatches) -> bytes:
    """Embeddings as little-endian float16, patch after patch."""
    return patches.embeddings.astype("<f2").tobytes()
