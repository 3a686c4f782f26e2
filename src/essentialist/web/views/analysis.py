"""How an analysis goes, what failed and which networks are there, as people read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from essentialist import models
from essentialist.human import about, counted
from essentialist.web.views.texts import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from essentialist.catalogue.catalog import Failure
    from essentialist.runs.jobs import Job


@dataclass(frozen=True, slots=True)
class Running:
    """An analysis under way: how much of the work is done (0 to 1), in words, and the names of what is heard now."""

    share: float
    words: str
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be read, named below its folder: nobody is told where that lies."""

    name: str
    stage: str
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Network:
    """A network or head that can be fetched: what it gives, under which licence, how large, and whether it is here."""

    name: str
    title: str
    gives: str
    licence: str
    size: str
    is_here: bool


def running(job: Job) -> Running:
    """Say how far an analysis is."""
    progress = job.progress
    parts = [f"{progress.done:,} of {counted(progress.planned, 'file')}"]
    if progress.tracks_a_minute:
        parts.append(f"{progress.tracks_a_minute:.0f} a minute")
    if progress.seconds_left is not None:
        parts.append(f"about {about(progress.seconds_left)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    return Running(min(1.0, max(0.0, progress.share)), " · ".join(parts), tuple(map(_last, progress.now)))


def ended(job: Job) -> str:
    """Say how the last analysis ended."""
    began = dt.datetime.fromtimestamp(job.started).astimezone().strftime("%d %B %Y, %H:%M")
    if job.finished is None:
        return f"The analysis of {began} was cut off. Nothing is lost: start it again and it goes on."
    if not job.ledger:
        return f"The analysis of {began} ended in an error."
    found, analysed, failed = (int(job.ledger.get(name, 0)) for name in ("found", "analysed", "failed"))
    words = f"On {began}, {counted(found, 'file')} were found and {analysed:,} listened to"
    if n_copies := int(job.ledger.get("duplicates", 0)):
        words = f"{words}, {n_copies:,} hold the same sound as another"
    return f"{words}; {failed:,} failed." if failed else f"{words}."


def failed_files(failures: Iterable[Failure], roots: Sequence[str]) -> tuple[FailedFile, ...]:
    """What could not be read, without the places of the roots, in the reasons too."""
    return tuple(
        FailedFile(below(each.path, roots), each.stage, unplaced(each.reason, roots), each.attempts)
        for each in failures
    )


def networks() -> tuple[Network, ...]:
    """Every network and head that does not ship with the package."""
    return tuple(
        Network(
            name=entry.name,
            title=entry.title,
            gives=", ".join(each.replace("_", " ") for each in entry.gives),
            licence=entry.licence,
            size=f"{entry.weights.size / 1e6:.1f} MB" if entry.weights.size else "size unknown",
            is_here=models.available(entry.name),
        )
        for entry in models.everything()
        if entry.weights.shipped_in is None
    )


def _last(path: str) -> str:
    return PurePosixPath(path).name


def below(path: Path, roots: Sequence[str]) -> str:
    """Where a file is below its folder, which is told by its name alone."""
    for root in roots:
        if path.is_relative_to(root):
            return readable(str(Path(Path(root).name, path.relative_to(root))))
    return readable(path.name)


def unplaced(reason: str, roots: Sequence[str]) -> str:
    """A text without the places of the roots: paths begin below them."""
    for root in sorted(roots, key=len, reverse=True):
        reason = reason.replace(root.rstrip("/") + "/", "")
    return reason
