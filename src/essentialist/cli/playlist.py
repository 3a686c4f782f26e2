"""Choose tracks, put them in order, write a playlist."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from essentialist.cli._output import counted, minutes, note, opened, print_table, shown_path
from essentialist.cli._tables import Column
from essentialist.cli._tracks import print_tracks
from essentialist.cli._ways import chosen_way, way_options
from essentialist.cli._wishes import Wished, wish_options
from essentialist.cli._words import worded
from essentialist.locations import PATH_STYLES, PathStyle, path_mapping
from essentialist.ordering import ORDERS
from essentialist.wishes import Length, Wishes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.descriptors import Descriptor
    from essentialist.exports import ExportReport
    from essentialist.library import Library
    from essentialist.playlist import Playlist

EPILOG = f"""\b
Examples:
  essentialist playlist "calm instrumental piano, 80-100 bpm, 45 minutes, no ambient"
  essentialist playlist "arousal:..p33" --length "90 min" -o calm.m3u8
  essentialist playlist --like 12 --like 40 --unlike 7 --why -o like.m3u8
  essentialist playlist --like 12=2 --like 40 --alike "sound:2, mood:1" --diversity 0.3
  essentialist playlist --from 3 --to 77 --length 12 -o path.m3u8
  essentialist playlist --from 3 --drift 0.6 --exclude-playlist yesterday.m3u8 -o radio.m3u8
  essentialist playlist "year:1990..1999" --by -danceability -o dance.m3u8

\b
Orders: {", ".join(ORDERS)};
a field, such as bpm or -year; rise:bpm and the like.
"""

WHY_COLUMNS = (
    Column("", is_number=True),
    Column("title", least=18),
    Column("artist"),
    Column("why", wraps=True, least=30),
)


@click.command(epilog=EPILOG)
@click.argument("query", default="")
@click.option("--length", default="25", show_default=True, help='How many tracks, or a time such as "90 min"; "all".')
@click.option("--order", help="The order of play, see below.  [default: smooth]")
@click.option("--max-per-artist", metavar="N", type=click.IntRange(min=1), help="At most so many an artist.")
@click.option("--max-per-album", metavar="N", type=click.IntRange(min=1), help="At most so many an album.")
@click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="Another seed is another chance.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; its suffix is the format.")
@click.option("--title", help="The title in the file.  [default: the file's name]")
@click.option("--paths", type=click.Choice(PATH_STYLES), help="How files are named.  [default: auto]")
@click.option("--map", "mappings", multiple=True, metavar="FROM=TO", help="A folder as the player sees it.")
@click.option("--force", is_flag=True, help="Overwrite a file that holds something else.")
@click.option("--why", is_flag=True, help="Print why each track is there.")
def command(query: str, output: Path | None, why: bool, way: str | None, **given: Any) -> None:
    """Make a playlist of the tracks that QUERY holds for, or of all.

    QUERY can be plain English: what it is taken for is printed, as a query to copy.
    Without more they are taken by chance; `--like` and `--unlike` take them by sound, `--from` goes on from a track and
    with `--to` makes a path in small steps, `--by` takes the least or most of a field, `--cluster` one kind of music.
    TRACK is an id or a path. Without `-o` the tracks are printed. An artist has three tracks at most as long as there
    are enough others.
    """
    library = opened()
    said, query = query, worded(library, query, given)
    asked = Asked(**{name: given.pop(name) for name in Asked.__slots__})
    asked.check(output)
    wished = Wished(**{name: given.pop(name) for name in Wished.__slots__})
    made = library.playlist(
        query,
        title=asked.title or (output.stem if output else said or "Playlist"),
        choose=chosen_way(library, way, given),
        wishes=wished.over(library, asked.wishes()),
        order=asked.order,
    )
    report = None if output is None else asked.write(library, made, output)
    if report is None or why:
        print_playlist(made, library.descriptors(), why=why)
    for text in made.notes:
        note(text)
    if report is not None:
        tell(report, made)


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that do not say how to choose, as they were given."""

    length: str
    order: str | None
    max_per_artist: int | None
    max_per_album: int | None
    seed: int
    title: str | None
    paths: PathStyle | None
    mappings: tuple[str, ...]
    force: bool

    def check(self, output: Path | None) -> None:
        """Raise UsageError for options that would do nothing."""
        idle = {"--title": self.title, "--paths": self.paths, "--map": self.mappings, "--force": self.force}
        for name, value in idle.items():
            if value and output is None:
                raise click.UsageError(f"{name} is about the file that is written: name one with -o.")

    def wishes(self) -> Wishes:
        """What the playlist should be, however its tracks are chosen."""
        return Wishes(
            Length.parse(self.length),
            max_per_artist=self.max_per_artist,
            max_per_album=self.max_per_album,
            seed=self.seed,
        )

    def write(self, library: Library, playlist: Playlist, output: Path) -> ExportReport:
        """Write the playlist as wished."""
        mappings = [path_mapping(text) for text in self.mappings]
        return library.export(playlist, output, style=self.paths or "auto", mappings=mappings, force=self.force)


def print_playlist(playlist: Playlist, descriptors: Sequence[Descriptor], *, why: bool) -> None:
    """The tracks in order of play, with their reasons if wanted."""
    if not why:
        print_tracks(playlist.tracks, descriptors)
        return
    rows = (
        (str(number), track.title, track.artist, playlist.reasons.get(track.id, ""))
        for number, track in enumerate(playlist.tracks, 1)
    )
    print_table(WHY_COLUMNS, rows)


def tell(report: ExportReport, playlist: Playlist) -> None:
    """What was written, and what was not."""
    for path, reason in report.skipped:
        note(f"left out: {shown_path(path)}: {reason}")
    for path in report.missing:
        note(f"left out: {shown_path(path)}: the file is not there any more")
    click.echo(f"{shown_path(report.path)}: {counted(report.written, 'track')}, {minutes(playlist.duration)}")


command.params[1:1] = [*way_options(), *wish_options()]
COMMAND = command
