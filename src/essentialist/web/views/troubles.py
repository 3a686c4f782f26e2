"""What is not as it should be: files that could not be read, that are gone, and that are there twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.web.views.analysis import FailedFile, below, failed_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.catalogue.duplicates import Group, HeldFile
    from essentialist.library import Library


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
    """Files that could not be read or measured, groups of files with the same samples, and how many files are gone."""

    failed: tuple[FailedFile, ...]
    copies: tuple[Copies, ...]
    n_gone: int


def troubles(library: Library) -> Troubles:
    """Find them."""
    roots = library.catalog.roots()
    return Troubles(
        failed=failed_files(library.catalog.failures(), roots),
        copies=tuple(_copies(group, roots) for group in library.duplicates()),
        n_gone=library.catalog.status().skipped,
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
    return f" ({file.size / 1e6:.1f} MB{', the one that is played' if file.plays else ''})"
