"""Folders that a visitor may have listened to: those the studio was started with and those the catalogue knows.

A visitor names one by the place of its root and the names below it; whatever is named, it does not leave the root.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 1000  # sub-folders that are offered


def allowed(music: Iterable[Path], roots: Iterable[str]) -> tuple[Path, ...]:
    """The folders themselves, each once; one inside another is reached through it."""
    real = sorted({Path(os.path.realpath(folder)) for folder in (*music, *map(Path, roots))})
    return tuple(
        folder for folder in real if not any(folder.is_relative_to(other) for other in real if other != folder)
    )


def below(root: Path, names: Sequence[str]) -> Path:
    """The folder with these names below a root; CollectionError where there is none or it lies elsewhere."""
    folder = Path(os.path.realpath(root.joinpath(*names)))
    if not folder.is_relative_to(root):
        raise CollectionError(f"{'/'.join(names)} lies outside of {root.name}.")
    if not folder.is_dir():
        raise CollectionError(f"There is no folder {'/'.join(names) or root.name}: is the drive connected?")
    return folder


def within(folder: Path) -> list[str]:
    """The names of the folders in a folder, hidden ones left out, in order."""
    try:
        with os.scandir(folder) as found:
            names = [each.name for each in found if each.is_dir() and not each.name.startswith(".")]
    except OSError as error:
        raise CollectionError(f"{folder.name} cannot be read: {error.strerror}.") from error
    return sorted(names, key=str.casefold)[:MOST]
