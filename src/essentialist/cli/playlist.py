"""Choose tracks, put them in order, write a playlist."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from essentialist.choosing.ordering import ORDERS
from essentialist.choosing.wishes import Length
from essentialist.cli._checking import check_files
from essentialist.cli._output import note, opened, print_table, said_of, shown_path
from essentialist.cli._recipes import begun, print_recipes, save
from essentialist.cli._tables import Column
from essentialist.cli._tracks import print_tracks
from essentialist.cli._ways import changed_way, way_options
from essentialist.cli._wishes import Wished, seeds_in, wish_options
from essentialist.cli._words import worded
from essentialist.human import counted, minutes
from essentialist.locations import PATH_STYLES, PathStyle
from essentialist.profiles import PROFILES
from essentialist.recipes.recipe import Recipe, Target
from essentialist.recipes.targets import write
from essentialist.spelling import ENCODINGS, Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.descriptors import Descriptor
    from essentialist.exports import ExportReport
    from essentialist.playlist import Playlist

PLAYERS = "\n".join(f"  {each.name:10} {each.suffix:6} {each.about}" for each in PROFILES.values())
EPILOG = f"""\b
Examples:
  essentialist playlist "calm instrumental piano, 80-100 bpm, 45 minutes, no ambient"
  essentialist playlist "arousal:..p33" --length "90 min" -o calm.m3u8
  essentialist playlist --like 12 --like 40 --unlike 7 --why -o like.m3u8
  essentialist playlist --like 12=2 --like 40 --alike "sound:2, mood:1" --diversity 0.3
  essentialist playlist --from 3 --to 77 --length 12 -o path.m3u8
  essentialist playlist --from 3 --drift 0.6 --exclude-playlist yesterday.m3u8 -o radio.m3u8
  essentialist playlist --like-playlist party.m3u --length 100 -o longer-party.m3u8
  essentialist playlist "year:1990..1999" --by -danceability -o dance.m3u8
  essentialist playlist --check ~/Music/Playlists/party.m3u8
  essentialist playlist workout --tempo 140 -o ~/Music/workout.m3u8 --save run
  essentialist playlist "genre:house year:1990..1999" --length 100 -o house.nsp
  essentialist playlist focus --for windows --paths absolute --map '/srv/music=D:\\Music' -o focus

\b
Orders: {", ".join(ORDERS)};
a field, such as bpm or -year; rise:bpm and the like.

