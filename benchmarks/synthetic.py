"""A made-up catalogue of any size, for benchmarks: 100,000 tracks in about a minute, a million in about ten.

    python benchmarks/synthetic.py CATALOG N_TRACKS [--files FOLDER]

The rows are written in bulk through the project's own schema. What they say hangs together as in real collections:
tracks belong to sounds (clusters of embeddings), artists have a sound of their own and as many tracks as Zipf's law
gives them, tags, tempo, loudness and emotion follow the sound, albums have a year; some tracks are versions of others,
some files are copies. With `--files` the files are there too, empty but of their right size, so that a scan finds all
unchanged and a playlist can be made.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from essentialist.analysis import provenance
from essentialist.camelot import camelot
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.database import measured_columns, transaction
from essentialist.catalogue.recorder import Recorder
from essentialist.descriptors import usable
from essentialist.models import installed, network
from essentialist.text import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    from essentialist.descriptors import Descriptor

NETWORK = "msd-musicnn-1"
N_SOUNDS = 60
TRACKS_AN_ARTIST = 12  # on average; by Zipf's law one has hundreds and most have a few
TRACKS_AN_ALBUM = 11
COPIES = 0.02  # of all tracks have a second file
VERSIONS = 0.04  # are another version of the track before them
FIRST_YEAR, LAST_YEAR = 1955, 2025
NOW = 1_760_000_000.0  # when the collection was analysed, s since 1970
CHUNK = 20_000  # tracks written at a time
GENRES = ("Rock", "Pop", "Jazz", "Electronic", "Hip-Hop", "Classical", "Folk", "Metal", "Soul", "Ambient")
WORDS = (
    *("Night", "Rain", "Summer", "Blue", "Fire", "Home", "River", "Light", "Dream", "Road", "Stone", "Gold", "Winter"),
    *("Heart", "City", "Moon", "Shadow", "Star", "Sea", "Wild", "Love", "Time", "Dance", "Sun", "Morning", "Ghost"),
    *("Mirror", "Silver", "Paper", "Glass", "Ocean", "Garden", "Storm", "Echo", "Mountain", "Velvet", "Motion"),
)
MARKS = ("Live", "Remastered 2011", "Demo", "Radio Edit")
TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True, slots=True)
class Sounds:
    """What tracks have in common, by sound: shape (n_sounds, ...)."""

    centres: NDArray[np.float32]
    tags: NDArray[np.float32]  # log-odds
    tempo: NDArray[np.float32]  # beats per minute
    place: NDArray[np.float32]  # 0 to 1, where numbers lie in their range, by descriptor


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays what: for each track its artist, its album and its place on it."""

    artist: NDArray[np.int64]
    album: NDArray[np.int64]
    number: NDArray[np.int64]
    sound_of: NDArray[np.int64]  # of each artist

    @classmethod
    def of(cls, n_tracks: int, chance: Generator) -> Cast:
        """Give artists as many tracks as Zipf's law says, in albums of about eleven."""
        n_artists = max(1, n_tracks // TRACKS_AN_ARTIST)
        share = 1 / np.arange(1, n_artists + 1) ** 0.8
        artist = np.sort(chance.choice(n_artists, n_tracks, p=share / share.sum()))
        place = np.arange(n_tracks) - np.searchsorted(artist, artist)
        album = artist * 10_000 + place // TRACKS_AN_ALBUM
        return cls(artist, album, place % TRACKS_AN_ALBUM + 1, chance.integers(0, N_SOUNDS, n_artists))


def write(catalog: Catalog, n_tracks: int, root: Path, *, files: bool = False, seed: int = 0) -> None:
    """Fill an empty catalogue with tracks under `root`; with `files`, make those too."""
    extractors = usable(installed())
    chance = np.random.default_rng(seed)
    outputs = [descriptor for extractor in extractors for descriptor in extractor.outputs]
    tags = next(descriptor for descriptor in outputs if descriptor.kind == "distribution")
    sounds = made_up_sounds(len(tags.labels), len(outputs), network(NETWORK).n_dims, chance)
    with Recorder(catalog) as recorder:
        recorder.learn(extractors)
        db = recorder.db
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -500000")
        indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL").fetchall()
        with transaction(db):
            for index in indexes:
                db.execute(f"DROP INDEX {index['name']}")
            db.execute("INSERT INTO root VALUES (1, ?)", (os.fsencode(root),))
            labels = [(place, tags.name, label) for place, label in enumerate(tags.labels, 1)]
            db.executemany("INSERT INTO label VALUES (?, ?, ?)", labels)
            cast = Cast.of(n_tracks, chance)
            probabilities = [
                write_chunk(db, range(first, min(first + CHUNK, n_tracks)), cast, sounds, outputs)
                for first in range(0, n_tracks, CHUNK)
            ]
            write_probabilities(db, probabilities)
            write_computed(db, n_tracks)
            for index in indexes:
                db.execute(index["sql"])
        db.execute("PRAGMA journal_mode = WAL")
    if files:
        make_files(catalog, root)


def made_up_sounds(n_tags: int, n_numbers: int, n_dims: int, chance: Generator) -> Sounds:
    """Sounds share a direction, as a network's embeddings do; tags are rare, and each sound has some of its own."""
    common = chance.normal(0, 1.2, n_dims)
    own = chance.normal(0, 0.9, (N_SOUNDS, n_dims))
    odds = chance.normal(-4.5, 1.0, (N_SOUNDS, n_tags))
    for sound in range(N_SOUNDS):
        odds[sound, chance.choice(n_tags, 5, replace=False)] += 3.5
    place = chance.beta(3, 3, (N_SOUNDS, n_numbers))
    tempo = np.exp(chance.normal(np.log(116), 0.22, N_SOUNDS)).clip(60, 180)
    return Sounds(*(each.astype(np.float32) for each in (common + own, odds, tempo, place)))


def write_chunk(
    db: sqlite3.Connection, span: range, cast: Cast, sounds: Sounds, outputs: list[Descriptor]
) -> NDArray[np.float32]:
    """Write some tracks; their tags' probabilities, shape (n, n_tags), are left to be written by label."""
    chance = np.random.default_rng([1, span.start])
    n, ids = len(span), range(span.start + 1, span.stop + 1)
    artist = cast.artist[span.start : span.stop]
    sound = cast.sound_of[artist]
    strays = chance.random(n) < 0.15
    sound = np.where(strays, chance.integers(0, N_SOUNDS, n), sound)
    is_version = chance.random(n) < VERSIONS
    is_version[0] = False
    vectors = sounds.centres[sound] + artist_offsets(artist, sounds.centres.shape[1])
    vectors += chance.normal(0, 0.8, vectors.shape)
    versions = np.flatnonzero(is_version)
    vectors[versions] = vectors[versions - 1] + chance.normal(0, 0.05, (len(versions), vectors.shape[1]))
    duration = np.exp(chance.normal(np.log(225), 0.35, n)).clip(20, 1500)
    duration[versions] = duration[versions - 1] + chance.normal(0, 0.5, len(versions))
    outlines = (255 * chance.beta(2, 2, (n, 400))).astype(np.uint8)
    added = NOW - np.sort(chance.uniform(0, 4e7, n))[::-1]
    prints = chance.bytes(16 * n)
    db.executemany(
        "INSERT INTO track VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                id_,
                prints[16 * row : 16 * row + 16],
                id_,
                float(duration[row]),
                float(added[row]),
                outlines[row].tobytes(),
            )
            for row, id_ in enumerate(ids)
        ),
    )
    db.executemany(f"INSERT INTO file VALUES ({', '.join('?' * 17)})", files_of(span, cast, is_version, duration))
    packed = vectors.astype("<f4")
    db.executemany(
        "INSERT INTO embedding VALUES (?, ?, ?)", ((NETWORK, id_, packed[row].tobytes()) for row, id_ in enumerate(ids))
    )
    write_measurements(db, ids, sound, sounds, outputs)
    odds = sounds.tags[sound] + chance.normal(0, 1.0, (n, sounds.tags.shape[1]))
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


