"""Where what is known of a track comes from: the files that hold it, and what computed its values."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from essentialist.catalogue.catalog import Catalog


@dataclass(frozen=True, slots=True)
class File:
    """A file that holds a track: its music folder and its path below; `size` in bytes, `plays` if it is played."""

    root: Path
    path: Path
    size: int
    plays: bool


@dataclass(frozen=True, slots=True)
class Computed:
    """An extractor run on a track: its `descriptors`, its `provenance`, and why it failed, "" if it did not."""

    extractor: str
    provenance: str
    failure: str
    descriptors: tuple[str, ...]


def files_of(catalog: Catalog, track_id: int) -> tuple[File, ...]:
    """The files of a track that are there, the one that is played first; none where there is no such track."""
    with catalog.reading() as db:
        rows = db.execute(
            "SELECT root.path AS root, file.path, size, file_id = file.id AS plays FROM file"
            " JOIN root ON root.id = root_id JOIN track ON track.id = track_id"
            " WHERE track_id = ? AND NOT missing ORDER BY plays DESC, file.id",
            (track_id,),
        ).fetchall()
    return tuple(
        File(Path(os.fsdecode(row["root"])), Path(os.fsdecode(row["path"])), row["size"], bool(row["plays"]))
        for row in rows
    )


def computed_of(catalog: Catalog, track_id: int) -> tuple[Computed, ...]:
    """What was computed of a track, in the order of display."""
    with catalog.reading() as db:
        rows = db.execute(
            "SELECT computed.extractor, provenance, failure, name FROM computed"
            " LEFT JOIN descriptor ON descriptor.extractor = computed.extractor"
            " WHERE track_id = ? ORDER BY position, name",
            (track_id,),
        ).fetchall()
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row["extractor"], []).extend([row["name"]] if row["name"] else [])
    by_extractor = {row["extractor"]: row for row in rows}
    return tuple(
        Computed(
            extractor, by_extractor[extractor]["provenance"], by_extractor[extractor]["failure"] or "", tuple(some)
        )
        for extractor, some in names.items()
    )
