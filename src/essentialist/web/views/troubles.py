"""What is not as it should be: files that could not be read, and files that are there twice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.web.views.analysis import FailedFile, failed_files
from essentialist.web.views.texts import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from essentialist.catalogue.duplicates import Group, HeldFile
    from essentialist.library import Library
    from essentialist.query import Columns


@dataclass(frozen=True, slots=True)
class Copies:
    """Files that hold the same, the largest first, below their folders; `spare_mb` is what the others take."""

    title: str
    artist: str
    files: tuple[str, ...]
    track_id: int
    spare_mb: float


@dataclass(frozen=True, slots=True)
class Troubles:
    """Files that could not be read or measured, and groups of files with the same samples."""

    failed: tuple[FailedFile, ...]
    copies: tuple[Copies, ...]


@lru_cache(maxsize=1)  # the catalogue's next state has other columns
def troubles(library: Library, columns: Columns) -> Troubles:
    """Find them in the library whose present state these columns are."""
    roots = library.catalog.status().roots
    return Troubles(
        failed=failed_files(library.catalog.failures(), roots),
        copies=tuple(_copies(group, roots) for group in library.duplicates()),
    )


def _copies(group: Group, roots: Sequence[str]) -> Copies:
    first = group.files[0]
    return Copies(
        title=first.title,
        artist=first.artist,
        files=tuple(f"{below(each.path, roots)}{_size(each)}" for each in group.files),
        track_id=first.track_id,
        spare_mb=group.spare_bytes / 1e6,
    )


def _size(file: HeldFile) -> str:
    return f" ({file.size / 1e6:.1f} MB{', plays' if file.plays else ''})"


def below(path: Path, roots: Iterable[str]) -> str:
    """Where a file is below its folder, which is told by its name alone."""
    for root in roots:
        if path.is_relative_to(root):
            return readable(str(Path(Path(root).name, path.relative_to(root))))
    return readable(path.name)
