"""Mend playlists whose files have moved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from essentialist.cli._checking import finding_row, n_entries, tell_wrong
from essentialist.cli._output import json_option, note, opened, print_json, printable, shown_path

if TYPE_CHECKING:
    from essentialist.playlist_files.mending import Repaired

EPILOG = """\b
Examples:
  essentialist repair ~/Music/Playlists/party.m3u8
  essentialist repair *.m3u --dry-run
"""


@click.command(epilog=EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@json_option
def command(files: tuple[Path, ...], dry_run: bool, as_json: bool) -> int:
    """Point the entries of playlists that do not open to the tracks that they mean.

    They are found by their sound where the collection knew them, by the tail of the path, or by artist and title. The
    old file stays beside the new one as FILE.bak. The exit code is 1 where something is still wrong.
    """
    done = opened().repair(*files, dry_run=dry_run)
    if as_json:
        print_json([as_row(each) for each in done])
    else:
        for each in done:
            tell(each, dry_run=dry_run)
    return 1 if any(each.wrong for each in done) else 0


def tell(done: Repaired, *, dry_run: bool) -> None:
    """What was mended, and what is still wrong."""
    would = "would be " if dry_run else ""
    left = f", {len(done.wrong):,} still wrong" if done.wrong else ""
    click.echo(f"{shown_path(done.path)}: {n_entries(len(done.mended))} {would}mended{left}")
    for each in done.mended:
        note(f"  {printable(each.entry.location)} → {printable(each.location)} (by {each.by})")
    tell_wrong(done.wrong)
    if done.backup is not None:
        note(f"  the old list is kept as {shown_path(done.backup)}")


def as_row(done: Repaired) -> dict[str, object]:
    """A list for programs."""
    return {
        "path": str(done.path),
        "mended": [
            {"location": each.entry.location, "now": each.location, "path": each.path, "by": each.by}
            for each in done.mended
        ],
        "wrong": [finding_row(finding) for finding in done.wrong],
        "backup": str(done.backup) if done.backup else None,
    }


COMMAND = command
