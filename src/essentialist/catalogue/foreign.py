"""Another machine's catalogue, which is read and never written to.

It may be anybody's: values are checked as those of an extractor are, texts are cleaned, and what cannot be is left out.
One of an older release is read from a copy that was brought up to date.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from essentialist.catalogue.database import check, copy_up_to_date, read_only, snapshot, told_of, version_of
from essentialist.catalogue.patch_store import SUFFIX, KeptPatches
from essentialist.catalogue.roots import is_within, path_from
from essentialist.catalogue.schema import MIGRATIONS
from essentialist.errors import CatalogError, NotACatalog
from essentialist.files.tags import TEXT_LENGTH, clean
from essentialist.sound.fingerprinting import FINGERPRINT_BYTES
from essentialist.track import Tags

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from essentialist.track import Value

CHUNK = 500  # tracks read at a time
TABLES = ("root", "track", "file", "measurement", "label", "probability", "embedding", "computed", "awaited")
WAVEFORM_BYTES = 400
MOST_BYTES = 2**27  # of a track's patches; those of ten hours at the finest hop are fewer
LONGEST_S = 1e7


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file where the other machine had it: absolute there, with the bytes of its name."""

    path: bytes
    size: int
    tags: Tags

    def within(self, folder: str) -> str | None:
        """Its path within a folder of that machine; None where it lies elsewhere, or the path is none."""
        path = path_from(os.fsencode(folder), self.path)
        if not is_within(self.path, os.fsencode(folder)) or any(
            part in {b"", b".", b".."} for part in path.split(b"/")
        ):
            return None
        return os.fsdecode(path)


@dataclass(frozen=True, slots=True)
class ForeignTrack:
    """What another catalogue says of a recording; `sizes` are those of the files that hold it."""

    fingerprint: bytes
    duration: float
    waveform: bytes
    computed: Mapping[str, str]
    values: Mapping[str, Value]
    embeddings: Mapping[str, NDArray[np.float32]]
    files: tuple[ForeignFile, ...]
    sizes: frozenset[int]


class ForeignCatalog:
    """Another catalogue as it was when it was opened. Made by `opened`; its methods raise NotACatalog."""

    def __init__(self, path: Path, db: sqlite3.Connection, patches: sqlite3.Connection | None) -> None:
        self.path = path
        self.db = db
        self.patches = patches

    def n_tracks(self) -> int:
        """How many recordings it has."""
        with told_of(self.path):
            return int(self.db.execute("SELECT count(*) FROM track").fetchone()[0])

    def roots(self) -> list[str]:
        """The folders that were analysed there."""
        with told_of(self.path):
            rows = self.db.execute("SELECT path FROM root ORDER BY path").fetchall()
        return [os.fsdecode(row["path"]) for row in rows if isinstance(row["path"], bytes)]

    def chunks(self) -> Iterator[list[ForeignTrack]]:
        """All recordings, some at a time; damaged ones are left out."""
        last = -1
        while chunk := self._rows_after(last):
            last = chunk[-1]["id"]
            with told_of(self.path):
                parts = _Parts(self.db, (chunk[0]["id"], last))
            yield [parts.track(row) for row in chunk if is_sound(row)]

    def _rows_after(self, last: int) -> list[sqlite3.Row]:
        with told_of(self.path):
            return self.db.execute(
                "SELECT id, fingerprint, duration, substr(waveform, 1, ?) AS waveform FROM track"
                " WHERE id > ? ORDER BY id LIMIT ?",
                (WAVEFORM_BYTES, last, CHUNK),
            ).fetchall()

    def kept_patches(self, fingerprint: bytes) -> list[KeptPatches]:
        """The patches that were kept of a recording, as they are told: whoever takes them has to check the network."""
        if self.patches is None:
            return []
        with told_of(self.path.with_suffix(SUFFIX)):
            rows = self.patches.execute(
                "SELECT network, weights, profile, n_dims, embeddings FROM patches"
                " WHERE fingerprint = ? AND length(embeddings) <= ?",
                (fingerprint, MOST_BYTES),
            ).fetchall()
        return [each for row in rows if (each := patches_of(row))]


