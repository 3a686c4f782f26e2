"""Before anything is listened to: the walk compared with the catalogue, file by file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist import inventory
from essentialist.analysis import missing
from essentialist.collection import EVERYTHING, Selection, Unreadable, walk
from essentialist.descriptors import extractors
from essentialist.errors import NoAudio
from essentialist.inventory import KnownFile, path_within
from essentialist.ledger import Ledger
from essentialist.listening import Task
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.recorder import Recorder
    from essentialist.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files an analysis is about. `retry`: also those that failed before and have not changed since."""

    folders: tuple[Path, ...]
    selection: Selection = EVERYTHING
    retry: bool = False


@dataclass(slots=True)
class Plan:
    """What is to be done: the files to listen to, and the ledger of those that need nothing."""

    tasks: list[Task] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True, slots=True)
class Place:
    """One folder to walk: the root that it belongs to, its path within that root, and what is known below it."""

    root_id: int
    root: str
    within: str
    files: Mapping[str, KnownFile]
    failures: Mapping[str, tuple[int, int]]

    def in_root(self, found: AudioFile) -> AudioFile:
        """A file of the walk, told from the root."""
        return replace(found, root=self.root, path=self.path_in_root(found.path))

    def path_in_root(self, path: str) -> str:
        """A path of the walk, told from the root."""
        return "/".join(part for part in (self.within, path) if part)

    def path_in_walk(self, path: str) -> str:
        """A path in the root, told from the folder."""
        return path[len(self.within) + 1 :] if self.within else path


def plan(recorder: Recorder, wanted: Wanted, settings: Settings) -> Plan:
    """Walk the folders and decide for each file; the catalogue is told which files are gone and which are back.

    Raises FolderMissing for a folder that is not there, NoAudio for one without any audio in it.
    """
    planner = _Planner(recorder, wanted, settings)
    for folder in outermost(wanted.folders):
        planner.visit(folder)
    return planner.made


def outermost(folders: Iterable[Path]) -> list[Path]:
    """The folders as absolute paths, without those that lie in another one."""
    absolute = sorted({Path(os.path.abspath(folder)) for folder in folders})
    return [folder for folder in absolute if not any(other in folder.parents for other in absolute)]


class _Planner:
    """Compares walks with what the catalogue knew when the run began."""

    def __init__(self, recorder: Recorder, wanted: Wanted, settings: Settings) -> None:
        self.recorder = recorder
        self.wanted = wanted
        self.settings = settings
        self.made = Plan()
        self.sizes = inventory.sizes(recorder.db)
        self.complete = frozenset(
            track_id
            for track_id, computed in inventory.computed(recorder.db).items()
            if not missing(extractors(), computed, settings.profile)
        )

    def visit(self, folder: Path) -> None:
        """Walk one folder."""
        place = self._place(folder)
        back: list[int] = []
        seen: set[str] = set()
        closed: list[str] = []
        for entry in self._walk(folder, place):
            path = place.path_in_root(entry.path)
            if isinstance(entry, Unreadable):
                closed.append(path)
                self.recorder.fail(place.root_id, AudioFile(place.root, path, 0, 0), "scan", entry.reason)
                self.made.ledger = self.made.ledger.plus("failed")
                continue
            seen.add(path)
            known = place.files.get(path)
            if known and known.missing and is_same(known, entry):
                back.append(known.id)
            self._decide(place, place.in_root(entry), known)
        self._account_for_unseen(place, seen, closed)
        self.recorder.set_missing(back, missing=False)

    def _place(self, folder: Path) -> Place:
        root_id, root, within = self.recorder.root(str(folder))
        db = self.recorder.db
        files = inventory.known_files(db, root_id, within)
        return Place(root_id, root, within, files, inventory.known_failures(db, root_id, within))

    def _walk(self, folder: Path, place: Place) -> list[AudioFile | Unreadable]:
        known = frozenset(
            AudioFile(str(folder), place.path_in_walk(path), file.size, file.mtime_ns)
            for path, file in place.files.items()
        )
        found = list(walk(folder, selection=self.wanted.selection, known=known))
        if found:
            return found
        if place.files:
            raise NoAudio(
                f"{folder} holds no audio any more, but {len(place.files)} files are known there: connect the disk, or"
                " see what was chosen with --include and --exclude. Nothing was changed."
            )
        raise NoAudio(f"There is no audio in {folder}: give the folder that holds your music.")

    def _decide(self, place: Place, file: AudioFile, known: KnownFile | None) -> None:
        """Whether a file has to be listened to."""
        if place.failures.get(file.path) == (file.size, file.mtime_ns) and not self.wanted.retry:
            self.made.ledger = self.made.ledger.plus("skipped")
        elif known and is_same(known, file) and known.track_id in self.complete:
            self.made.ledger = self.made.ledger.plus("duplicates" if known.is_copy else "unchanged")
        else:
            may_be_known = not (known and is_same(known, file)) and (known is not None or file.size in self.sizes)
            self.made.tasks.append(
                Task(place.root_id, file, self.recorder.catalog.path, self.settings.profile, may_be_known)
            )

    def _account_for_unseen(self, place: Place, seen: set[str], closed: list[str]) -> None:
        """Mark files that are gone. One that was not chosen or lies behind a closed door is not gone."""

        def is_gone(path: str) -> bool:
            if path in seen or any(path_within(path, door) for door in closed):
                return False
            return self.wanted.selection == EVERYTHING or not os.path.lexists(Path(place.root, path))

        gone = [file.id for path, file in place.files.items() if not file.missing and is_gone(path)]
        self.recorder.set_missing(gone, missing=True)
        self.recorder.forget_failures(place.root_id, [path for path in place.failures if is_gone(path)])


def is_same(known: KnownFile, file: AudioFile) -> bool:
    """Whether a file is as it was when it was last listened to."""
    return (known.size, known.mtime_ns) == (file.size, file.mtime_ns)
