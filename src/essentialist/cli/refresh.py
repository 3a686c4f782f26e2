"""Make saved recipes again; print what changed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import click

from essentialist.cli._output import json_option, note, opened, print_json, printable, said_of, shown_path
from essentialist.cli._pushing import Outgoing, push_all, summary
from essentialist.cli._pushing import as_row as pushed_row
from essentialist.cli._recipes import read, shelf
from essentialist.errors import EssentialistError
from essentialist.human import counted, minutes
from essentialist.recipes.naming import shown
from essentialist.recipes.refreshing import Refreshed, refresh

if TYPE_CHECKING:
    from collections.abc import Iterator


EPILOG = """\b
Examples:
  essentialist refresh
  essentialist refresh run "Sunday morning" --keep
  essentialist refresh --dry-run
"""


@click.command(epilog=EPILOG)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--keep", is_flag=True, help="Tracks that still match stay where they are; new ones fill up.")
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@json_option
def command(names: tuple[str, ...], keep: bool, dry_run: bool, as_json: bool) -> int:
    """Make the recipes of these NAMEs again, or all of yours; write the files and push to the servers that they name.

    Prints what came (+) and what went (-) since the last time. A recipe that cannot be made does not keep the others
    from it; the exit code is then 1.
    """
    library, done, failed = opened(), [], []
    outgoing, servers = list[Outgoing](), defaultdict[str, list[object]](list)
    for name in names or shelf().own():
        try:
            path = shelf().named(name)
            recipe = read(library, path)
            done.append(refresh(library, path.stem, recipe, keep=keep, dry_run=dry_run))
            outgoing += [Outgoing(path.stem, done[-1].playlist, each) for each in recipe.servers if not dry_run]
        except EssentialistError as error:
            failed.append({"name": name, "error": str(error)})
            note(f"essentialist: {name}: {error}")
            continue
        if not as_json:
            tell(done[-1])
    for each, fate in push_all(library, outgoing):
        if isinstance(fate, EssentialistError):
            failed.append({"name": each.name, "error": str(fate)})
            note(f"essentialist: {each.name}: {fate}")
            continue
        servers[each.name].append(pushed_row(fate))
        if not as_json:
            click.echo(summary(fate))
    if as_json:
        print_json([*(as_row(each, servers[each.name]) for each in done), *failed])
    elif not done and not failed:
        note("There are no recipes yet. Save one: `essentialist playlist focus -o focus.m3u8 --save focus`.")
    return 1 if failed else 0


def tell(done: Refreshed) -> None:
    """What became of a recipe."""
    changes = "made for the first time" if done.is_first else ", ".join(told_changes(done)) or "nothing changed"
    tracks = f"{counted(len(done.playlist.tracks), 'track')}, {minutes(done.playlist.duration)}"
    click.echo(f"{printable(done.name)}: {tracks}; {changes}")
    for track in () if done.is_first else done.added:
        click.echo(f"  + {shown(track)}")
    for title in done.removed:
        click.echo(f"  - {printable(title)}")
    for report in done.reports:
        click.echo(f"  {said_of(report)}")
        for path, reason in report.skipped:
            note(f"left out: {shown_path(path)}: {reason}")
        for path in report.missing:
            note(f"left out: {shown_path(path)}: the file is not there any more")
    for text in done.playlist.notes:
        note(f"{done.name}: {text}")


def told_changes(done: Refreshed) -> Iterator[str]:
    """How many came and went."""
    if done.added:
        yield f"{len(done.added)} added"
    if done.removed:
        yield f"{len(done.removed)} removed"


def as_row(done: Refreshed, servers: list[object]) -> dict[str, object]:
    """What became of a recipe, for programs; `servers` is what became of it there."""
    return {
        "name": done.name,
        "title": done.playlist.title,
        "duration": done.playlist.duration,
        "tracks": [track.id for track in done.playlist.tracks],
        "first": done.is_first,
        "added": [{"id": track.id, "title": shown(track), "path": str(track.path)} for track in done.added],
        "removed": [{"title": title} for title in done.removed],
        "files": [{"path": str(report.path), "written": report.written} for report in done.reports],
        "servers": servers,
        "notes": list(done.playlist.notes),
        "error": None,
    }


COMMAND = command