def artist_offsets(artist: NDArray[np.int64], n_dims: int) -> NDArray[np.float32]:
    """What is an artist's own, the same in whichever chunk."""
    unique, rows = np.unique(artist, return_inverse=True)
    own = np.stack([np.random.default_rng([2, int(each)]).normal(0, 0.5, n_dims) for each in unique])
    return own[rows].astype(np.float32)


def files_of(
    span: range, cast: Cast, is_version: NDArray[np.bool_], duration: NDArray[np.float64]
) -> Iterator[tuple[object, ...]]:
    """Rows of `file`: one a track, and a copy of some."""
    n_all = len(cast.artist)
    for row, place in enumerate(span):
        artist, album, number = int(cast.artist[place]), int(cast.album[place]), int(cast.number[place])
        named = place - 1 if is_version[row] else place
        title = f"{WORDS[named % len(WORDS)]} {WORDS[named * 7 // 5 % len(WORDS)]} {named % 97}"
        if is_version[row]:
            title += f" ({MARKS[place % len(MARKS)]})"
        name = f"{WORDS[artist % len(WORDS)]} {WORDS[artist // len(WORDS) % len(WORDS)]} {artist}"
        record = f"{WORDS[album % len(WORDS)]} {album % 10_000}"
        path = f"{name}/{record}/{number:02} {title} {place}.flac"
        tags = (title, name, name, record, number, FIRST_YEAR + album * 31 % (LAST_YEAR - FIRST_YEAR))
        rest = (GENRES[int(cast.sound_of[artist]) % len(GENRES)], None, None, fold(f"{title} {name} {record} {path}"))
        size = int(duration[row] * 100_000)
        yield place + 1, 1, path.encode(), size, int(1e9 * NOW), 0, place + 1, *tags, *rest
        if place % round(1 / COPIES) == 0:
            yield n_all + place + 1, 1, f"Copies/{path}".encode(), size, int(1e9 * NOW), 0, place + 1, *tags, *rest


