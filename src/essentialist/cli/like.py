"""Like tracks: `liked:yes` finds them."""

from __future__ import annotations

import click

from essentialist.cli._taste import judge


@click.command(epilog="\b\nExamples:\n  essentialist like 12 ~/Music/a.flac\n  essentialist like 12 --undo")
@click.argument("tracks", metavar="TRACK...", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="Take it back.")
def command(tracks: tuple[str, ...], undo: bool) -> None:
    """Like tracks (ids or paths). The query `liked:yes` finds them."""
    judge(tracks, None if undo else True, "Taken back:" if undo else "Liked:")


COMMAND = command
