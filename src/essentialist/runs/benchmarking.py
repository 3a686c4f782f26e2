"""How fast a collection is analysed on this machine: a sample of it, by stage and by number of workers.

The catalogues are temporary ones; the user's own is not touched. Each measurement is made in a process started afresh,
so that none is warmed by the one before, and its memory is its own.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from essentialist.catalogue.catalog import Catalog
from essentialist.errors import CollectionError, NoAudio
from essentialist.files.collection import Selection, walk
from essentialist.one_thread import demand_one_thread
from essentialist.runs.planning import Wanted
from essentialist.runs.runner import analyze
from essentialist.runs.stages import StageTimes, stage_times
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.settings import Settings

Measured = TypeVar("Measured")

RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""What `ru_maxrss` counts in: bytes on macOS, kibibytes elsewhere."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Tracks of a folder, spread evenly over it: what is to be analysed, out of `n_files` in all."""

    wanted: Wanted
    n_files: int


@dataclass(frozen=True, slots=True)
class Run:
    """A whole analysis of the sample, the start of the workers included.

    `duration_s`: seconds of music. `cpu_s`: processor time of the parent and all workers. `parent_bytes` and
    `worker_bytes`: the most memory that the parent and the largest worker held (resident set).
    """

    workers: int
    n_tracks: int
    n_failed: int
    duration_s: float
    seconds: float
    cpu_s: float
    parent_bytes: int
    worker_bytes: int

    @property
    def tracks_an_hour(self) -> float:
        """How many tracks like these an hour has room for."""
        return self.n_tracks / self.seconds * 3600

    def as_row(self) -> dict[str, float]:
        """The run for JSON."""
        return {**asdict(self), "tracks_an_hour": self.tracks_an_hour}


def sample(folder: Path, n_tracks: int) -> Sample:
    """Choose so many files of a folder, the same ones every time.

    Raises FolderMissing for a folder that is not there, NoAudio for one without any audio in it.
    """
    files = [found for found in walk(folder) if isinstance(found, AudioFile)]
    if not files:
        raise NoAudio(f"There is no audio in {folder}: name a folder with music.")
    step = max(1.0, len(files) / n_tracks)
    chosen = [files[int(index * step)] for index in range(min(n_tracks, len(files)))]
    return Sample(Wanted((folder,), Selection(include=tuple(f"/{file.path}" for file in chosen))), len(files))


def worker_counts(most: int) -> list[int]:
    """The numbers of workers to try: 1, 2, 4 … and the most."""
    return sorted({*(2**power for power in range(most.bit_length())), most})


def time_stages(chosen: Sample, settings: Settings) -> StageTimes:
    """Listen to the sample in one process; seconds by stage. Raises CollectionError where nothing can be heard."""
    demand_one_thread()  # as a run does
    return apart(timed, chosen, settings)


def time_run(chosen: Sample, settings: Settings) -> Run:
    """Analyse the sample as `essentialist analyze` does. Raises CollectionError where nothing can be heard."""
    return apart(run, chosen, settings)


def apart(measure: Callable[[Sample, Settings], Measured], chosen: Sample, settings: Settings) -> Measured:
    """Measure in a process of its own, with a catalogue of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="essentialist-") as folder,
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process,
    ):
        own = replace(settings, catalog=Path(folder, "catalog.db"))
        return process.submit(measure, chosen, own).result()


def timed(chosen: Sample, settings: Settings) -> StageTimes:
    """The stages, timed in this process, which becomes like a worker."""
    return stage_times(Catalog.create(settings.catalog), chosen.wanted, settings)


def run(chosen: Sample, settings: Settings) -> Run:
    """A run, measured in the process that is its parent."""
    catalog = Catalog.create(settings.catalog)
    started = perf_counter()
    ledger = analyze(catalog, chosen.wanted, settings)
    seconds = perf_counter() - started
    if not ledger.analysed:
        raise CollectionError("None of these files can be listened to: name a folder with music that can be played.")
    parent, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(
        workers=settings.workers,
        n_tracks=ledger.analysed,
        n_failed=ledger.failed,
        duration_s=catalog.status().duration,
        seconds=seconds,
        cpu_s=parent.ru_utime + parent.ru_stime + workers.ru_utime + workers.ru_stime,
        parent_bytes=peak_bytes(),
        worker_bytes=workers.ru_maxrss * RSS_UNIT,
    )


def peak_bytes() -> int:
    """The most memory that this process held; on Linux without what it inherited of `ru_maxrss` when it was started."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT
