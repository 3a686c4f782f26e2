"""Does a playlist open? Every entry is followed as a plain reader would, and the file system asked what is there.

Nothing is opened. Outside the folders of the collection nothing is even looked for, so that a list from elsewhere
cannot ask what there is on this machine; a file that links lead out of them counts only if it is a known track.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from essentialist.catalogue.roots import is_within
from essentialist.playlist_files.places import place_of
from essentialist.playlist_files.reading import is_playlist_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from essentialist.exports import Entry
    from essentialist.playlist_files import PlaylistFile
    from essentialist.playlist_files.matching import Collection

State = Literal["there", "address", "missing", "outside", "duplicate", "elsewhere", "misread", "list"]

MEANINGS: Final[dict[State, str]] = {
    "there": "opens",
    "address": "an address of the web, which is not asked",
    "missing": "there is no such file",
    "outside": "lies outside the folders of the collection",
    "duplicate": "the same file as an entry before",
    "elsewhere": "a path of another machine",
    "misread": "opens only in players that decode it",
    "list": "names another playlist, which is not followed",
}
RIGHT: Final[frozenset[State]] = frozenset({"there", "address"})


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry, what is the matter with it, and the file that it leads to, if any."""

    entry: Entry
    state: State
    path: str | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether some player will not play it, or play it twice."""
        return self.state not in RIGHT


@dataclass(frozen=True, slots=True)
class Checked:
    """A playlist file, with a finding for each of its entries."""

    file: PlaylistFile
    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What a person should know of."""
        return tuple(finding for finding in self.findings if finding.is_wrong)


class Folders:
    """The folders of a collection, as far as a playlist may ask about them."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._real = [os.fsencode(os.path.realpath(root)) for root in collection.roots]

    def holds(self, path: str) -> bool:
        """Whether a path, its links followed, lies in one of them or is a known track."""
        real = os.fsencode(os.path.realpath(path))
        return any(is_within(real, root) for root in self._real) or self._collection.at(path) is not None


def check(file: PlaylistFile, collection: Collection) -> Checked:
    """Follow every entry of a playlist."""
    folders, findings = Folders(collection), []
    met: set[tuple[int, int]] = set()
    for entry in file.entries:
        finding, status = followed(entry, file.folder, folders)
        if status is not None and (status.st_dev, status.st_ino) in met:
            finding = Finding(entry, "duplicate", finding.path)
        elif status is not None:
            met.add((status.st_dev, status.st_ino))
        findings.append(finding)
    return Checked(file, tuple(findings))


def followed(entry: Entry, folder: Path, folders: Folders) -> tuple[Finding, os.stat_result | None]:
    """Where an entry leads, and the status of the file if there is one."""
    place = place_of(entry.location, folder)
    if place.kind in {"address", "windows"}:
        return Finding(entry, "address" if place.kind == "address" else "elsewhere"), None
    inside = [path for path in place.paths if folders.holds(path)]
    for path in inside:
        status = regular(path)
        if status is not None:
            plain = path == place.paths[0]
            state: State = "list" if is_playlist_name(path) else "there" if plain else "misread"
            return Finding(entry, state, tidy(path)), status
    return Finding(entry, "missing" if _is_first(inside, place.paths) else "outside"), None


def _is_first(inside: Sequence[str], paths: Sequence[str]) -> bool:
    """Whether the plainest reading lies inside; an entry that names nothing leads nowhere, and not out."""
    return not paths or inside[:1] == [*paths[:1]]


def tidy(path: str) -> str:
    """A path without `..`, which leads to the same file."""
    plain, real = os.path.normpath(path), os.path.realpath(path)
    return plain if os.path.realpath(plain) == real else real


def regular(path: str) -> os.stat_result | None:
    """The status of a file; None for what is not there, or is something else."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None
