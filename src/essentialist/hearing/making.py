"""Make the clips that are missing, by worker processes; a file that cannot be cut is told and stops nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist import models
from essentialist.catalogue import sources
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.catalogue.patch_store import PatchStore
from essentialist.errors import FileChanged, UnknownTrack
from essentialist.hearing.clipping import Clipped, ClipTask, make
from essentialist.hearing.clips import Clips
from essentialist.hearing.passages import Overview, Where, passage
from essentialist.runs.stopping import stop_asked_for
from essentialist.sound import patches
from essentialist.sound.audio import Stamp
from essentialist.tasks import Unheard
from essentialist.workers import Limits, Workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from signal import Signals

    from essentialist.catalogue.catalog import Catalog
    from essentialist.catalogue.sources import Source
    from essentialist.query import Clause
    from essentialist.settings import Settings

SECONDS: Final = 30.0
AGAIN: Final = "the same command tries once more"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which clips: so long, of which part of a track, and whether also those are made that are there."""

    seconds: float = SECONDS
    where: Where = "typical"
    again: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What became of the clips: how many were made, of how many bytes, were there already, went with their tracks.

    `failed` has files and why; `left` is how many had no turn since a signal ended it.
    """

    made: int = 0
    n_bytes: int = 0
    there: int = 0
    removed: int = 0
    left: int = 0
    failed: tuple[tuple[Path, str], ...] = ()
    stopped_by: Signals | None = None

    def as_row(self) -> dict[str, object]:
        """For JSON."""
        return {
            "made": self.made,
            "bytes": self.n_bytes,
            "there": self.there,
            "removed": self.removed,
            "left": self.left,
            "failed": [{"path": str(path), "reason": reason} for path, reason in self.failed],
        }


DEFAULT: Final = Wanted()


def make_clips(
    catalog: Catalog,
    where: Clause,
    settings: Settings,
    wanted: Wanted = DEFAULT,
    progress: Callable[[int, int], None] | None = None,
) -> Made:
    """Make the missing clips of the tracks that a condition holds for, and delete those of tracks that are gone.

    Ctrl-C or SIGTERM lets those in work be finished. Raises ExportError where clips cannot be written.
    """
    clips = Clips(catalog.path)
    listed = sources.fingerprints(catalog, where)
    todo = deque(each for each, mark in listed.items() if wanted.again or clips.find(mark) is None)
    there, removed = len(listed) - len(todo), clips.sweep(sources.all_fingerprints(catalog))
    if not todo:
        return Made(there=there, removed=removed)
    with PatchStore(catalog.path) as kept:
        done = _Making(catalog, kept, clips, wanted).through(todo, settings, progress)
    return replace(done, there=there, removed=removed)


class _Making:
    """Clips on their way to workers and back."""

    def __init__(self, catalog: Catalog, kept: PatchStore, clips: Clips, wanted: Wanted) -> None:
        self.catalog = catalog
        self.kept = kept
        self.clips = clips
        self.wanted = wanted
        self.sizes: list[int] = []
        self.failed: list[tuple[Path, str]] = []

    def through(self, todo: deque[int], settings: Settings, progress: Callable[[int, int], None] | None) -> Made:
        """Work through the tracks, or until a signal."""
        n_all = len(todo)
        limits = Limits(settings.timeout_s, settings.worker_memory_mb, AGAIN)
        lost: deque[ClipTask] = deque()
        with stop_asked_for() as stop, Workers(make, min(settings.workers, n_all), limits) as workers:
            while workers.in_hand or ((todo or lost) and not stop):
                while workers.n_wanted > 0 and (todo or lost) and not stop:
                    task = lost.popleft() if lost else self._task(todo.popleft())
                    if task is not None:
                        workers.send(task)
                for returned in workers.wait().returned:
                    if returned.result is None:
                        lost.append(returned.task)
                    else:
                        self._note(returned.task, returned.result)
                if progress is not None:
                    progress(len(self.sizes) + len(self.failed), n_all)
        return Made(
            made=len(self.sizes),
            n_bytes=sum(self.sizes),
            left=len(todo) + len(lost),
            failed=tuple(self.failed),
            stopped_by=stop.by,
        )

    def _note(self, task: ClipTask, result: Clipped | Unheard) -> None:
        if isinstance(result, Unheard):
            self.failed.append((task.source, result.reason))
        else:
            self.sizes.append(result.n_bytes)

    def _task(self, track_id: int) -> ClipTask | None:
        """What to cut out of which file; None, and a failure, where none is as it was when it was analysed."""
        try:
            source = sources.source(self.catalog, track_id)
        except UnknownTrack:  # an analysis struck it out meanwhile
            return None
        path = unchanged(source)
        if path is None:
            first = source.files[0].absolute
            self.failed.append((first, "it is gone, or not as it was: analyse its folder again"))
            return None
        target = self.clips.place(source.fingerprint)
        return ClipTask(path, target, passage(self._overview(source), self.wanted.seconds, self.wanted.where))

    def _overview(self, source: Source) -> Overview:
        outline = np.frombuffer(source.waveform, np.uint8) / 255
        kept = self.kept.recall(source.fingerprint, EMBEDDING)
        if kept is None:
            return Overview(source.duration, outline, np.empty((0, 0)), np.empty(0))
        network = models.network(EMBEDDING)
        middles_s = patches.middles_s(kept.profile, network.patch_frames, network.patch_hop, source.duration)
        if len(middles_s) != len(kept.embeddings):  # a sample more or less made another patch
            middles_s = (np.arange(len(kept.embeddings)) + 0.5) * source.duration / len(kept.embeddings)
        return Overview(source.duration, outline, kept.embeddings.astype(np.float64), middles_s)


def unchanged(source: Source) -> Path | None:
    """The first file of a recording that is as it was when it was listened to."""
    for file in source.files:
        try:
            if Stamp.of(file.absolute) == Stamp(file.size, file.mtime_ns):
                return file.absolute
        except FileChanged:
            continue
    return None
