"""What commands share: their settings, the library that is asked, and how they print."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from essentialist.catalogue.catalog import Catalog
from essentialist.cli import shared
from essentialist.cli._tables import Column, lines
from essentialist.human import counted
from essentialist.library import Library
from essentialist.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from essentialist.exports import ExportReport

FORMATS = ("table", "csv", "json", "jsonl")

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


def note(text: str) -> None:
    """Something to know besides the output, on stderr: it does not get into a pipe."""
    click.echo(printable(text), err=True)


def print_json(document: object) -> None:
    """One JSON document on stdout; file names that are not UTF-8 keep their bytes as surrogate escapes."""
    write((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace"))


def print_table(columns: Sequence[Column | str], rows: Iterable[Sequence[str]]) -> None:
    """A table, cut to the terminal or whole in a pipe. A column can be its heading; a blank at its end: of numbers."""
    laid_out = [Column(each.strip(), each.endswith(" ")) if isinstance(each, str) else each for each in columns]
    cells = [[printable(cell) for cell in row] for row in rows]
    for number, line in enumerate(lines(laid_out, cells, terminal_width())):
        click.echo(click.style(line, bold=True) if number == 0 and may_style() else line)


def print_mapping(values: Mapping[str, object]) -> None:
    """Names and values, one a line."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        click.echo(f"{name:<{width}}  {printable(str(value))}")


def write(data: bytes) -> None:
    """Bytes to stdout, whatever its encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def shown_path(path: Path | str) -> str:
    """A path for people, from the home folder where it lies there."""
    text, home = os.fspath(path), os.path.expanduser("~")
    return printable("~" + text.removeprefix(home) if text.startswith(home + os.sep) else text)


def said_of(report: ExportReport) -> str:
    """A file that was written, and how much it holds."""
    held = "rules by which Navidrome finds its tracks" if report.written is None else counted(report.written, "track")
    return f"{shown_path(report.path)}: {held}"


def printable(text: str) -> str:
    """Text that cannot play tricks on a terminal: control characters and undecodable bytes are shown as U+FFFD."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def terminal_width() -> int | None:
    """How many cells a line has; None where stdout is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def may_style() -> bool:
    """Whether stdout is a terminal on which nobody objects to bold letters."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
