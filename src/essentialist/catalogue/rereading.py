"""Tags read again, without listening: what people did to their tags is listed at once.

Size and time of a file stay as they were entered: whether its sound is the same the next analysis finds out, by its
fingerprint, as for every file that changed.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist.catalogue.filing import written_tags
from essentialist.catalogue.recorder import Recorder
from essentialist.catalogue.relocating import known_under
from essentialist.errors import CollectionError, RecordingError
from essentialist.files.naming import complete
from essentialist.files.tags import read_tags

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from essentialist.catalogue.catalog import Catalog

AT_A_TIME: Final = 500  # files that are read, then entered in one transaction
N_READERS: Final = 8  # at once: a network drive answers late, not slowly


@dataclass(frozen=True, slots=True)
class Reread:
    """What became of the known files: `changed` tags were entered anew, `same` are as they were or were not read.

    `gone`: not there, or not readable now; they stay as they are known.
    """

    changed: int
    same: int
    gone: int

    def as_row(self) -> dict[str, int]:
        """For JSON."""
        return asdict(self)


def reread(
    catalog: Catalog,
    folders: Sequence[Path] = (),
    *,
    everything: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Reread:
    """Read tags again of known files whose size or time changed, or of `everything`; in all roots, or in folders.

    Raises CollectionError where nothing is known in them.
    """
    counts: Counter[str] = Counter()
    with Recorder(catalog) as recorder, ThreadPoolExecutor(N_READERS) as readers:
        places = [os.path.abspath(folder) for folder in folders] or recorder.roots()
        rows = [row for place in places for row in known_under(recorder.db, place)]
        if not rows:
            raise CollectionError(f"No file is known in {', '.join(places) or 'any folder'}: analyse it first.")
        remaining = iter(rows)
        while some := list(islice(remaining, AT_A_TIME)):
            found = readers.map(lambda row: tags_in(row, everything=everything), some)
            with recorder.transaction() as db:
                for row, tags in zip(some, found, strict=True):
                    counts[_enter(db, row, tags)] += 1
            if progress:
                progress(counts.total(), len(rows))
    return Reread(counts["changed"], counts["same"], counts["gone"])


def tags_in(row: sqlite3.Row, *, everything: bool) -> dict[str, str | float | None] | None:
    """The tags of a known file as columns; none for one that is as it was, None where they cannot be read."""
    path, within = Path(os.fsdecode(os.path.join(row["root"], row["path"]))), os.fsdecode(row["path"])
    try:
        status = path.stat()
        if not everything and (status.st_size, status.st_mtime_ns) == (row["size"], row["mtime_ns"]):
            return {}
        return written_tags(complete(read_tags(path), within), within)
    except (OSError, RecordingError):
        return None


def _enter(db: sqlite3.Connection, row: sqlite3.Row, tags: dict[str, str | float | None] | None) -> str:
    if tags is None:
        return "gone"
    if all(row[name] == value for name, value in tags.items()):
        return "same"
    changes = ", ".join(f"{name} = ?" for name in tags)
    db.execute(f"UPDATE file SET {changes} WHERE id = ?", (*tags.values(), row["id"]))
    return "changed"
