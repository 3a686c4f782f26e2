"""Choose tracks, put them in order, write a playlist that opens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from essentialist.cli._output import TRACK_HEADINGS, minutes, opened, print_table, printable, track_cells
from essentialist.errors import PlaylistError
from essentialist.library import similar_to, sortable
from essentialist.locations import PATH_STYLES, PathStyle, path_mapping
from essentialist.ordering import ORDERS
from essentialist.playlists.filter import Filter
from essentialist.playlists.path import Path as Between
from essentialist.wishes import Length, Wishes

if TYPE_CHECKING:
    from essentialist.exports import ExportReport
    from essentialist.library import Library
    from essentialist.playlist import Playlist

EPILOG = f"""\b
Examples:
  essentialist playlist "arousal:..p33" --length "90 min" -o calm.m3u8
  essentialist playlist --like 12 --like 40 --unlike 7 -o like-these.m3u8 --why
  essentialist playlist --from 3 --to 77 --length 12 -o path.m3u8

\b
Orders: {", ".join(ORDERS)}; or a field, such as bpm or -year.
"""


@click.command(epilog=EPILOG)
@click.argument("query", default="")
@click.option("--like", "likes", multiple=True, metavar="TRACK", help="Sound like this; may be given again.")
@click.option("--unlike", "unlikes", multiple=True, metavar="TRACK", help="Keep away from this; may be given again.")
@click.option("--from", "start", metavar="TRACK", help="Begin a path here ...")
@click.option("--to", "end", metavar="TRACK", help="... and end it here.")
@click.option("--by", default="", metavar="FIELD", help='Take the least of a field, "-" before it: the most.')
@click.option("--length", default="25", show_default=True, help='Tracks, or a time such as "90 min"; "all".')
@click.option("--order", help="Order of play.  [default: smooth]")
@click.option("--max-per-artist", type=click.IntRange(min=1), help="At most so many an artist.  [default: 3 or so]")
@click.option("--max-per-album", type=click.IntRange(min=1), help="At most so many an album.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another choice by chance.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file; its suffix names the format.")
@click.option("--title", help="Of the playlist.  [default: the file's name]")
@click.option("--paths", type=click.Choice(PATH_STYLES), default="auto", show_default=True, help="How files are named.")
@click.option("--map", "mappings", multiple=True, metavar="FROM=TO", help="A folder as the player sees it.")
@click.option("--force", is_flag=True, help="Overwrite a file of another format.")
@click.option("--why", is_flag=True, help="Print why each track is there.")
def command(query: str, output: Path | None, title: str | None, why: bool, **given: Any) -> None:
    """Make a playlist of the tracks that QUERY holds for, or of all.

    Without more they are taken by chance; `--like` and `--unlike` take them by sound, `--from` and `--to` make a path
    in small steps. TRACK is an id or a path. Without `-o` the tracks are printed.
    """
    library = opened()
    asked = Asked(**given)
    made = library.playlist(
        query,
        title=title or (output.stem if output else query or "Playlist"),
        choose=asked.way(library),
        wishes=asked.wishes(),
        order=asked.order,
    )
    if output is None or why:
        print_playlist(made, why=why)
    for note in made.notes:
        click.echo(note, err=True)
    if output is not None:
        mappings = [path_mapping(text) for text in asked.mappings]
        report = library.export(made, output, style=asked.paths, mappings=mappings, force=asked.force)
        tell(report, made)


@dataclass(frozen=True, slots=True)
class Asked:
    """The options, as they were given."""

    likes: tuple[str, ...]
    unlikes: tuple[str, ...]
    start: str | None
    end: str | None
    by: str
    length: str
    order: str | None
    max_per_artist: int | None
    max_per_album: int | None
    seed: int
    paths: PathStyle
    mappings: tuple[str, ...]
    force: bool

    def way(self, library: Library) -> object:
        """The parameters of the one way that is asked for."""
        by_sound = bool(self.likes or self.unlikes)
        if sum((bool(self.start or self.end), by_sound, bool(self.by))) > 1:
            raise PlaylistError("Choose one way: by sound (--like, --unlike), a path (--from, --to), or --by a field.")
        if self.start and self.end:
            return Between(library.track(self.start), library.track(self.end))
        if self.start or self.end:
            raise PlaylistError("A path has two ends: give both --from and --to.")
        if by_sound:
            like, unlike = ([library.track(each) for each in each_kind] for each_kind in (self.likes, self.unlikes))
            return similar_to(*like, unlike=unlike)
        if self.by:
            sortable(library.fields(), self.by)
        return Filter(by=self.by)

    def wishes(self) -> Wishes:
        """What the playlist should be, however its tracks are chosen."""
        return Wishes(
            Length.parse(self.length),
            max_per_artist=self.max_per_artist,
            max_per_album=self.max_per_album,
            seed=self.seed,
        )


def print_playlist(playlist: Playlist, *, why: bool) -> None:
    """The tracks in order of play, with their reasons if wanted."""
    if why:
        rows = ([track.title, track.artist, playlist.reasons.get(track.id, "")] for track in playlist.tracks)
        print_table(("title", "artist", "why"), rows)
    else:
        print_table(TRACK_HEADINGS, (track_cells(track) for track in playlist.tracks))


def tell(report: ExportReport, playlist: Playlist) -> None:
    """What was written, and what was not."""
    for path, reason in report.skipped:
        click.echo(f"left out: {printable(str(path))}: {reason}", err=True)
    for path in report.missing:
        click.echo(f"left out: {printable(str(path))}: the file is not there any more", err=True)
    click.echo(f"{report.path}: {report.written} tracks, {minutes(playlist.duration)}")


COMMAND = command
