"""Put playlists onto a server: Navidrome and others, Jellyfin, MPD."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from essentialist.address import parse_address
from essentialist.cli._output import json_option, note, opened, print_json, print_table, printable
from essentialist.cli._pushing import as_row, reached, summary
from essentialist.cli._recipes import playlist_of
from essentialist.cli._tables import Column
from essentialist.errors import EssentialistError
from essentialist.locations import path_mapping
from essentialist.recipes.naming import shown

if TYPE_CHECKING:
    from essentialist.servers.finding import Found
    from essentialist.servers.pushing import Pushed

COLUMNS = (Column("found by"), Column("track", least=30), Column("there", rank=1, least=20))

EPILOG = """\b
Examples:
  essentialist push focus --to subsonic://me@music.example.org
  essentialist push focus run --to jellyfin+http://me@nas:8096 --map ~/Music=/media/music
  essentialist push party.m3u8 --to mpd://nas --as Party --dry-run
"""


@click.command(epilog=EPILOG)
@click.argument("names", metavar="RECIPE|FILE...", nargs=-1, required=True)
@click.option("--to", "address", metavar="ADDRESS", required=True, help="subsonic://, jellyfin:// or mpd://.")
@click.option("--as", "title", metavar="TITLE", help="Its title there.  [default: its own]")
@click.option(
    "--map", "mappings", metavar="FROM=TO", multiple=True, help="What the server calls a folder of this machine."
)
@click.option("--force", is_flag=True, help="Replace a playlist of yours that essentialist did not make.")
@click.option("--plain-password", is_flag=True, help="Send the password over the network unencrypted, if it must be.")
@click.option("--dry-run", is_flag=True, help="Print which track is found by what, and write nothing.")
@json_option
def command(
    names: tuple[str, ...],
    address: str,
    title: str | None,
    mappings: tuple[str, ...],
    force: bool,
    plain_password: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Put the playlists of RECIPES or playlist FILES onto a server.

    Its tracks are found by path, by the tail of the path, or by artist and title. A playlist that was pushed before is
    replaced; others stay as they are. ADDRESS is as in the examples, `+http` for a server without encryption. The
    password comes from the environment or the keyring, or you are asked.
    """
    if title is not None and len(names) > 1:
        raise click.UsageError("--as names one playlist; push them one by one.")
    place = parse_address(address)
    folders = tuple(path_mapping(each) for each in mappings)
    library, done, failed = opened(), [], []
    playlists = [(name, playlist_of(library, name)) for name in names]
    with reached(library, place, folders, may_be_overheard=plain_password) as server:
        for name, playlist in playlists:
            try:
                done.append(server.push(playlist, title or "", force=force, dry_run=dry_run))
            except EssentialistError as error:
                failed.append({"name": name, "error": str(error)})
                note(f"essentialist: {name}: {error}")
                continue
            if not as_json:
                tell(done[-1], dry_run=dry_run)
    if as_json:
        print_json([*map(as_row, done), *failed])
    return 1 if failed else 0


def tell(done: Pushed, *, dry_run: bool) -> None:
    """What became of a playlist; on trial, of each of its tracks."""
    if dry_run:
        rows = [(each.by or "-", shown(each.track), spoken(each)) for each in done.found]
        print_table(COLUMNS, rows)
    click.echo(summary(done, dry_run=dry_run))
    if not dry_run:
        for each in done.missing:
            note(f"  not there: {printable(shown(each.track))}")


def spoken(found: Found) -> str:
    """The server's track, for people."""
    held = found.held
    return "" if held is None else held.path or f"{held.artist} - {held.title}"


COMMAND = command
