"""How long queries take on a made-up catalogue, by SQL and by mask: median milliseconds and tracks found.

Before, what it takes to hold the columns in memory: seconds, and megabytes that stay and that are needed meanwhile.

Usage: python benchmarks/query.py [--tracks N] [--repeat N]
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.catalogue.held_columns import read_columns
from essentialist.catalogue.schema import MIGRATIONS, listing_view
from essentialist.descriptors import Descriptor
from essentialist.query import fields_of, mask, parse, sql
from essentialist.query.keys import TONICS
from essentialist.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sized

    from essentialist.query import Columns, Field

NUMBERS = ("bpm", "loudness", "danceability", "voice", "arousal", "valence", *(f"number_{n}" for n in range(14)))
STYLES = tuple(f"Genre {n // 25}---Style {n}" for n in range(400))
TAGS = tuple(f"tag {n}" for n in range(50))
DESCRIPTORS = (
    *(Descriptor(name, name, "number", "", None, "") for name in NUMBERS),
    *(Descriptor(name, name, "label", "", None, "") for name in ("key", "scale", "camelot")),
    Descriptor("styles", "Styles", "distribution", "", None, "", STYLES),
    Descriptor("tags", "Tags", "distribution", "", None, "", TAGS),
)
QUERIES = (
    "",
    "bpm:120..130",
    "-bpm:120..130",
    "valence:p80..",
    "valence:p20..p80 bpm:>p50",
    "key:Am,8B,F#",
    "queen love",
    '"night queen"',
    'artist:"artist 12 queen"',
    "artist:=queen",
    "album_artist:queen",
    "genre:rock",
    "path:flac",
    "e",
    "-artist:queen",
    "added:<30d duration:<6m",
    'style:"style 12"',
    'style:"genre 3"',
    '-style:"genre 3"',
    'tag:"tag 7"<0.2',
    'tag:"tag 7">p90',
    "tags:none",
    'bpm:120..130 style:"style 12" voice:<0.3 key:8A duration:<6m added:<300d loudness:-14..-8 valence:p80..',
)


def main() -> None:
    """Build the catalogue and time every query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        connection = catalogue(Path(folder) / "catalogue.db", options.tracks)
        fields = fields_of(DESCRIPTORS)
        columns = held(connection)
        print(f"{'SQL ms':>8} {'mask ms':>8} {'tracks':>8}")
        for query in QUERIES:
            asked = {"sql": by_sql(connection, query, fields), "mask": by_mask(columns, query, fields)}
            times = {way: [timed(ask) for _ in range(options.repeat)] for way, ask in asked.items()}
            found = {way: len(ask()) for way, ask in asked.items()}
            assert found["sql"] == found["mask"], query
            medians = [f"{1_000 * statistics.median(times[way]):8.1f}" for way in asked]
            print(*medians, f"{found['mask']:8,}", f" {query or '(all)'}")
        connection.close()


def held(connection: sqlite3.Connection) -> Columns:
    """Read the columns, and say what it takes."""
    seconds = timed(lambda: read_columns(connection))
    tracemalloc.start()
    columns = read_columns(connection)
    stays, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"{len(columns):,} tracks held in {seconds:.2f} s; {stays / 1e6:.0f} MB, at most {most / 1e6:.0f} MB meanwhile"
    )
    return columns


def by_sql(connection: sqlite3.Connection, query: str, fields: Mapping[str, Field]) -> Callable[[], Sized]:
    """Ask the catalogue."""

    def ask() -> Sized:
        clause = sql(parse(query, fields))
        return connection.execute(f"SELECT id FROM listing WHERE {clause.text}", clause.arguments).fetchall()

    return ask


def by_mask(columns: Columns, query: str, fields: Mapping[str, Field]) -> Callable[[], Sized]:
    """Ask the columns."""
    return lambda: columns.ids[mask(parse(query, fields), columns)]


def timed(ask: Callable[[], object]) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def catalogue(path: Path, n_tracks: int) -> sqlite3.Connection:
    """Write a catalogue with the real tables and random tracks."""
    connection = sqlite3.connect(path)
    connection.create_function("fold", 1, fold, deterministic=True)
    columns = [*NUMBERS, "key", "scale", "camelot"]
    connection.executescript("".join(MIGRATIONS))
    for column in columns:
        connection.execute(f'ALTER TABLE measurement ADD COLUMN "{column}"')
    connection.executescript(listing_view(tuple(columns)))
    generator = random.Random(1)  # the same catalogue every time
    connection.execute("INSERT INTO root VALUES (1, ?)", (b"/music",))
    connection.executemany(
        "INSERT INTO descriptor VALUES (?, ?, ?, '', NULL, NULL, '', '', 0, '', 0)",
        [(each.name, each.title, each.kind) for each in DESCRIPTORS],
    )
    labels = [("styles", name) for name in STYLES] + [("tags", name) for name in TAGS]
    connection.executemany("INSERT INTO label (descriptor, name) VALUES (?, ?)", labels)
    ids = range(1, n_tracks + 1)
    connection.executemany("INSERT INTO track VALUES (?, ?, ?, ?, ?, NULL)", (_track(generator, id_) for id_ in ids))
    connection.executemany(f"INSERT INTO file VALUES ({', '.join('?' * 17)})", (_file(generator, id_) for id_ in ids))
    places = ", ".join("?" * (len(columns) + 1))
    connection.executemany(
        f"INSERT INTO measurement VALUES ({places})", (_measurement(generator, id_) for id_ in ids if id_ % 20)
    )
    connection.executemany("INSERT INTO probability VALUES (?, ?, ?)", _probabilities(generator, n_tracks))
    connection.commit()
    return connection


def _track(generator: random.Random, id_: int) -> tuple[object, ...]:
    return id_, id_.to_bytes(16, "big"), id_, generator.uniform(60, 600), time.time() - generator.uniform(0, 4e7)


def _file(generator: random.Random, id_: int) -> tuple[object, ...]:
    artist = f"Artist {id_ // 12 % 9_000} {generator.choice(('Quéen', 'Trio', 'Band'))}"
    title, album = f"Track {id_} {generator.choice(('Love', 'Night', 'Rain'))}", f"Album {id_ // 12}"
    path = f"{artist}/{album}/{id_ % 12:02} {title}.flac"
    search = fold(f"{title} {artist} {album} {path}")
    genre = generator.choice(("Rock", "Jazz", "Électronique", "Folk"))
    tags = (title, artist, artist, album, id_ % 12, generator.randint(1950, 2025), genre, None, None, search)
    return id_, 1, path.encode(), 1, 1, 0, id_, *tags


def _measurement(generator: random.Random, id_: int) -> tuple[object, ...]:
    numbers = [generator.uniform(60, 180), generator.uniform(-25, -5), *(generator.random() for _ in NUMBERS[2:])]
    return id_, *numbers, generator.choice(TONICS), generator.choice(("major", "minor")), "8A"


def _probabilities(generator: random.Random, n_tracks: int) -> Iterator[tuple[int, int, float]]:
    """In the order of the primary key, as an index likes it: 8 styles and 25 tags a track."""
    n_labels = len(STYLES) + len(TAGS)
    for label_id in range(1, n_labels + 1):
        share = 8 / len(STYLES) if label_id <= len(STYLES) else 25 / len(TAGS)
        for track_id in range(1, n_tracks + 1):
            if track_id % 20 and generator.random() < share:
                yield label_id, track_id, generator.betavariate(1, 4)


if __name__ == "__main__":
    main()
