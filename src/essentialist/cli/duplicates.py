"""List files that hold the same recording."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import click

from essentialist.cli._counting import Counting
from essentialist.cli._output import format_option, note, opened, print_json, print_table, shown_path, write
from essentialist.cli._tables import Column
from essentialist.exports.csv import Line, cell
from essentialist.human import counted, minutes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from essentialist.catalogue.duplicates import Group
    from essentialist.rows import Cell

EPILOG = """\b
Examples:
  essentialist duplicates
  essentialist duplicates --likely --format csv > likely.csv
"""

TABLE_COLUMNS = (
    Column("group", is_number=True),
    Column("title"),
    Column("path", least=20),
    Column("length", is_number=True),
    Column("MB", is_number=True),
    Column("kb/s", is_number=True),
    Column("plays"),
    Column("why", rank=1),
)


@click.command(epilog=EPILOG)
@click.option("--likely", is_flag=True, help="Also tracks that are likely the same recording, by title and by sound.")
@format_option
def command(likely: bool, form: str) -> None:
    """List files with the same samples, group by group, the largest file first.

    Nothing is deleted. A track is played from the file that is marked so. With --likely also tracks are listed that are
    alike in two of these: length, title and artist without what names a version, sound.
    """
    with Counting("comparing") as counting:
        groups = opened().duplicates(likely=likely, progress=counting)
    if form == "table":
        print_groups(groups)
    elif form == "json":
        print_json(list(rows(groups)))
    elif form == "jsonl":
        for row in rows(groups):
            write((json.dumps(row, ensure_ascii=False) + "\n").encode(errors="backslashreplace"))
    else:
        print_csv(groups)


def rows(groups: Sequence[Group]) -> Iterator[dict[str, Cell]]:
    """One row a file."""
    for number, group in enumerate(groups, 1):
        for file in group.files:
            yield {
                "group": number,
                "reason": group.reason,
                "track": file.track_id,
                "path": str(file.path),
                "title": file.title,
                "artist": file.artist or None,
                "duration": file.duration,
                "size": file.size,
                "kbps": file.kbps,
                "plays": file.plays,
            }


def print_csv(groups: Sequence[Group]) -> None:
    """The same as CSV, with texts that no spreadsheet runs."""
    writer = csv.writer(Line())
    heading = ("group", "reason", "track", "path", "title", "artist", "duration", "size", "kbps", "plays")
    for line in (heading, *(map(cell, row.values()) for row in rows(groups))):
        write(str(writer.writerow(line)).encode(errors="backslashreplace"))


def print_groups(groups: Sequence[Group]) -> None:
    """The groups for people."""
    if not groups:
        note("No two files hold the same.")
        return
    cells = (
        (
            str(number),
            file.title,
            shown_path(file.path),
            minutes(file.duration),
            f"{file.size / 1e6:.1f}",
            str(file.kbps),
            "yes" if file.plays else "",
            group.reason,
        )
        for number, group in enumerate(groups, 1)
        for file in group.files
    )
    print_table(TABLE_COLUMNS, cells)
    n_files = sum(len(group.files) for group in groups)
    spare = sum(group.spare_bytes for group in groups) / 1e6
    note(f"{counted(len(groups), 'group')} of {n_files:,} files; all but the largest of each take {spare:,.0f} MB.")


COMMAND = command
