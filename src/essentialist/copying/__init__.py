"""Take a playlist along: its audio files and the list, in a folder, on a stick or in a zip.

    Playlist --planning--> Plan --folder or archive--> Copied

Only tracks of the collection are copied, whatever a playlist names, and none whose file lies outside of its folders
when all symbolic links are followed. Names are such that FAT takes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from essentialist.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from essentialist.track import Track

Progress: TypeAlias = "Callable[[int, int], None]"
"""Told how many bytes are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to copy.

    `numbered`: in the order of play, "001 Artist - Title.mp3" in a folder of the playlist's name; else by the folders
    of the collection. `limit` in bytes. `form` is a name of `forms.FORMS`, None for the files as they are, and
    `kbit_s` its bit rate, None for the usual one.
    """

    numbered: bool = False
    limit: int | None = None
    form: str | None = None
    kbit_s: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A file to be copied: whose, to where within the target, whether as it is, how large about, of which time."""

    track: Track
    target: str
    transcoded: bool
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be copied; `no_room` is beyond the limit, `missing` not there any more.

    `outside`: links lead out of the folders that were analysed, wherever they led then.
    """

    title: str
    items: tuple[Item, ...]
    no_room: tuple[Track, ...] = ()
    missing: tuple[Path, ...] = ()
    outside: tuple[Path, ...] = ()

    def without(self, failed: Mapping[str, str]) -> tuple[Item, ...]:
        """What is left of it; `failed` has reasons by target. Raises ExportError where nothing is."""
        kept = tuple(item for item in self.items if item.target not in failed)
        if not kept:
            raise ExportError(f"nothing could be copied: {next(iter(failed.values()))}")
        return kept


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a plan: the list, how many files were copied and how many were there, and what could not be."""

    playlist: Path
    n_copied: int
    n_there: int
    n_bytes: int
    failed: tuple[tuple[Path, str], ...]
    plan: Plan