\b
Players:
{PLAYERS}
"""

INCOMPLETE = 3  # the exit code for --strict
WHY_COLUMNS = (
    Column("", is_number=True),
    Column("title", least=18),
    Column("artist"),
    Column("why", wraps=True, least=30),
)


@click.command(epilog=EPILOG)
@click.argument("query", metavar="[QUERY|RECIPE]", default="")
@click.option(
    "--like-playlist",
    "like_playlists",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Sound like all that this playlist names; --include begins with it. May be given again.",
)
@click.option("--length", help='How many tracks, or a time such as "90 min"; "all".  [default: 25]')
@click.option("--order", help="The order of play, see below.  [default: smooth]")
@click.option("--max-per-artist", metavar="N", type=click.IntRange(min=1), help="At most so many an artist.")
@click.option("--max-per-album", metavar="N", type=click.IntRange(min=1), help="At most so many an album.")
@click.option("--seed", metavar="N", type=int, help="Another seed is another chance.  [default: 0]")
@click.option("--tempo", metavar="BPM", type=float, help="Within 5 % of this tempo, its half or its double.")
@click.option("--not-recently-played", metavar="AGE", help='Nothing played in the last "30d", "6w" or the like.')
@click.option("--save", metavar="NAME", help="Keep all this as a recipe; `refresh` makes it again.")
@click.option("--list", "listing", is_flag=True, help="List the recipes and presets, and do nothing else.")
@click.option(
    "--check",
    "checked",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Check this playlist, whoever wrote it, and do nothing else; exit code 1 if it is wrong.",
)
@click.option("--json", "as_json", is_flag=True, help="What --check finds, as one JSON document.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; its suffix is the format.")
@click.option("--title", help="The title in the file.  [default: the file's name]")
@click.option("--for", "player", metavar="PLAYER", type=click.Choice(tuple(PROFILES)), help="For whom, see below.")
@click.option("--paths", type=click.Choice(PATH_STYLES), help="How files are named.  [default: auto]")
@click.option("--map", "map", multiple=True, metavar="FROM=TO", help="A folder as the player sees it.")
@click.option("--base", metavar="FOLDER", help="Where relative paths start; of http, the music folder's address.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Of M3U and PLS.  [default: utf-8]")
@click.option("--force", is_flag=True, help="Overwrite a file that holds something else, or a recipe.")
@click.option("--strict", is_flag=True, help="Exit code 3 if a track had to be left out of the file.")
@click.option("--why", is_flag=True, help="Print why each track is there.")
def command(query: str, output: Path | None, why: bool, way: str | None, **given: Any) -> int:
    """Make a playlist of the tracks that QUERY holds for, or of all, or by a RECIPE such as focus.

    QUERY can be plain English: what it is taken for is printed, as a query to copy.
    Without more they are taken by chance; `--like` and `--unlike` take them by sound, `--from` goes on from a track and
    with `--to` makes a path in small steps, `--by` takes the least or most of a field, `--cluster` one kind of music.
    TRACK is an id or a path. Without `-o` the tracks are printed. An artist has three tracks at most as long as there
    are enough others. Options come before what a recipe says.
    """
    checked, as_json, listing, strict = (given.pop(name) for name in ("checked", "as_json", "listing", "strict"))
    if strict and output is None:
        raise click.UsageError("--strict is about the file that is written: name one with -o.")
    if as_json and not checked:
        raise click.UsageError("--json is about what is checked: name a file with --check.")
    if checked:
        return check_files(checked, as_json=as_json)
    if listing:
        print_recipes()
        return 0
    library = opened()
    start = begun(library, query)
    if start is None:
        text, query = query, worded(library, query, given)
        start = Recipe(output.stem if output else text or "Playlist", query=query)
    given["like"] += tuple(each for path in given.pop("like_playlists") for each in seeds_in(library, path))
    asked = Asked(**{name: given.pop(name) for name in Asked.__slots__})
    asked.check(output)
    wished = Wished(**{name: given.pop(name) for name in Wished.__slots__})
    recipe = asked.over(replace(start, choose=changed_way(library, way, given, start.choose)), output)
    recipe = replace(recipe, wishes=wished.over(library, recipe.wishes))
    made = library.make(recipe)
    report = None if output is None else write(library, recipe, made, asked.target(output), force=asked.force)
    if report is None or why:
        print_playlist(made, library.descriptors(), why=why)
    for text in () if report is not None and report.written is None else made.notes:
        note(text)
    if report is not None:
        tell(report, made)
    if asked.save is not None:
        save(library, asked.save, recipe, made, force=asked.force)
    return INCOMPLETE if strict and report is not None and not report.is_whole else 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that do not say how to choose, as they were given."""

    length: str | None
    order: str | None
    max_per_artist: int | None
    max_per_album: int | None
    seed: int | None
    tempo: float | None
    not_recently_played: str | None
    save: str | None
    title: str | None
    player: str | None
    paths: PathStyle | None
    map: tuple[str, ...]
    base: str | None
    encoding: Encoding | None
    force: bool

    def check(self, output: Path | None) -> None:
        """Raise UsageError for options that would do nothing."""
        idle: dict[str, object] = {"--for": self.player, "--paths": self.paths, "--map": self.map}
        idle |= {"--base": self.base, "--encoding": self.encoding}
        if self.save is None:
            idle |= {"--title": self.title, "--force": self.force}
        for name, value in idle.items():
            if value and output is None:
                raise click.UsageError(f"{name} is about the file that is written: name one with -o.")

    def over(self, recipe: Recipe, output: Path | None) -> Recipe:
        """A recipe changed by the options that were given."""
        wishes = {name: getattr(self, name) for name in ("max_per_artist", "max_per_album", "seed")}
        if self.length is not None:
            wishes["length"] = Length.parse(self.length)
        plain = {name: getattr(self, name) for name in ("tempo", "not_recently_played", "order")}
        plain["title"] = self.title or self.save
        if output is not None:
            plain["targets"] = (self.target(output),)
        changed = {name: value for name, value in wishes.items() if value is not None}
        return replace(
            recipe,
            wishes=replace(recipe.wishes, **changed),
            **{name: value for name, value in plain.items() if value is not None},
        )

    def target(self, output: Path) -> Target:
        """What is written, and how."""
        base = os.path.abspath(self.base) if self.base and "://" not in self.base else self.base
        player = self.player or Target().player
        return Target(str(output.absolute()), self.paths, self.map, player, base, self.encoding)


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
    if report.downgraded:
        note(f"{counted(len(report.downgraded), 'name')} as file: URIs, which open on this machine only")
    for text in report.notes:
        note(text)
    left_out = {*report.missing, *(path for path, _ in report.skipped)}
    written = replace(playlist, tracks=tuple(track for track in playlist.tracks if track.path not in left_out))
    click.echo(f"{said_of(report)}, {minutes(written.duration)}" if report.written is not None else said_of(report))


command.params[1:1] = [*way_options(), *wish_options()]
COMMAND = command
