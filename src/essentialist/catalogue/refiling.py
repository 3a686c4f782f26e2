"""Files that we ourselves wrote to: entered as they are now, so that nobody listens to them again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.catalogue.database import transaction
from essentialist.catalogue.filing import written_tags
from essentialist.files.naming import complete
from essentialist.files.tags import read_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.catalogue.catalog import Catalog

AT_A_TIME = 500  # ids in one question


@dataclass(frozen=True, slots=True)
class FiledFile:
    """A file as the catalogue has it: where, as large and as old as when its sound was heard, and that sound."""

    id: int
    track_id: int
    path: Path
    within: str
    size: int
    mtime_ns: int
    fingerprint: bytes


def playing(catalog: Catalog, track_ids: Iterable[int]) -> dict[int, FiledFile]:
    """The file from which each track is played, by track."""
    return {file.track_id: file for file in _filed(catalog, "file.id = track.file_id AND track.id", list(track_ids))}


def sounding(catalog: Catalog, fingerprint: bytes) -> list[FiledFile]:
    """All files with this sound that were there when last looked."""
    return _filed(catalog, "NOT file.missing AND track.fingerprint", [fingerprint])


def _filed(catalog: Catalog, which: str, keys: list[int] | list[bytes]) -> list[FiledFile]:
    found = []
    with catalog.reading() as db:
        for start in range(0, len(keys), AT_A_TIME):
            some = keys[start : start + AT_A_TIME]
            found += db.execute(
                "SELECT file.id, track.id AS track_id, root.path AS root, file.path, size, mtime_ns, fingerprint"
                " FROM file JOIN track ON track.id = file.track_id JOIN root ON root.id = root_id"
                f" WHERE {which} IN ({', '.join('?' * len(some))})",
                some,
            ).fetchall()
    return [
        FiledFile(
            id=row["id"],
            track_id=row["track_id"],
            path=Path(os.fsdecode(row["root"]), os.fsdecode(row["path"])),
            within=os.fsdecode(row["path"]),
            size=row["size"],
            mtime_ns=row["mtime_ns"],
            fingerprint=row["fingerprint"],
        )
        for row in found
    ]


def refile(catalog: Catalog, file: FiledFile) -> None:
    """Enter size, time and tags of a file whose sound is known to be the same."""
    status = file.path.stat()
    tags = written_tags(complete(read_tags(file.path), file.within), file.within)
    changes = {**tags, "size": status.st_size, "mtime_ns": status.st_mtime_ns}
    columns = ", ".join(f"{name} = ?" for name in changes)
    with catalog.connected() as db, transaction(db):
        db.execute(f"UPDATE file SET {columns} WHERE id = ?", (*changes.values(), file.id))
