"""Count what the catalogue holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from essentialist import __version__
from essentialist.cli._output import json_option, note, opened, print_json, print_mapping, print_table, shown_path
from essentialist.cli._tables import Column
from essentialist.cli.analyze import tell_more
from essentialist.human import about, counted, minutes
from essentialist.runs import jobs

if TYPE_CHECKING:
    from essentialist.runs.jobs import Job

DESCRIPTOR_COLUMNS = (
    Column("descriptor"),
    Column("tracks", is_number=True),
    Column("unit", least=4),
    Column("what it is", wraps=True, least=30),
)


@click.command(epilog="\b\nExamples:\n  essentialist status\n  essentialist status --json | jq .analysed")
@json_option
def command(as_json: bool) -> None:
    """Count what was analysed, and how many tracks have a value of each descriptor.

    The music itself is not looked at: `found` counts what the catalogue knows, `skipped` the files that were gone at
    the latest analysis.
    """
    library = opened()
    status = library.catalog.status()
    descriptors = library.descriptors()
    job = jobs.latest(library.catalog)
    if as_json:
        print_json(
            {
                "found": status.found,
                "analysed": status.analysed,
                "unchanged": status.unchanged,
                "duplicates": status.duplicates,
                "failed": status.failed,
                "skipped": status.skipped,
                "waiting": status.waiting,
                "catalog": str(library.catalog.path),
                "version": __version__,
                "folders": list(status.roots),
                "duration": status.duration,
                "descriptors": status.descriptors,
                "lacking": asdict(library.lacking()),
                "run": {"running": job.is_running, **asdict(job)} if job else None,
            }
        )
        return
    print_mapping(
        {
            "catalogue": shown_path(library.catalog.path),
            "folders": ", ".join(map(shown_path, status.roots)) or "none yet",
            "tracks": f"{status.analysed:,}, {minutes(status.duration)} of music",
            "files": f"{status.found:,} known: {counted(status.duplicates, 'duplicate')}, {status.failed:,} failed,"
            f" {status.skipped:,} gone",
            "analysis": told(job) if job else "none yet",
        }
    )
    if status.waiting:
        note(
            f"{counted(status.waiting, 'merged recording')} without a file here: `essentialist analyze FOLDER` finds"
            " theirs without listening again."
        )
    if not status.analysed:
        note("Nothing was analysed yet: run `essentialist analyze FOLDER`.")
        return
    click.echo()
    print_table(
        DESCRIPTOR_COLUMNS,
        (
            (each.name, f"{status.descriptors.get(each.name, 0):,}", each.unit, explained(each.help, each.estimate))
            for each in descriptors
        ),
    )
    tell_more(library.lacking())


def told(job: Job) -> str:
    """The analysis under way, or how the last one ended."""
    progress = job.progress
    if job.is_running:
        left = "" if progress.seconds_left is None else f", about {about(progress.seconds_left)} left"
        return f"under way: {progress.done:,} of {progress.planned:,}{left}"
    began = dt.datetime.fromtimestamp(job.started).astimezone().strftime("%Y-%m-%d %H:%M")
    if job.finished is None:
        return f"of {began} was cut off: `essentialist analyze` goes on"
    if not job.ledger:
        return f"of {began} ended in an error: `essentialist analyze` says which"
    analysed, found, seconds = (job.ledger[name] for name in ("analysed", "found", "seconds"))
    return f"of {began} took {about(seconds)}: {analysed:,} of {found:,} analysed"


def explained(help_text: str, is_estimate: bool) -> str:
    """A descriptor's explanation, an estimate named as such."""
    return f"{help_text} (an estimate)" if is_estimate else help_text


COMMAND = command
