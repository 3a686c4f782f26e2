"""Bring home what another machine computed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from essentialist.cli._counting import Counting
from essentialist.cli._output import json_option, note, print_json, settings
from essentialist.human import counted
from essentialist.library import Library

if TYPE_CHECKING:
    from essentialist.catalogue.merging import Merged

EPILOG = """\b
Examples:
  essentialist merge gpu.db
  essentialist merge /mnt/gpu/catalog.db --map-root ~/Music=/data/music
"""


@click.command(epilog=EPILOG)
@click.argument("other", type=click.Path(path_type=Path))
@click.option(
    "--map-root", "roots", multiple=True, metavar="HERE=THERE", help="A folder here and there; may be given again."
)
@json_option
def command(other: Path, roots: tuple[str, ...], as_json: bool) -> None:
    """Take over what the catalogue OTHER has and this one lacks, by the sound of the recordings.

    A value is taken if an analysis here would compute the same: same version, same network. What is as good or better
    here stays. Recordings without a file here wait for it; the next `analyze` then only takes their fingerprints. With
    --map-root, files that are here in the same size are entered at once. OTHER is only read. Merging twice is merging
    once.
    """
    mapped = dict(parsed(text) for text in roots)
    library = Library.open(settings().catalog)
    with Counting("merging") as counting:
        merged = library.merge(other, roots=mapped, progress=counting)
    if as_json:
        print_json(merged.as_row())
        return
    click.echo(summary(merged))
    if merged.lacking:
        parts = (f"{name} ({counted(n, 'recording')})" for name, n in sorted(merged.lacking.items()))
        note(
            f"Not taken, since other versions or networks computed it: {', '.join(parts)}. Install the networks"
            " of there (`essentialist models list`) and merge again, or the next `analyze` listens for them."
        )


def parsed(text: str) -> tuple[str, str]:
    """HERE=THERE as the folders there and here, parted where HERE is one; UsageError where it is not."""
    for place, letter in enumerate(text):
        here, there = os.path.expanduser(text[:place]), text[place + 1 :]
        if letter == "=" and there and os.path.isdir(here):
            return there, os.path.abspath(here)
    raise click.UsageError(f"--map-root {text}: write HERE=THERE, and let HERE be a folder that is here.")


def summary(merged: Merged) -> str:
    """A merge in a line or two."""
    lines = [
        f"{merged.found:,} recordings there: {merged.added:,} added, {merged.completed:,} completed,"
        f" {merged.unchanged:,} unchanged, {merged.refused:,} refused"
    ]
    if merged.files:
        lines.append(f"{counted(merged.files, 'file')} entered, which need no analysis")
    if merged.waiting:
        lines.append(
            f"{counted(merged.waiting, 'recording')} without a file here: `essentialist analyze FOLDER` finds theirs"
            " without listening again."
        )
    return "\n".join(lines)


COMMAND = command
