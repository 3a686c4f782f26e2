"""Tracks that sound most like a given one."""

from __future__ import annotations

import json

import click

from essentialist.cli._output import (
    TRACK_HEADINGS,
    format_option,
    opened,
    print_json,
    print_table,
    print_tracks,
    track_cells,
    write,
)
from essentialist.rows import row


@click.command(epilog="\b\nExamples:\n  essentialist similar 12\n  essentialist similar ~/Music/a.flac --limit 20")
@click.argument("track")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="At most so many.")
@format_option
def command(track: str, limit: int, form: str) -> None:
    """List the tracks nearest to TRACK (an id or a path) in sound, the nearest first.

    JSON rows carry `similarity`: the cosine of the embeddings, 1 for the same sound, 0 for no relation.
    """
    library = opened()
    near = library.similar(track, limit=limit)
    descriptors = library.descriptors()
    rows = [{"similarity": round(each.similarity, 4), **row(each.track, descriptors)} for each in near]
    if form == "json":
        print_json(rows)
    elif form == "jsonl":
        for each in rows:
            write((json.dumps(each, ensure_ascii=False) + "\n").encode(errors="backslashreplace"))
    elif form == "table":
        print_table(
            ("alike ", *TRACK_HEADINGS), ([f"{each.similarity:.2f}", *track_cells(each.track)] for each in near)
        )
    else:
        print_tracks([each.track for each in near], descriptors, form)


COMMAND = command
