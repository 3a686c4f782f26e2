"""What the studio's own processes are doing: told in words, and the steps that a visitor can take.

Every step raises SettingsError in a read-only studio, and while another chore is under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist.catalogue import sources
from essentialist.catalogue.catalog import EVERYTHING
from essentialist.hearing.clips import Clips
from essentialist.human import about, counted
from essentialist.runs import jobs
from essentialist.web.views import analysis
from essentialist.web.views.texts import readable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from essentialist.catalogue.catalog import Catalog
    from essentialist.runs.jobs import Job
    from essentialist.web.chores import Chore
    from essentialist.web.studio import Studio
    from essentialist.web.views.analysis import Network

LEAST_MADE: Final = 3  # before which nobody knows how long the rest takes


@dataclass(frozen=True, slots=True)
class Doing:
    """What goes on or went on last, in words.

    `share` of it is done, 0 to 1, None where nobody can tell or nothing goes on; `now` names what is worked on;
    `problem` is what a chore said that failed. `is_ours`: this studio runs it and can stop it.
    """

    words: str
    share: float | None = None
    now: tuple[str, ...] = ()
    problem: str = ""
    is_running: bool = False
    is_ours: bool = False
    can_go_on: bool = False


@dataclass(frozen=True, slots=True)
class Clipped:
    """How many tracks there are, and how many of them have a clip."""

    n_tracks: int
    n_clips: int


def doing(studio: Studio) -> Doing:
    """See what goes on."""
    catalog, chore = studio.library.catalog, studio.chores.latest()
    job = jobs.latest(catalog)
    if chore is not None and chore.code is None:
        return _ours(catalog, chore, job)
    if job is not None and job.is_running:
        return _running(job, is_ours=False)
    if chore is None:
        return Doing(analysis.ended(job) if job else NOTHING_YET)
    return _ended(chore, job, catalog.roots())


NOTHING_YET: Final = "Nothing was listened to yet. Choose a folder below and start."


def _ours(catalog: Catalog, chore: Chore, job: Job | None) -> Doing:
    if chore.command == "analyze" and job is not None and job.is_running:
        return _running(job, is_ours=True)
    if chore.command == "clips":
        seen = clipped(catalog)
        return Doing(in_work(chore, seen), share(chore, seen), is_running=True, is_ours=True)
    return Doing(f"{chore.title} …", is_running=True, is_ours=True)


def _running(job: Job, *, is_ours: bool) -> Doing:
    seen = analysis.running(job)
    return Doing(seen.words, seen.share, seen.now, is_running=True, is_ours=is_ours)


def _ended(chore: Chore, job: Job | None, roots: Sequence[str]) -> Doing:
    said = analysis.unplaced(chore.said, roots).strip()
    if chore.is_stopped and chore.is_paused:
        return Doing(f"{chore.title} is paused: nothing is lost.", can_go_on=True)
    if chore.is_stopped:
        return Doing(f"{chore.title} was stopped. What is done is kept.")
    if chore.code:
        return Doing(f"{chore.title} ended with an error. What it said:", problem=said)
    if chore.command == "analyze" and job is not None:
        return Doing(analysis.ended(job))
    return Doing(f"{chore.title} is done: {readable(said.splitlines()[-1])}." if said else f"{chore.title} is done.")


def clipped(catalog: Catalog) -> Clipped:
    """Count the clips."""
    listed = sources.fingerprints(catalog, EVERYTHING)
    known = Clips(catalog.path).known()
    return Clipped(len(listed), sum(each in known for each in listed.values()))


def share(chore: Chore, seen: Clipped) -> float:
    """How much of what a chore has to make is there, 0 to 1."""
    return min(1.0, max(0.0, (seen.n_clips - chore.before) / max(1, seen.n_tracks - chore.before)))


def in_work(chore: Chore, seen: Clipped) -> str:
    """How far the clips are, and how long the rest takes at the pace until now."""
    made, left = seen.n_clips - chore.before, seen.n_tracks - seen.n_clips
    words = f"{seen.n_clips:,} of {counted(seen.n_tracks, 'clip')}"
    return f"{words} · about {about(chore.seconds / made * left)} left" if made >= LEAST_MADE and left > 0 else words


def listen(studio: Studio, folder: Path, *, again: bool) -> None:
    """Have a folder listened to."""
    options = ["--retry-failed"] if again else []
    _start(studio, f"Listening to {readable(folder.name)}", ["analyze", *options, "--", str(folder)])


def retry(studio: Studio) -> None:
    """Try the files again that failed, in all folders."""
    _start(studio, "Trying again what failed", ["analyze", "--retry-failed"])


def make_clips(studio: Studio) -> None:
    """Make the clips that are missing."""
    _start(studio, "Making clips", ["clips"], before=clipped(studio.library.catalog).n_clips)


def fetch(studio: Studio, network: Network) -> None:
    """Fetch a network, to whose licence the visitor agreed."""
    _start(studio, f"Fetching {network.title}", ["models", "pull", network.name, "--yes"])


def stop(studio: Studio, *, pause: bool) -> None:
    """Ask what this studio runs to end."""
    studio.options.check_changes()
    studio.chores.stop(pause=pause)


def go_on(studio: Studio) -> None:
    """Take up what was paused."""
    studio.options.check_changes()
    studio.chores.go_on(before=clipped(studio.library.catalog).n_clips)


def _start(studio: Studio, title: str, arguments: Sequence[str], *, before: int = 0) -> None:
    studio.options.check_changes()
    studio.chores.start(title, arguments, before=before)
