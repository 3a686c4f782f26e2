"""Dislike tracks: no playlist takes them any more."""

from __future__ import annotations

import click

from essentialist.cli._taste import judge


@click.command(epilog="\b\nExamples:\n  essentialist dislike 12\n  essentialist dislike 12 --undo")
@click.argument("tracks", metavar="TRACK...", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="Take it back.")
def command(tracks: tuple[str, ...], undo: bool) -> None:
    """Dislike tracks (ids or paths): playlists leave them out. The query `liked:no` finds them."""
    judge(tracks, None if undo else False, "Taken back:" if undo else "Disliked:")


COMMAND = command
