"""A small catalogue to ask: the real tables, four tracks that can be found and one whose file is gone."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from essentialist.catalogue.held_columns import read_columns
from essentialist.catalogue.schema import MIGRATIONS, listing_view
from essentialist.descriptors import Descriptor
from essentialist.query import fields_of, mask, sql
from essentialist.text import fold

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.query.tree import Tree

NOW = dt.datetime(2024, 6, 30, 12).timestamp()
DAY_S = 86_400
STYLES = ("Electronic---House", "Electronic---Deep House", "Funk / Soul---Disco", "Rock---Indie")
DESCRIPTORS = (
    Descriptor("bpm", "Tempo", "number", "BPM", (30, 300), ""),
    Descriptor("loudness", "Loudness", "number", "LUFS", (-70, 10), ""),
    Descriptor("voice", "Voice", "number", "", (0, 1), ""),
    Descriptor("intro", "Introduction", "number", "s", None, ""),
    Descriptor("key", "Key", "label", "", None, ""),
    Descriptor("scale", "Scale", "label", "", None, "", ("major", "minor")),
    Descriptor("camelot", "Camelot", "label", "", None, ""),
    Descriptor("styles", "Styles", "distribution", "", None, "", STYLES),
    Descriptor("tags", "Tags", "distribution", "", None, "", ("piano", "female vocalists")),
    Descriptor("moods", "Moods", "distribution", "", None, "", ("happy", "sad")),
)
COLUMNS = tuple(descriptor.name for descriptor in DESCRIPTORS if descriptor.kind != "distribution")
FIELDS = fields_of(DESCRIPTORS)


@dataclass(frozen=True)
class Row:
    """A track of the test's catalogue."""

    title: str = ""
    artist: str = ""
    album: str = ""
    path: bytes = b""
    genre: str = ""
    year: int | None = None
    duration: float = 200.0
    added: float = NOW
    missing: int = 0
    values: dict[str, float | str] = field(default_factory=dict)
    labels: dict[str, dict[str, float]] = field(default_factory=dict)


ROWS = (
    Row(
        title="Sinnerman",
        artist="Nina Simone",
        album="Pastel Blues",
        path=b"Nina Simone/Sinnerman.flac",
        genre="Jazz",
        year=1965,
        duration=622,
        added=NOW - 2 * DAY_S,
        values={"bpm": 120.0, "voice": 0.9, "loudness": -14.0, "key": "A", "scale": "minor", "intro": 45.0},
        labels={"tags": {"piano": 0.6, "female vocalists": 0.2}, "moods": {"happy": 0.3, "sad": 0.7}},
    ),
    Row(
        title="Hoppípolla",
        artist="Sigur Rós",
        album="Takk…",
        path="Sigur Rós/Hoppípolla.flac".encode(),
        genre="Post-Rock",
        year=2005,
        duration=268.4,
        added=NOW - 40 * DAY_S,
        values={"bpm": 119.6, "voice": 0.3, "loudness": -9.5, "key": "B", "scale": "major"},
        labels={"styles": {"Rock---Indie": 0.5}, "moods": {"happy": 0.8}},
    ),
    Row(
        title="100%_pure",
        artist="Straße",
        path=b"odd/\xff\xfe 100%.mp3",
        genre="House",
        year=1999,
        duration=359.9,
        added=dt.datetime(2024, 1, 15, 8).timestamp(),
        values={"bpm": 128.0, "voice": 0.0, "loudness": -8.0, "key": "F#", "scale": "minor"},
        labels={"styles": {"Electronic---House": 0.05, "Electronic---Deep House": 0.4, "Funk / Soul---Disco": 0.2}},
    ),
    Row(
        title="Don\u2019t \u201cStop\u201d",
        artist="None",
        path=b"x/stop.ogg",
        duration=210.0,
        values={"bpm": 90.0, "key": "Gb"},
    ),
    Row(title="Gone Sinnerman", artist="Nina Simone", values={"bpm": 120.0}, missing=1),
)


def catalogue(path: Path, rows: tuple[Row, ...]) -> sqlite3.Connection:
    """The real tables with these tracks, numbered from 1."""
    connection = sqlite3.connect(path)
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.executescript("".join(MIGRATIONS))
    for column in COLUMNS:
        connection.execute(f'ALTER TABLE measurement ADD COLUMN "{column}"')
    connection.executescript(listing_view(COLUMNS))
    connection.execute("INSERT INTO root VALUES (1, ?)", (b"/music",))
    for descriptor in DESCRIPTORS:
        connection.execute(
            "INSERT INTO descriptor VALUES (?, ?, ?, ?, NULL, NULL, '', '[]', 0, '', 0)",
            (descriptor.name, descriptor.title, descriptor.kind, descriptor.unit),
        )
        connection.executemany(
            "INSERT INTO label (descriptor, name) VALUES (?, ?)",
            [(descriptor.name, name) for name in descriptor.labels],
        )
    for number, row in enumerate(rows, start=1):
        _insert(connection, number, row)
    return connection


def _insert(connection: sqlite3.Connection, number: int, row: Row) -> None:
    path = row.path or str(number).encode()
    search = " ".join((row.title, row.artist, row.album, path.decode(errors="replace")))
    connection.execute(
        "INSERT INTO track VALUES (?, ?, ?, ?, ?, NULL)",
        (number, str(number).encode(), number, row.duration, row.added),
    )
    file = (number, 1, path, 1, 1, row.missing, number)
    tags = (row.title, row.artist, "", row.album, None, row.year, row.genre, None, None, fold(search))
    connection.execute(f"INSERT INTO file VALUES ({', '.join('?' * 17)})", file + tags)
    connection.execute("INSERT INTO measurement (track_id) VALUES (?)", (number,))
    for name, value in row.values.items():
        connection.execute(f'UPDATE measurement SET "{name}" = ? WHERE track_id = ?', (value, number))
    for descriptor, probabilities in row.labels.items():
        for label, value in probabilities.items():
            connection.execute(
                "INSERT INTO probability SELECT id, ?, ? FROM label WHERE descriptor = ? AND name = ?",
                (number, value, descriptor, label),
            )


def masked(connection: sqlite3.Connection, tree: Tree) -> list[int]:
    """The ids that a tree finds, by mask."""
    columns = read_columns(connection)
    return [int(id_) for id_ in columns.ids[mask(tree, columns, now=NOW)]]


def found(connection: sqlite3.Connection, tree: Tree) -> list[int]:
    """The ids that a tree finds, by SQL."""
    clause = sql(tree, now=NOW)
    rows = connection.execute(f"SELECT id FROM listing WHERE {clause.text} ORDER BY id", clause.arguments)
    return [id_ for (id_,) in rows]