class _Parts:
    """What a chunk of tracks has in the other tables, by the id of the track there."""

    def __init__(self, db: sqlite3.Connection, ids: tuple[int, int]) -> None:
        self.computed: dict[int, dict[str, str]] = defaultdict(dict)
        self.values: dict[int, dict[str, Value]] = defaultdict(dict)
        self.embeddings: dict[int, dict[str, NDArray[np.float32]]] = defaultdict(dict)
        self.files: dict[int, list[ForeignFile]] = defaultdict(list)
        self.sizes: dict[int, set[int]] = defaultdict(set)
        for track_id, extractor, provenance in db.execute(
            "SELECT track_id, extractor, provenance FROM computed WHERE track_id BETWEEN ? AND ? AND failure IS NULL",
            ids,
        ):
            self.computed[track_id][str(extractor)] = str(provenance)
        for row in db.execute("SELECT * FROM measurement WHERE track_id BETWEEN ? AND ?", ids):
            self.values[row["track_id"]].update(
                {name: row[name] for name in row.keys() if isinstance(row[name], int | float | str)}  # noqa: SIM118
            )
        for track_id, descriptor, name, value in db.execute(
            "SELECT track_id, descriptor, name, value FROM probability JOIN label ON label.id = label_id"
            " WHERE track_id BETWEEN ? AND ?",
            ids,
        ):
            if isinstance(value, float) and clean(str(name)) == name:
                labels = self.values[track_id].setdefault(str(descriptor), {})
                if isinstance(labels, dict):
                    labels[name] = value
        self._read_embeddings(db, ids)
        self._read_files(db, ids)

    def _read_embeddings(self, db: sqlite3.Connection, ids: tuple[int, int]) -> None:
        for track_id, model, content in db.execute(
            "SELECT track_id, model, vector FROM embedding WHERE track_id BETWEEN ? AND ? AND length(vector) < 65536",
            ids,
        ):
            if isinstance(content, bytes) and len(content) % 4 == 0:
                vector = np.frombuffer(content, "<f4").reshape(1, -1)
                if np.isfinite(vector).all():
                    self.embeddings[track_id][str(model)] = vector

    def _read_files(self, db: sqlite3.Connection, ids: tuple[int, int]) -> None:
        for row in db.execute(
            "SELECT file.*, root.path AS root FROM file JOIN root ON root.id = root_id WHERE track_id BETWEEN ? AND ?",
            ids,
        ):
            if isinstance(row["root"], bytes) and isinstance(row["path"], bytes) and isinstance(row["size"], int):
                self.sizes[row["track_id"]].add(row["size"])
                if not row["missing"] and b"\0" not in row["root"] + row["path"]:
                    path = row["root"].rstrip(b"/") + b"/" + row["path"]
                    self.files[row["track_id"]].append(ForeignFile(path, row["size"], tags_of(row)))
        for track_id, size in db.execute("SELECT track_id, size FROM awaited WHERE track_id BETWEEN ? AND ?", ids):
            self.sizes[track_id].add(int(size))

    def track(self, row: sqlite3.Row) -> ForeignTrack:
        """A row of `track` with all that goes with it."""
        track_id = row["id"]
        return ForeignTrack(
            row["fingerprint"],
            row["duration"],
            row["waveform"] or b"",
            self.computed[track_id],
            self.values[track_id],
            self.embeddings[track_id],
            tuple(self.files[track_id]),
            frozenset(self.sizes[track_id]),
        )


@contextmanager
def opened(path: Path) -> Iterator[ForeignCatalog]:
    """Another catalogue and, where it is there, the file of its patches; all is of one moment.

    Raises CatalogError where there is none, NotACatalog or CatalogTooNew where it cannot be read.
    """
    if not path.is_file():
        raise CatalogError(f"There is no catalogue at {path}: give the catalog.db of the other machine.")
    with tempfile.TemporaryDirectory(prefix="essentialist-") as folder, read_only(path) as db:
        check(db, path)
        if not version_of(db):
            raise NotACatalog(f"{path} is empty: give the catalog.db of an analysis.")
        with _up_to_date(db, Path(folder, "copy.db")) as current, _patches(path.with_suffix(SUFFIX)) as patches:
            if n_tables(current) < len(TABLES):
                raise NotACatalog(f"{path} is not a catalogue of essentialist, or is damaged.")
            with snapshot(current):
                yield ForeignCatalog(path, current, patches)


@contextmanager
def _up_to_date(db: sqlite3.Connection, copy: Path) -> Iterator[sqlite3.Connection]:
    """The catalogue itself, or a migrated copy of one that an older release wrote."""
    if version_of(db) == len(MIGRATIONS):
        yield db
        return
    copy_up_to_date(db, copy)
    with read_only(copy) as current:
        yield current


@contextmanager
def _patches(path: Path) -> Iterator[sqlite3.Connection | None]:
    if not path.is_file():
        yield None
        return
    with read_only(path) as db:
        has_table = db.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'patches'"
        ).fetchone()
        yield db if has_table[0] else None


def patches_of(row: sqlite3.Row) -> KeptPatches | None:
    """A row of `patches`; None for one that holds none, or numbers that are not finite."""
    content, n_dims = row["embeddings"], row["n_dims"]
    if row["profile"] not in {"balanced", "full"} or not isinstance(content, bytes) or not isinstance(n_dims, int):
        return None
    if n_dims < 1 or not content or len(content) % (2 * n_dims):
        return None
    embeddings = np.frombuffer(content, "<f2").reshape(-1, n_dims)
    return (
        KeptPatches(row["network"], row["weights"], row["profile"], embeddings)
        if np.isfinite(embeddings).all()
        else None
    )


def n_tables(db: sqlite3.Connection) -> int:
    """How many of the tables that are read are tables: a view could run code of its own."""
    names = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return len(names.intersection(TABLES))


def is_sound(row: sqlite3.Row) -> bool:
    """Whether a row of `track` can be a recording's."""
    fingerprint, duration = row["fingerprint"], row["duration"]
    return (
        isinstance(fingerprint, bytes)
        and len(fingerprint) == FINGERPRINT_BYTES
        and isinstance(duration, float)
        and math.isfinite(duration)
        and 0 < duration < LONGEST_S
        and isinstance(row["waveform"], bytes | None)
    )


def tags_of(row: sqlite3.Row) -> Tags:
    """The tags in a row of `file`, cleaned as those of a file are."""

    def text(name: str) -> str | None:
        return clean(row[name][:TEXT_LENGTH]) if isinstance(row[name], str) else None

    def whole(name: str) -> int | None:
        return row[name] if isinstance(row[name], int) and 0 <= row[name] < 10_000 else None

    return Tags(
        title=text("title"),
        artist=text("artist"),
        album_artist=text("album_artist"),
        album=text("album"),
        track_number=whole("track_number"),
        year=whole("year"),
        genre=text("genre"),
        bpm=row["tag_bpm"] if isinstance(row["tag_bpm"], float) and math.isfinite(row["tag_bpm"]) else None,
        key=text("tag_key"),
    )
