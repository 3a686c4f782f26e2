"""Before anything is listened to: the walk compared with the catalogue, file by file."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist import models
from essentialist.analysis import needs_no_audio
from essentialist.catalogue import inventory
from essentialist.catalogue.inventory import KnownFailure, KnownFile, path_within
from essentialist.descriptors import usable
from essentialist.errors import CollectionError, FolderMissing, NoAudio
from essentialist.files.collection import EVERYTHING, Selection, Unreadable, walk
from essentialist.files.sniff import has_audio_extension
from essentialist.files.whereabouts import Whereabouts
from essentialist.runs.ledger import Ledger
from essentialist.tasks import Task
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from essentialist.catalogue.recorder import Recorder
    from essentialist.catalogue.roots import Place
    from essentialist.runs.ledger import Fate
    from essentialist.settings import Settings


LONG = 4  # times the mean size


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files an analysis is about. `retry`: also those that failed before and have not changed since.

    Without `folders`, all roots; one that cannot be used then is a failure and stops nothing.
    """

    folders: tuple[Path, ...] = ()
    selection: Selection = EVERYTHING
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Recollection:
    """A file whose track lacks nothing but what heads say, and the task that it is if its patches were not kept."""

    track_id: int
    is_copy: bool
    task: Task


@dataclass(slots=True)
class Plan:
    """What is to be done: the files to listen to, those to remember, and the ledger of those that need nothing.

    `installed`: the networks and heads of the run.
    """

    tasks: list[Task] = field(default_factory=list)
    recollections: list[Recollection] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    installed: frozenset[str] = field(default_factory=models.installed)


@dataclass(slots=True)
class Visit:
    """One folder that was walked: what is known there and what was found, all by path in the root.

    `closed`: what could not be looked at. `healed`: what failed once and is well again.
    """

    place: Place
    files: Mapping[str, KnownFile]
    failures: Mapping[str, KnownFailure]
    found: dict[str, AudioFile] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    healed: list[str] = field(default_factory=list)


def plan(recorder: Recorder, wanted: Wanted, settings: Settings) -> Plan:
    """Walk the folders and decide for each file; the catalogue is told which files are gone and which are back.

    Raises FolderMissing for a folder that is not there, NoAudio for one without any audio in it.
    """
    planner = _Planner(recorder, wanted, settings)
    visits = [planner.visit(folder) for folder in outermost(wanted.folders)] if wanted.folders else planner.revisit()
    planner.decide(visits)
    return planner.made


def outermost(folders: Iterable[Path]) -> list[Path]:
    """The folders as absolute paths, without those that lie in another one."""
    absolute = sorted({Path(os.path.abspath(folder)) for folder in folders})
    return [folder for folder in absolute if not any(other in folder.parents for other in absolute)]


