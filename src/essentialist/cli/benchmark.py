"""Measure how fast a folder is analysed on this machine, by stage and by number of workers."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from rich.console import Console

from essentialist import __version__
from essentialist.cli._output import json_option, note, print_json, print_table, settings
from essentialist.human import counted, minutes
from essentialist.runs.benchmarking import Run, sample, time_run, time_stages, worker_counts
from essentialist.settings import Device

if TYPE_CHECKING:
    from collections.abc import Iterator

    from essentialist.runs.stages import StageTimes

EPILOG = """\b
Examples:
  essentialist benchmark ~/Music
  essentialist benchmark ~/Music --tracks 100 --workers 8 --json
The figures are explained in docs/performance.md.
"""
MEBIBYTE = 1 << 20
RUN_COLUMNS = (
    "workers ",
    "seconds ",
    "s a track ",
    "tracks an hour ",
    "times as fast as played ",
    "parent's memory ",
    "a worker's ",
)


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--tracks",
    "n_tracks",
    type=click.IntRange(min=1),
    default=24,
    show_default=True,
    help="How many, spread over the folder.",
)
@click.option("--workers", type=click.IntRange(min=1), help="The most that listen at once.  [default: all cores]")
@click.option("--profile", type=click.Choice(("balanced", "full")), help="How thoroughly.  [default: balanced]")
@click.option("--device", type=click.Choice(get_args(Device)), help="Where networks run.  [default: auto]")
@json_option
def command(
    folder: Path, n_tracks: int, workers: int | None, profile: str | None, device: str | None, as_json: bool
) -> None:
    """Measure how fast a folder is analysed on this machine.

    A sample of its tracks is analysed several times, into catalogues that are thrown away: one after the other for the
    seconds that each stage takes, then with 1, 2, 4 … workers. Your catalogue is not touched.
    """
    chosen_settings = settings(workers=workers, profile=profile, device=device)
    chosen = sample(folder, n_tracks)
    with shown("one process, stage by stage"):
        stages = time_stages(chosen, chosen_settings)
    runs = []
    for n_workers in worker_counts(chosen_settings.workers):
        with shown(counted(n_workers, "worker")):
            runs.append(time_run(chosen, replace(chosen_settings, workers=n_workers)))
    if as_json:
        print_json(
            {
                "version": __version__,
                "profile": chosen_settings.profile,
                "files": chosen.n_files,
                "tracks": stages.n_tracks,
                "duration": runs[0].duration_s,
                "seconds_a_track": stages.a_track(),
                "runs": [each.as_row() for each in runs],
            }
        )
        return
    click.echo(
        f"{counted(stages.n_tracks, 'track')} of {chosen.n_files:,}, {minutes(runs[0].duration_s)} of music;"
        f" profile {chosen_settings.profile}"
    )
    print_stages(stages)
    print_runs(runs)
    if runs[0].n_failed:
        note(f"{counted(runs[0].n_failed, 'file')} of the sample could not be listened to.")


@contextmanager
def shown(what: str) -> Iterator[None]:
    """Say on stderr what is measured while it is."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        console.print(f"measuring: {what}")
        yield
        return
    with console.status(f"measuring: {what}"):
        yield


def print_stages(stages: StageTimes) -> None:
    """What a track takes, stage by stage, and in all."""
    a_track = stages.a_track()
    whole = sum(a_track.values())
    rows = [(stage, f"{seconds:.4f}", f"{seconds / whole:.1%}") for stage, seconds in a_track.items()]
    click.echo()
    print_table(("stage", "s a track ", "share "), [*rows, ("in all", f"{whole:.4f}", "")])


def print_runs(runs: list[Run]) -> None:
    """How fast whole runs are, and how much memory they take."""
    click.echo()
    print_table(
        RUN_COLUMNS,
        (
            (
                f"{run.workers}",
                f"{run.seconds:.1f}",
                f"{run.seconds / run.n_tracks:.3f}",
                f"{run.tracks_an_hour:,.0f}",
                f"{run.duration_s / run.seconds:,.0f}",
                f"{run.parent_bytes / MEBIBYTE:,.0f} MiB",
                f"{run.worker_bytes / MEBIBYTE:,.0f} MiB",
            )
            for run in runs
        ),
    )


COMMAND = command
