"""List the tracks that a query finds."""

from __future__ import annotations

import click

from essentialist.cli._output import format_option, note, opened
from essentialist.cli._tracks import print_tracks
from essentialist.human import counted, minutes
from essentialist.query import sortable
from essentialist.words import is_query

EPILOG = """\b
Examples:
  essentialist tracks "bpm:120..130 key:8A" --sort -danceability
  essentialist tracks "tag:piano voice:<0.3" --format json | jq '.[].path'
The language is described in docs/query.md; `essentialist status` lists the fields.
"""


@click.command(epilog=EPILOG)
@click.argument("query", default="")
@click.option("--sort", metavar="FIELD", help='In the order of a field, such as bpm; "-bpm" begins with the most.')
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="At most so many.")
@format_option
def command(query: str, sort: str | None, limit: int | None, form: str) -> None:
    """List the tracks that QUERY holds for, or all.

    A "~" marks what is an estimate. On a narrow terminal the table leaves columns out; `--format json` has everything.
    """
    library = opened()
    by = sortable(library.fields(), sort) if sort else None
    if form != "table" and limit is None:
        print_tracks(library.catalog.each(library.clause(query), order_by=by), library.descriptors(), form)
        return
    found = library.tracks(query, sort=sort, limit=limit)
    if found or form != "table":
        print_tracks(found, library.descriptors(), form, by=by and by.removeprefix("-"))
    if form == "table":
        note(summary(len(found), sum(track.duration or 0 for track in found), query))


def summary(n: int, seconds: float, query: str) -> str:
    """How much was found, and what to do where that is nothing."""
    if n:
        return f"{counted(n, 'track')}, {minutes(seconds)}"
    if query.strip():
        words = (
            "" if is_query(query) else " Words are searched as text here; `essentialist playlist` takes their meaning."
        )
        return f"No track matches `{query}`.{words}"
    return "The catalogue holds no tracks yet: run `essentialist analyze FOLDER`."


COMMAND = command
