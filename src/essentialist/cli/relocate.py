"""Tell where a folder moved; nothing is listened to again."""

from __future__ import annotations

from pathlib import Path

import click

from essentialist.cli._output import json_option, note, opened, print_json, printable, shown_path
from essentialist.human import counted

EPILOG = """\b
Examples:
  essentialist relocate /media/old/Music ~/Music
  essentialist relocate ~/Music/Rock ~/Music/R --dry-run
"""


@click.command(epilog=EPILOG)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Look for the files, but change nothing.")
@click.option("--split", is_flag=True, help="Let a part of an analysed folder become a folder of its own.")
@json_option
def command(old: Path, new: Path, dry_run: bool, split: bool, as_json: bool) -> None:
    """Tell the catalogue that the files known under OLD are in NEW now, by the same names in the same sizes.

    OLD need not exist any more. A file that is not in NEW stays known where it was, or, if it is not there either, as
    gone. Ids and values stay.
    """
    done = opened().relocate(old, new, split=split, dry_run=dry_run)
    if as_json:
        print_json(done.as_row())
        return
    would = "would be " if dry_run else ""
    click.echo(f"{counted(done.moved, 'file')} {would}moved to {shown_path(new)}")
    if done.known:
        note(f"{done.known:,} were known there already.")
    if done.stayed:
        note(f"{done.stayed:,} are still in {shown_path(old)} and stay.")
    if done.missing:
        named = ", ".join(map(printable, done.examples)) + (", …" if done.missing > len(done.examples) else "")
        note(f"{done.missing:,} in neither, or in another size: {named}")


COMMAND = command
