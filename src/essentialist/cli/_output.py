"""What commands print: tables for people, rows for programs."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from essentialist.catalog import Catalog
from essentialist.cli import shared
from essentialist.exports import table_for
from essentialist.library import Library
from essentialist.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from essentialist.descriptors import Descriptor
    from essentialist.track import Track

FORMATS = ("table", "csv", "json", "jsonl")
PIPED_WIDTH = 400  # of a table that goes into a pipe: nothing is folded or cut

format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def settings(**options: object) -> Settings:
    """The settings, with the options of this command before all else."""
    return read_settings({"catalog": shared("catalog"), **options})


def opened() -> Library:
    """The library of the catalogue that was asked for; it has to be there."""
    return Library(Catalog(settings().catalog))


def console() -> Console:
    """Where people read: as wide as their terminal, or as the table in a pipe."""
    return Console(
        width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False, soft_wrap=not sys.stdout.isatty()
    )


def print_json(document: object) -> None:
    """One JSON document on stdout; file names that are not UTF-8 keep their bytes as surrogate escapes."""
    write((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace"))


def print_tracks(tracks: Sequence[Track], descriptors: Sequence[Descriptor], form: str) -> None:
    """Tracks as a table for people, or as all that is known of them for programs."""
    if form == "table":
        print_table(TRACK_HEADINGS, (track_cells(track) for track in tracks))
        return
    for chunk in table_for(form).chunks(tracks, descriptors):
        write(chunk)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table; headings that end in a blank are of numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        is_number = heading.endswith(" ")
        table.add_column(heading.strip(), justify="right" if is_number else "left", no_wrap=is_number, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console().print(table)


TRACK_HEADINGS = ("id ", "title", "artist", "length ", "BPM ", "key ", "LUFS ", "arousal ", "valence ", "sounds like")


def track_cells(track: Track) -> list[str]:
    """A track as a row of the table."""
    tags = list(track.distribution("styles") or track.distribution("tags"))[:3]
    return [
        str(track.id),
        track.title,
        track.artist,
        minutes(track.duration),
        decimal(track.number("bpm"), 0),
        track.label("camelot") or "",
        decimal(track.number("loudness"), 1),
        decimal(track.number("arousal"), 1),
        decimal(track.number("valence"), 1),
        ", ".join(tags),
    ]


def decimal(value: float | None, digits: int) -> str:
    """A number with so many decimals, or nothing where there is none."""
    return "" if value is None else f"{value:.{digits}f}"


def minutes(seconds: float | None) -> str:
    """A length as "3:05" or "1:02:09"."""
    if seconds is None:
        return ""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def printable(text: str) -> str:
    """Text that cannot play tricks on a terminal: control characters and undecodable bytes are shown as U+FFFD."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def write(data: bytes) -> None:
    """Bytes to stdout, whatever its encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def shown_path(path: Path | str) -> str:
    """A path for people, from the home folder where it lies there."""
    text, home = os.fspath(path), os.path.expanduser("~")
    return printable("~" + text.removeprefix(home) if text.startswith(home + os.sep) else text)


def print_mapping(values: Mapping[str, object]) -> None:
    """Names and values, one a line."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        click.echo(f"{name:<{width}}  {printable(str(value))}")
