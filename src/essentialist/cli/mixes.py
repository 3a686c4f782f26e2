"""Make a playlist of each kind of music in the collection."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from essentialist.choosing.wishes import Length, Wishes
from essentialist.cli._output import note, opened, print_table
from essentialist.cli.playlist import tell
from essentialist.exports import exporter_for
from essentialist.human import counted, minutes
from essentialist.measures import USUAL
from essentialist.playlists.clusters import Clusters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.playlist import Playlist

EPILOG = """\b
Examples:
  essentialist mixes
  essentialist mixes -o 'mixes/{name}.m3u8'
  essentialist mixes "duration:<15m" --seed $(date +%Y%m%d) -o 'daily {number}.m3u8'
The same seed draws the same tracks; another, such as the date, other tracks of the same kinds.
"""

FIRST = 3  # artists shown of each mix
NO_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|{}]+')


@click.command(epilog=EPILOG)
@click.argument("query", default="")
@click.option("--number", metavar="N", type=click.IntRange(1, 100), help="How many.  [default: as there seem to be]")
@click.option("--length", default="25", show_default=True, help='How many tracks each, or a time such as "90 min".')
@click.option("--alike", metavar="MEASURE", default=USUAL, show_default=True, help="In what their tracks are alike.")
@click.option("--order", help="The order of play, as for a playlist.  [default: smooth]")
@click.option("--max-per-artist", metavar="N", type=click.IntRange(min=1), help="At most so many an artist.")
@click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="Another seed draws other tracks.")
@click.option("-o", "--output", metavar="PATTERN", help="The files to write, with {name} or {number} in their name.")
@click.option("--force", is_flag=True, help="Overwrite files that hold something else.")
def command(
    query: str,
    number: int | None,
    length: str,
    alike: str,
    order: str | None,
    max_per_artist: int | None,
    seed: int,
    output: str | None,
    force: bool,
) -> None:
    """Make a playlist of each kind of music among the tracks that QUERY holds for, or among all.

    Tracks are grouped by their sound; each group is named by the styles, tags and moods that set it apart. Without `-o`
    the mixes are listed.
    """
    if output is not None and not any(field in Path(output).name for field in ("{name}", "{number}")):
        raise click.UsageError("The name of the file needs {name} or {number}, as in -o 'mixes/{name}.m3u8'.")
    if output is not None:
        exporter_for(Path(output))
    library = opened()
    wishes = Wishes(Length.parse(length), max_per_artist=max_per_artist, seed=seed)
    made = library.mixes(query, choose=Clusters(n_clusters=number or 0, alike=alike), wishes=wishes, order=order)
    if output is None:
        print_mixes(made)
    for place, mix in enumerate(made, 1):
        for text in mix.notes:
            note(f"{mix.title}: {text}")
        if output is not None:
            path = path_of(output, place, mix.title)
            with suppress(OSError):  # what is wrong with the folder is told when the file is written
                path.parent.mkdir(exist_ok=True)
            tell(library.export(mix, path, force=force), mix)


def print_mixes(mixes: Iterable[Playlist]) -> None:
    """Name each mix, and say what is in it."""
    rows = []
    for number, mix in enumerate(mixes, 1):
        artists = list(dict.fromkeys(track.artist for track in mix.tracks if track.artist))
        shown = ", ".join(artists[:FIRST]) + (" …" if artists[FIRST:] else "")
        rows.append((str(number), mix.title, counted(len(mix.tracks), "track"), minutes(mix.duration), shown))
    print_table([" ", "mix", "", "length ", "with"], rows)


def path_of(pattern: str, number: int, name: str) -> Path:
    """The file of a mix: the pattern's folder, and its name filled in with what a file's name may hold."""
    path = Path(pattern).expanduser()
    safe = NO_NAME.sub("_", name).strip(" .")
    return path.with_name(path.name.replace("{number}", str(number)).replace("{name}", safe))


COMMAND = command