def write_measurements(
    db: sqlite3.Connection, ids: range, sound: NDArray[np.int64], sounds: Sounds, outputs: list[Descriptor]
) -> None:
    """Numbers lie around the place in their range that the sound has; tempo and key as they are in music."""
    chance = np.random.default_rng([3, ids.start])
    n = len(ids)
    tonic, is_minor = chance.integers(0, 12, n), chance.random(n) < 0.4
    tempo = (sounds.tempo[sound] * np.exp(chance.normal(0, 0.08, n))).clip(45, 200)
    columns: dict[str, list[object]] = {
        "key": [TONICS[each] for each in tonic],
        "scale": ["minor" if each else "major" for each in is_minor],
        "bpm": [float(each) for each in tempo],
        "bpm_alternative": [float(each) / 2 if each > 100 else float(each) * 2 for each in tempo],
    }
    columns["camelot"] = [
        camelot(str(key), str(scale)) for key, scale in zip(columns["key"], columns["scale"], strict=True)
    ]
    for index, descriptor in enumerate(outputs):
        if descriptor.kind == "number" and descriptor.name not in columns:
            low, high = USUAL.get(descriptor.name) or descriptor.range or (0.0, 1.0)
            where = (sounds.place[sound, index] + chance.normal(0, 0.1, n)).clip(0, 1)
            columns[descriptor.name] = [float(each) for each in low + (high - low) * where]
    columns["instrumental"] = [1 - float(str(voice)) for voice in columns["voice"]]
    names = [name for name in measured_columns(db) if name in columns]
    rows = zip(ids, *(columns[name] for name in names), strict=True)
    quoted = ", ".join(f'"{name}"' for name in ("track_id", *names))
    db.executemany(f"INSERT INTO measurement ({quoted}) VALUES ({', '.join('?' * (len(names) + 1))})", rows)


USUAL = {"loudness": (-24.0, -5.0), "loudness_range": (1.0, 18.0), "peak": (-6.0, 1.0), "danceability": (0.5, 2.5)}
"""Where most music lies, for descriptors whose range is wide."""


def write_probabilities(db: sqlite3.Connection, chunks: list[NDArray[np.float32]]) -> None:
    """Label by label, the order of the table's key."""
    for label in range(chunks[0].shape[1]):
        column = np.concatenate([chunk[:, label] for chunk in chunks])
        rows = np.flatnonzero(column >= 0.01)
        values = zip((rows + 1).tolist(), column[rows].tolist(), strict=True)
        db.executemany("INSERT INTO probability VALUES (?, ?, ?)", ((label + 1, row, value) for row, value in values))


def write_computed(db: sqlite3.Connection, n_tracks: int) -> None:
    """Everything is computed, by this release."""
    origins = sorted((each.name, provenance(each, "balanced")) for each in usable(installed()))
    rows = ((track_id, *origin, None) for track_id in range(1, n_tracks + 1) for origin in origins)
    db.executemany("INSERT INTO computed VALUES (?, ?, ?, ?)", rows)


def make_files(catalog: Catalog, root: Path) -> None:
    """Make each file with its size and time; they take no room on file systems that know sparse files."""
    made: set[str] = set()
    with catalog.reading() as db:
        for path, size, mtime_ns in db.execute("SELECT path, size, mtime_ns FROM file"):
            name = os.path.join(root, os.fsdecode(path))
            folder = os.path.dirname(name)
            if folder not in made:
                os.makedirs(folder, exist_ok=True)
                made.add(folder)
            with open(name, "wb") as file:
                file.truncate(size)
            os.utime(name, ns=(mtime_ns, mtime_ns))


def main() -> None:
    """Make a catalogue."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", type=Path)
    parser.add_argument("n_tracks", type=int)
    parser.add_argument("--files", type=Path, help="make the files too, below this folder")
    options = parser.parse_args()
    start = time.perf_counter()
    catalog = Catalog.create(options.catalog)
    write(catalog, options.n_tracks, (options.files or Path("/music")).absolute(), files=options.files is not None)
    megabytes = options.catalog.stat().st_size / 1e6
    print(f"{options.n_tracks:,} tracks in {time.perf_counter() - start:.0f} s, {megabytes:,.0f} MB")


if __name__ == "__main__":
    main()
