"""Make 30-second clips, for a web server without the music."""

from __future__ import annotations

from typing import get_args

import click

from essentialist.cli import stopped
from essentialist.cli._clips import clip, tell
from essentialist.cli._output import json_option, opened, print_json, settings
from essentialist.hearing.making import SECONDS, Wanted
from essentialist.hearing.passages import Where

EPILOG = """\b
Examples:
  essentialist clips
  essentialist clips "added:<30d" --where energetic
  essentialist clips --seconds 20 --again
"""


@click.command(epilog=EPILOG)
@click.argument("query", default="")
@click.option(
    "--seconds", type=click.FloatRange(5, 120), default=SECONDS, show_default=True, help="How long a clip is."
)
@click.option(
    "--where", type=click.Choice(get_args(Where)), default="typical", show_default=True, help="Which part of the track."
)
@click.option("--again", is_flag=True, help="Also make those that are there.")
@click.option("--workers", type=click.IntRange(min=1), help="How many processes work at once.  [default: all cores]")
@json_option
def command(query: str, seconds: float, where: Where, again: bool, workers: int | None, as_json: bool) -> int:
    """Make the missing clips of the tracks that QUERY holds for, or of all.

    Clips are Opus files beside the catalogue, `catalog.clips`: with them the studio plays previews where the music is
    not. Clips of tracks that are gone are deleted. It can be stopped at any time and goes on where it was. The exit
    code is 1 where a clip could not be made.
    """
    library, chosen = opened(), settings(workers=workers)
    done = clip(library.catalog, library.clause(query), chosen, Wanted(seconds, where, again))
    if as_json:
        print_json(done.as_row())
    else:
        tell(done)
    if done.stopped_by:
        return stopped(done.stopped_by)
    return 1 if done.failed else 0


COMMAND = command
