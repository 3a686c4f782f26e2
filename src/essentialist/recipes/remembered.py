"""Which tracks a recipe had when it was last made, kept in the catalogue: another collection has another last time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.catalogue.database import transaction
from essentialist.recipes.naming import clean, fingerprints, shown

if TYPE_CHECKING:
    from essentialist.catalogue.catalog import Catalog
    from essentialist.playlist import Playlist
    from essentialist.track import Track


@dataclass(frozen=True, slots=True)
class Earlier:
    """A track of the last time: `track` is None where it is not there any more; `title` is what it was."""

    fingerprint: bytes
    title: str
    track: Track | None


def last_time(catalog: Catalog, name: str) -> tuple[Earlier, ...]:
    """What was made of a recipe the last time, in its order; nothing where it was never made here."""
    with catalog.reading() as db:
        rows = db.execute(
            "SELECT made.fingerprint, made.title, track.id FROM made"
            " LEFT JOIN track ON track.fingerprint = made.fingerprint WHERE recipe = ? ORDER BY place",
            (name,),
        ).fetchall()
    there = catalog.with_ids([row["id"] for row in rows if row["id"] is not None])
    return tuple(Earlier(bytes(row["fingerprint"]), row["title"], there.get(row["id"])) for row in rows)


def remember(catalog: Catalog, name: str, playlist: Playlist) -> None:
    """Keep the tracks of a playlist as those that the recipe had last."""
    known = fingerprints(catalog, (track.id for track in playlist.tracks))
    rows = [
        (name, place, known[track.id], clean(shown(track)))
        for place, track in enumerate(playlist.tracks)
        if track.id in known
    ]
    with catalog.connected() as db, transaction(db):
        db.execute("DELETE FROM made WHERE recipe = ?", (name,))
        db.executemany("INSERT INTO made VALUES (?, ?, ?, ?)", rows)


def renamed(catalog: Catalog, old: str, new: str) -> None:
    """Keep what was remembered of a recipe under its new name."""
    with catalog.connected() as db, transaction(db):
        db.execute("DELETE FROM made WHERE recipe = ?", (new,))
        db.execute("UPDATE made SET recipe = ? WHERE recipe = ?", (new, old))


def forget(catalog: Catalog, name: str) -> None:
    """Strike out what was remembered of a recipe."""
    with catalog.connected() as db, transaction(db):
        db.execute("DELETE FROM made WHERE recipe = ?", (name,))
