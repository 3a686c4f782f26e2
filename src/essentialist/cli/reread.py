"""Read the tags of files again; nothing is listened to."""

from __future__ import annotations

from pathlib import Path

import click

from essentialist.cli._counting import Counting
from essentialist.cli._output import json_option, note, opened, print_json
from essentialist.human import counted


@click.command(epilog="\b\nExamples:\n  essentialist reread\n  essentialist reread ~/Music/New --all")
@click.argument("folders", nargs=-1, metavar="[FOLDER]...", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Also of files that have not changed.")
@json_option
def command(folders: tuple[Path, ...], everything: bool, as_json: bool) -> None:
    """Read the tags again of known files that changed, in the folders or in all that were analysed.

    It takes seconds where `analyze` reads the sound of each such file for its fingerprint; that is still done by the
    next `analyze`, which also finds new files.
    """
    with Counting("reading tags") as counting:
        done = opened().reread(*folders, everything=everything, progress=counting)
    if as_json:
        print_json(done.as_row())
        return
    click.echo(f"{counted(done.changed, 'file')} with other tags than before, {done.same:,} as they were")
    if done.gone:
        note(f"{done.gone:,} are not there or cannot be read now.")


COMMAND = command
