"""What was played and what is liked: local, optional, and known by recordings, so that a moved file keeps it.

`plays`, `played` and `liked` are fields of every query. The same listen imported twice, from one service or two, counts
once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from essentialist.catalogue import listens
from essentialist.catalogue.database import transaction
from essentialist.exports import Entry
from essentialist.playlist_files.matching import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.catalogue.catalog import Catalog
    from essentialist.history_files import Listen


@dataclass(slots=True)
class Imported:
    """What became of the listens of a file; `unknown` counts plays by what is not in the collection."""

    n_plays: int = 0
    n_matched: int = 0
    tracks: set[int] = field(default_factory=set)
    unknown: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Known:
    """What the history holds."""

    plays: int
    played: int
    liked: int
    disliked: int


def keep_listens(catalog: Catalog, listens: Iterable[Listen]) -> Imported:
    """Enter listens of tracks that are here, and tell which are not."""
    collection, done = Collection(catalog), Imported()
    heard: Counter[tuple[int, float]] = Counter()
    for listen in listens:
        done.n_plays += listen.plays
        found = collection.meant(Entry(listen.path, listen.title, listen.artist, listen.album, listen.duration))
        if found is None:
            done.unknown[str(listen)] += listen.plays
            continue
        done.n_matched += listen.plays
        done.tracks.add(found.track_id)
        known = heard[found.track_id, listen.at]
        heard[found.track_id, listen.at] = max(known, listen.plays) if listen.at else known + listen.plays
    enter(catalog, heard)
    return done


def enter(catalog: Catalog, heard: Mapping[tuple[int, float], int]) -> None:
    """Enter how often tracks were played at which time (s since 1970; 0 for unknown), and count anew."""
    with catalog.connected() as db:
        listens.enter(db, heard)


def judge(catalog: Catalog, ids: Iterable[int], liked: bool | None) -> None:
    """Like tracks, dislike them, or take either back (None)."""
    verdict = None if liked is None else "yes" if liked else "no"
    with catalog.connected() as db, transaction(db):
        db.executemany(
            "INSERT INTO taste (fingerprint, liked) SELECT fingerprint, ? FROM track WHERE id = ?"
            " ON CONFLICT (fingerprint) DO UPDATE SET liked = excluded.liked",
            [(verdict, track_id) for track_id in ids],
        )


def disliked(catalog: Catalog) -> frozenset[int]:
    """The ids of the tracks that are disliked."""
    with catalog.reading() as db:
        rows = db.execute(
            "SELECT track.id FROM taste JOIN track ON track.fingerprint = taste.fingerprint WHERE liked = 'no'"
        )
        return frozenset(row["id"] for row in rows)


def forget_plays(catalog: Catalog) -> None:
    """Strike out all that was played; what is liked stays."""
    with catalog.connected() as db, transaction(db):
        db.execute("DELETE FROM listen")
        db.execute("DELETE FROM taste WHERE liked IS NULL")
        db.execute("UPDATE taste SET plays = 0, played = NULL")


def known(catalog: Catalog) -> Known:
    """How much the history holds, also of recordings that are not here now."""
    with catalog.reading() as db:
        row = db.execute(
            "SELECT coalesce(sum(plays), 0), count(*) FILTER (WHERE plays > 0), count(*) FILTER (WHERE liked = 'yes'),"
            " count(*) FILTER (WHERE liked = 'no') FROM taste"
        ).fetchone()
    return Known(*row)