class _Planner:
    """Compares walks with what the catalogue knows: first which files are there, then what each of them needs."""

    def __init__(self, recorder: Recorder, wanted: Wanted, settings: Settings) -> None:
        self.recorder = recorder
        self.wanted = wanted
        self.settings = settings
        self.made = Plan()

    def revisit(self) -> list[Visit]:
        """Walk all roots; one that cannot be used now is a failure, and an error only where there is no other."""
        visits: list[Visit] = []
        refused: list[CollectionError] = []
        for root in self.recorder.roots():
            try:
                visits.append(self.visit(Path(root)))
            except CollectionError as error:
                refused.append(error)
                if root in self.recorder.roots():
                    self._fail(AudioFile(root, "", 0, 0), str(error))
        if refused and not visits:
            raise refused[0]
        if not visits:
            raise CollectionError("No folder was analysed yet: name one, as in `essentialist analyze ~/Music`.")
        return visits

    def visit(self, folder: Path) -> Visit:
        """Walk one folder; bring up to date which files are there."""
        walk(folder)  # where it does not exist, this says so before anything is written
        place = self.recorder.place(str(folder))
        db = self.recorder.db
        visit = Visit(place, inventory.known_files(db, place), inventory.known_failures(db, place))
        for entry in self._walk(folder, visit):
            path = place.path_in_root(entry.path)
            if isinstance(entry, AudioFile):
                visit.found[path] = place.in_root(entry)
            else:
                visit.closed.append(path)
                self._fail(AudioFile(place.root, path, 0, 0), entry.reason)
        self._account_for_unseen(visit)
        known = ((visit.files.get(path), file) for path, file in visit.found.items())
        back = [file.id for file, found in known if file and file.missing and file.is_same(found)]
        self.recorder.set_missing(back, missing=False)
        return visit

    def _walk(self, folder: Path, visit: Visit) -> list[AudioFile | Unreadable]:
        known = frozenset(
            AudioFile(str(folder), visit.place.path_in_folder(path), file.size, file.mtime_ns)
            for path, file in visit.files.items()
            if not has_audio_extension(path)  # the others the walk knows by their names
        )
        whereabouts = Whereabouts([str(folder)])
        found = list(walk(folder, selection=self.wanted.selection, known=known))
        unread = [AudioFile(each.root, each.path, 0, 0) for each in found if isinstance(each, Unreadable)]
        if whereabouts.is_gone(str(folder)) or any(map(whereabouts.is_lost, unread)):
            self.recorder.forget_root(visit.place.root_id)
            raise FolderMissing(f"{folder} went away while it was read: connect the disk or the network share.")
        if found:
            return found
        if visit.files:
            raise NoAudio(
                f"{folder} holds no audio any more, but {len(visit.files)} files are known there: connect the disk, or"
                " see what was chosen with --include and --exclude. Nothing was changed."
            )
        self.recorder.forget_root(visit.place.root_id)
        raise NoAudio(f"There is no audio in {folder}: give the folder that holds your music.")

    def _fail(self, file: AudioFile, reason: str) -> None:
        self.recorder.fail(file, "scan", reason)
        self.made.ledger = self.made.ledger.plus("failed")

    def _account_for_unseen(self, visit: Visit) -> None:
        """Mark files that are gone. One that was not chosen or lies behind a closed door is not gone."""

        def is_gone(path: str) -> bool:
            if path in visit.found or any(path_within(path, door) for door in visit.closed):
                return False
            return self._was_looked_for(path) or not is_there(Path(visit.place.root, path))

        gone = [file.id for path, file in visit.files.items() if not file.missing and is_gone(path)]
        self.recorder.set_missing(gone, missing=True)
        self.recorder.forget_failures(visit.place.root_id, [path for path in visit.failures if is_gone(path)])

    def _was_looked_for(self, path: str) -> bool:
        """Whether the walk would have come by a file; the hidden ones were perhaps chosen in an earlier run."""
        return self.wanted.selection == EVERYTHING and "/." not in "/" + path

    def decide(self, visits: list[Visit]) -> None:
        """Whether each file has to be listened to."""
        db = self.recorder.db
        if self.wanted.retry:
            tracks = {visit.files[path].track_id for visit in visits for path in visit.found if path in visit.files}
            self.recorder.forget_failed_extractors(tracks)
        extractors = usable(self.made.installed)
        audible = [each for each in extractors if not needs_no_audio(each)]
        complete = inventory.complete(db, extractors, self.settings.profile)
        heard = complete if audible == list(extractors) else inventory.complete(db, audible, self.settings.profile)
        copies = inventory.copies(db)
        sizes = _Sizes(inventory.sizes(db))
        fates: Counter[Fate] = Counter()
        for visit in visits:
            for path, file in visit.found.items():
                known, failure = visit.files.get(path), visit.failures.get(path)
                if failure and failure.is_settled(file) and not self.wanted.retry:
                    fates["skipped"] += 1
                elif known and known.is_same(file) and known.track_id in complete:
                    fates["duplicates" if known.id in copies else "unchanged"] += 1
                    visit.healed += [path] if failure else []
                elif known and known.is_same(file) and known.track_id in heard:
                    task = self._task(file, known, sizes)
                    self.made.recollections.append(Recollection(known.track_id, known.id in copies, task))
                else:
                    self.made.tasks.append(self._task(file, known, sizes))
            self.recorder.forget_failures(visit.place.root_id, visit.healed)
        self.made.tasks = in_order(self.made.tasks)
        for fate, n_files in fates.items():
            self.made.ledger = self.made.ledger.plus(fate, n_files)

    def _task(self, file: AudioFile, known: KnownFile | None, sizes: _Sizes) -> Task:
        if known and known.is_same(file):
            return self._new_task(file)
        if known or file.size in sizes.known:
            return self._new_task(file, may_be_known=True)
        is_first = file.size not in sizes.planned
        sizes.planned.add(file.size)
        return self._new_task(file, may_be_known=not is_first, waits=not is_first)

    def _new_task(self, file: AudioFile, *, may_be_known: bool = False, waits: bool = False) -> Task:
        settings = self.settings
        return Task(
            file,
            self.recorder.catalog.path,
            settings.profile,
            may_be_known,
            waits,
            settings.device,
            self.made.installed,
        )


def in_order(tasks: Sequence[Task]) -> list[Task]:
    """In the order of the walk, but known sounds first, which take little time, and possible copies last.

    Files much longer than most come before the others: at the end, one of them would keep one core busy alone.
    """
    long = LONG * sum(task.file.size for task in tasks) / max(1, len(tasks))

    def rank(task: Task) -> tuple[bool, bool, int]:
        return task.waits, not task.may_be_known, -task.file.size if task.file.size > long else 0

    return sorted(tasks, key=rank)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """The sizes of files in the catalogue, and of those to listen to: equal sounds come mostly in files of one size."""

    known: Container[int]
    planned: set[int] = field(default_factory=set)


def is_there(path: Path) -> bool:
    """Whether a file exists, or may exist where this user cannot look."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
