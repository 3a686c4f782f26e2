"""Tracks that a query holds for, with what was measured."""

from __future__ import annotations

import click

from essentialist.cli._output import format_option, opened, print_tracks

EPILOG = """\b
Examples:
  essentialist tracks "bpm:120..130 key:8A" --sort -danceability
  essentialist tracks "tag:piano voice:<0.3" --format json | jq '.[].path'
The language is described in docs/query.md; `essentialist status` lists the fields.
"""


@click.command(epilog=EPILOG)
@click.argument("query", default="")
@click.option("--sort", metavar="FIELD", help='In the order of a field; "-" before it for the other way round.')
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@format_option
def command(query: str, sort: str | None, limit: int | None, form: str) -> None:
    """List the tracks that QUERY holds for, or all."""
    library = opened()
    print_tracks(library.tracks(query, sort=sort, limit=limit), library.descriptors(), form)


COMMAND = command
