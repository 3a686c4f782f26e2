"""Which playlists of which servers we made, kept in the catalogue: only those are replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.catalogue.database import transaction

if TYPE_CHECKING:
    from essentialist.address import Address
    from essentialist.catalogue.catalog import Catalog


def is_ours(catalog: Catalog, address: Address, playlist_id: str) -> bool:
    """Whether we made a playlist."""
    with catalog.reading() as db:
        row = db.execute("SELECT 1 FROM pushed WHERE server = ? AND playlist = ?", (str(address), _stored(playlist_id)))
        return row.fetchone() is not None


def remember(catalog: Catalog, address: Address, playlist_id: str) -> None:
    """Keep that we made a playlist."""
    with catalog.connected() as db, transaction(db):
        db.execute("INSERT OR IGNORE INTO pushed VALUES (?, ?)", (str(address), _stored(playlist_id)))


def _stored(playlist_id: str) -> bytes:
    """Names of MPD may be no UTF-8."""
    return playlist_id.encode(errors="surrogateescape")
