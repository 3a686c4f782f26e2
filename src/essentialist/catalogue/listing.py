"""Rows of the view `listing` as tracks. What they have of distributions is fetched when it is first looked at.

Most questions look at the distributions of a few tracks or of none, and of 100,000 tracks they are millions of numbers.
So the tracks of one answer share a `Distributions`, which fetches those of a track and of some that follow it: more
each time, so that a few are cheap and all of them not dear.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from essentialist.catalogue.database import connected
from essentialist.track import OnDemand, Track

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from essentialist.track import Value

TAGS = "title, artist, album_artist, album, track_number, year, genre, duration"
COLUMNS = f"id, root, path, {TAGS}, tag_bpm, tag_key, added, plays, played, liked"
STEP = 16  # tracks more that are fetched at each miss
MOST_FETCHED: Final = 5_000  # tracks whose distributions are kept at a time, where tracks are held for long


def selection(measured: Sequence[str]) -> str:
    """The columns of `listing` that make a track, those of measurements last."""
    return ", ".join((COLUMNS, *(f'"{name}"' for name in measured)))


class Distributions:
    """What the tracks with these ids have of distributions: descriptor -> label -> probability.

    The most probable label comes first. `names` are the descriptors that there are. Those that are `passing` are kept
    for some thousand tracks only.
    """

    def __init__(self, catalog: Path, ids: Sequence[int], names: frozenset[str], *, passing: bool = False) -> None:
        self.names = names
        self._passing = passing
        self._catalog = catalog
        self._ids = ids
        self._fetched: dict[int, Mapping[str, Mapping[str, float]]] = {}
        self._n_misses = 0

    def of(self, place: int) -> Mapping[str, Mapping[str, float]]:
        """Those of the track in this place."""
        track_id = self._ids[place]
        found = self._fetched.get(track_id)
        if found is None:
            self._n_misses += 1
            with connected(self._catalog, mode="rw") as db:
                found = self.fetch(db, self._ids[place : place + STEP * self._n_misses])[track_id]
        return found

    def fetch_places(self, places: Sequence[int]) -> None:
        """Fetch those of the tracks in some places that are not here yet."""
        lacking = [track_id for place in places if (track_id := self._ids[place]) not in self._fetched]
        if lacking:
            with connected(self._catalog, mode="rw") as db:
                self.fetch(db, lacking)

    def fetch(self, db: sqlite3.Connection, ids: Sequence[int]) -> Mapping[int, Mapping[str, Mapping[str, float]]]:
        """Fetch those of some tracks, and give them by id."""
        labels = {row["id"]: (row["descriptor"], row["name"]) for row in db.execute("SELECT * FROM label")}
        found: dict[int, dict[str, dict[str, float]]] = {track_id: {} for track_id in ids}
        # The order of a CROSS JOIN is kept: without it SQLite may read the probabilities of all tracks.
        for track_id, label_id, value in db.execute(
            "SELECT track_id, label_id, probability.value FROM json_each(?) AS wanted"
            " CROSS JOIN probability ON track_id = wanted.value ORDER BY track_id, probability.value DESC, label_id",
            (json.dumps(list(ids)),),
        ):
            descriptor, name = labels[label_id]
            found[track_id].setdefault(descriptor, {})[name] = value
        if self._passing and len(self._fetched) > MOST_FETCHED:
            self._fetched = {}  # another thread may still read the old one
        self._fetched.update(found)
        return found


class Values(OnDemand):
    """A track's values: numbers and labels at hand, distributions when they are asked for."""

    __slots__ = ("_distributions", "_known", "_place")

    def __init__(self, known: Mapping[str, Value], distributions: Distributions, place: int) -> None:
        self._known = known
        self._distributions = distributions
        self._place = place

    def __getitem__(self, name: str) -> Value:
        if name in self._distributions.names:
            return self._distributions.of(self._place)[name]
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._known
        yield from self._distributions.of(self._place)

    def __len__(self) -> int:
        return len(self._known) + len(self._distributions.of(self._place))

    def __repr__(self) -> str:
        return repr(dict(self))

    def fetch(self, tracks: Sequence[Track]) -> None:
        """Fetch the distributions of those that are of the same answer."""
        values = (track.values for track in tracks)
        alike = [each for each in values if isinstance(each, Values) and each._distributions is self._distributions]
        self._distributions.fetch_places([each._place for each in alike])


def tracks_of(
    rows: Sequence[sqlite3.Row], measured: Sequence[str], distributions: Distributions | None
) -> Iterator[Track]:
    """Rows of `selection` as tracks, in the order of the ids that `distributions` has; without it they have none."""
    n_plain = len(COLUMNS.split(", "))
    for place, row in enumerate(rows):
        known = {name: value for name, value in zip(measured, row[n_plain:], strict=True) if value is not None}
        yield track_of(row[:n_plain], Values(known, distributions, place) if distributions else known)


def track_of(row: Sequence[Any], values: Mapping[str, Value]) -> Track:
    """A row of `COLUMNS` as a track with these values."""
    track_id, root, path, title, artist, album_artist, album, number, year, genre, duration, *others = row
    tag_bpm, tag_key, added, plays, played, liked = others
    return Track(
        track_id,
        Path(os.fsdecode(os.path.join(root, path))),
        title,
        artist,
        album_artist,
        album,
        number,
        year,
        genre,
        duration,
        values,
        tag_bpm,
        tag_key or "",
        added,
        plays,
        played,
        liked or "",
    )


def distribution_names(db: sqlite3.Connection) -> frozenset[str]:
    """The descriptors of which some track has a distribution."""
    return frozenset(row["descriptor"] for row in db.execute("SELECT DISTINCT descriptor FROM label"))


def counts(db: sqlite3.Connection, measured: Sequence[str]) -> dict[str, int]:
    """How many tracks have a value of each descriptor."""
    numbers = db.execute(
        "SELECT " + ", ".join(["count(*)", *(f'count("{name}")' for name in measured)]) + " FROM listing"
    )
    present = dict(zip(measured, numbers.fetchone()[1:], strict=True))
    for name in sorted(distribution_names(db)):
        row = db.execute(
            "SELECT count(*) FROM listing WHERE EXISTS (SELECT 1 FROM probability WHERE track_id = listing.id"
            " AND +label_id IN (SELECT id FROM label WHERE descriptor = ?))",
            (name,),
        ).fetchone()
        if row[0]:
            present[name] = row[0]
    return present
