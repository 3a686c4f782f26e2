"""List the tracks that sound most like a given one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from essentialist.cli._output import format_option, note, opened
from essentialist.cli._tracks import print_tracks
from essentialist.descriptors import Descriptor
from essentialist.measures import USUAL, measures

if TYPE_CHECKING:
    from essentialist.library import Neighbour
    from essentialist.track import Track

SIMILARITY = Descriptor("similarity", "Similarity", "number", "", (-1, 1), "Cosine in the space of a measure")
MEASURES = ", ".join([USUAL, *measures()])

EPILOG = """\b
Examples:
  essentialist similar 12
  essentialist similar ~/Music/a.flac --limit 20 --format json
  essentialist similar 12 --by "tempo, key"
"""


@click.command(epilog=EPILOG)
@click.argument("track")
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), default=10, show_default=True, help="At most so many."
)
@click.option("--by", metavar="MEASURE", default=USUAL, show_default=True, help=f"{MEASURES}; a network; a blend.")
@format_option
def command(track: str, limit: int, by: str, form: str) -> None:
    """List the tracks nearest to TRACK (an id or a path) in sound, the nearest first.

    `similarity` is a cosine: 1 for the same, 0 for no relation, below 0 for the opposite.
    """
    library = opened()
    seed = library.track(track)
    near = [with_similarity(each) for each in library.similar(seed, by=by, limit=limit)]
    if near or form != "table":
        print_tracks(near, (SIMILARITY, *library.descriptors()), form, by=SIMILARITY.name)
    if form == "table":
        note(f"Like {seed.title}" if near else f"There is no other track to compare {seed.title} with.")


def with_similarity(neighbour: Neighbour) -> Track:
    """A track with its similarity among its values, to be shown like any other."""
    values = {**neighbour.track.values, SIMILARITY.name: round(neighbour.similarity, 4)}
    return replace(neighbour.track, values=values)


COMMAND = command
