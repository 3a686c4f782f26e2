"""The columns of all tracks, out of the catalogue and into memory.

What is known of the tracks themselves takes seconds to read of 100,000, and changes seldom. What was played and is
liked is read in no time, and changes often. So each is read by itself.
"""

# Only this module's own names and those of the catalogue's descriptors enter the SQL.
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from essentialist.query import Columns, Distribution, Texts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_NUMBERS = ("id", "track_number", "year", "tag_bpm", "duration", "added")
_TEXTS = ("title", "artist", "album_artist", "album", "genre", "tag_key", "path")
_KEPT = np.dtype([("label", "i8"), ("track", "i8"), ("probability", "f8")])


@dataclass(frozen=True, slots=True)
class Past:
    """What was played of a track, when last (s since 1970), and whether it is liked: "yes", "no" or nothing."""

    plays: int = 0
    played: float | None = None
    liked: str | None = None


def read_columns(db: sqlite3.Connection) -> Columns:
    """Read all that a query can ask about."""
    return with_past(read_music(db), read_past(db))


def read_music(db: sqlite3.Connection) -> Columns:
    """Read what is known of the tracks themselves, in one pass over the tracks and one over the labels."""
    names: dict[str, list[str]] = {"number": [*_NUMBERS], "label": [*_TEXTS], "distribution": []}
    for name, kind in db.execute("SELECT name, kind FROM descriptor ORDER BY position, name"):
        names[kind].append(name)
    numbers, texts = _of_tracks(db, names["number"], names["label"])
    ids = numbers["id"].astype(np.int64)
    return Columns(ids, numbers, texts, _of_labels(db, names["distribution"], ids))


def read_past(db: sqlite3.Connection) -> dict[int, Past]:
    """Read what was played and is liked, by tracks; those that are not here have nothing of it."""
    rows = _plain(db).execute(
        "SELECT track.id, taste.plays, taste.played, taste.liked"
        " FROM taste JOIN track ON track.fingerprint = taste.fingerprint"
    )
    return {track_id: Past(plays, played, liked) for track_id, plays, played, liked in rows}


def with_past(columns: Columns, past: Mapping[int, Past]) -> Columns:
    """The same columns, with those of the past."""
    known = {place: past[track_id] for place, track_id in enumerate(columns.ids.tolist()) if track_id in past}
    places = list(known)
    plays, played = np.zeros(len(columns)), np.full(len(columns), np.nan)
    plays[places] = [each.plays for each in known.values()]
    played[places] = np.array([each.played for each in known.values()], np.float64)
    liked: list[str | bytes | None] = [None] * len(columns)
    for place, each in known.items():
        liked[place] = each.liked
    return replace(
        columns,
        numbers={**columns.numbers, "plays": plays, "played": played},
        texts={**columns.texts, "liked": Texts.of(liked)},
    )


def without_past(columns: Columns) -> Columns:
    """The same columns, without those of the past."""
    numbers = {name: values for name, values in columns.numbers.items() if name not in {"plays", "played"}}
    return replace(columns, numbers=numbers, texts={k: v for k, v in columns.texts.items() if k != "liked"})


def _of_tracks(
    db: sqlite3.Connection, numbers: Sequence[str], texts: Sequence[str]
) -> tuple[dict[str, NDArray[np.float64]], dict[str, Texts]]:
    names = [*numbers, *texts, "search"]
    chosen = ", ".join(f'"{name}"' for name in names)
    values = list(zip(*_plain(db).execute(f"SELECT {chosen} FROM listing ORDER BY id"), strict=True))
    column = dict(zip(names, values or [()] * len(names), strict=True))
    searched = {"search": Texts.of(column["search"], folding=str)}  # the catalogue keeps it folded
    return (
        {name: np.array(column[name], np.float64) for name in numbers},
        {name: Texts.of(column[name]) for name in texts} | searched,
    )


def _of_labels(db: sqlite3.Connection, names: Sequence[str], ids: NDArray[np.int64]) -> dict[str, Distribution]:
    kept = np.fromiter(
        _plain(db).execute("SELECT label_id, track_id, value FROM probability ORDER BY label_id, track_id"), _KEPT
    )
    listed = np.isin(kept["track"], ids)
    if not listed.all():
        kept = kept[listed]
    rows = np.searchsorted(ids, kept["track"]).astype(np.int32)
    label_ids, probabilities = kept["label"].copy(), kept["probability"].copy()  # each in one stretch of memory
    del kept
    found = {}
    for name in names:
        labels = _plain(db).execute("SELECT id, name FROM label WHERE descriptor = ? ORDER BY id", (name,)).fetchall()
        limits = np.searchsorted(
            label_ids, np.array([(label_id, label_id + 1) for label_id, _ in labels]).reshape(-1, 2)
        )
        stretches = [slice(start, end) for start, end in limits.tolist()]
        found[name] = Distribution(
            tuple(label for _, label in labels),
            np.cumsum([0, *(stretch.stop - stretch.start for stretch in stretches)]),
            np.concatenate([rows[:0], *(rows[stretch] for stretch in stretches)]),
            np.concatenate([probabilities[:0], *(probabilities[stretch] for stretch in stretches)]),
        )
    return found


def _plain(db: sqlite3.Connection) -> sqlite3.Cursor:
    """A cursor that gives tuples: half the time of rows with names."""
    rows = db.cursor()
    rows.row_factory = None
    return rows
