"""Copy a playlist with its audio files to a folder, a stick or a zip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from essentialist.cli._output import json_option, note, opened, print_json, shown_path
from essentialist.cli._recipes import playlist_of
from essentialist.copying import Wanted
from essentialist.copying.forms import FORMS
from essentialist.copying.planning import parse_size
from essentialist.copying.taking import copy
from essentialist.human import counted

if TYPE_CHECKING:
    from essentialist.copying import Copied

EPILOG = """\b
Examples:
  essentialist copy party.m3u8 /media/stick --numbered --limit 8GB
  essentialist copy focus /media/phone/Music --format opus --bit-rate 96
  essentialist copy party.m3u8 --zip party.zip
"""


@click.command(epilog=EPILOG)
@click.argument("playlist", metavar="RECIPE|FILE")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--zip", "archive", metavar="FILE.zip", type=click.Path(path_type=Path), help="Into a zip instead.")
@click.option("--numbered", is_flag=True, help='In the order of play: "001 Artist - Title" in a folder of the list.')
@click.option("--limit", metavar="SIZE", help="No more than this, such as 8GB or 700MB.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), help="Transcode what is not of this format.")
@click.option("--bit-rate", "kbit_s", metavar="KBIT", type=int, help="Of the format.  [default: 192, of opus 128]")
@json_option
def command(playlist: str, folder: Path | None, archive: Path | None, as_json: bool, **given: object) -> int:
    """Copy the tracks of a RECIPE or of a playlist FILE to a FOLDER, with a list of relative paths.

    Names are made such that FAT takes them. What was copied before is not copied again: an interrupted copy goes on
    with the same command. Only tracks of the collection are copied, whatever a playlist names. The exit code is 1 where
    a file could not be copied.
    """
    if (folder is None) == (archive is None):
        raise click.UsageError("Name a FOLDER, or a file with --zip.")
    if archive is not None and archive.suffix.lower() != ".zip":
        raise click.UsageError(f"{archive} does not end in .zip.")
    library = opened()
    limit = given.pop("limit")
    wanted = Wanted(limit=parse_size(str(limit)) if limit else None, **given)  # type: ignore[arg-type]
    chosen = playlist_of(library, playlist)
    console = Console(stderr=True)
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("copying", total=None)
        done = copy(
            library.catalog,
            chosen,
            archive or folder or Path(),
            wanted,
            progress=lambda n_done, n_all: bar.update(task, completed=n_done, total=n_all),
        )
    if as_json:
        print_json(as_row(done))
    else:
        tell(done)
    return 1 if done.failed else 0


def tell(done: Copied) -> None:
    """What was copied, and what was not."""
    there = f", {done.n_there:,} there already" if done.n_there else ""
    click.echo(
        f"{shown_path(done.playlist)}: {counted(done.n_copied, 'file')} copied, {megabytes(done.n_bytes)}{there}"
    )
    for path, reason in done.failed:
        note(f"not copied: {shown_path(path)}: {reason}")
    for path in done.plan.missing:
        note(f"left out: {shown_path(path)}: the file is not there any more")
    for path in done.plan.outside:
        note(f"left out: {shown_path(path)}: leads out of the folders that were analysed")
    if done.plan.no_room:
        note(f"left out for want of room: {counted(len(done.plan.no_room), 'track')}")


def megabytes(n_bytes: int) -> str:
    """An amount of data."""
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.1f} MB"


def as_row(done: Copied) -> dict[str, object]:
    """What became of it, for programs."""
    return {
        "playlist": str(done.playlist),
        "copied": done.n_copied,
        "there": done.n_there,
        "bytes": done.n_bytes,
        "failed": [{"path": str(path), "reason": reason} for path, reason in done.failed],
        "missing": [str(path) for path in done.plan.missing],
        "outside": [str(path) for path in done.plan.outside],
        "no_room": [track.id for track in done.plan.no_room],
    }


COMMAND = command
