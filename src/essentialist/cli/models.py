"""Networks and heads: what is here, fetch more, add by hand, check."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from essentialist import models
from essentialist.cli import shared_options
from essentialist.cli._output import json_option, print_json, print_table, printable, shown_path
from essentialist.errors import ModelError
from essentialist.models import Head, Model
from essentialist.networks.installing import Installed, Offer, add, problem, pull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LICENCES = {
    models.MTG: (
        f"Licence {models.MTG}, Music Technology Group, Universitat Pompeu Fabra: not for commercial ends; name the"
        " authors; pass on under the same terms. https://creativecommons.org/licenses/by-nc-sa/4.0/"
    )
}

accept_option = click.option(
    "--accept",
    multiple=True,
    metavar="SHA256",
    help="Take a file with this hash though another is known; may be repeated.",
)


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Say which networks and heads are here; fetch, add and check them.

    One network is part of essentialist. The others answer more (400 styles, moods, a better voice, arousal and
    valence) and are fetched once, under their own licence. Without one of these, `list`.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@command.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List all networks and heads: what they give, whether they are here, size and licence."""
    if as_json:
        print_json([as_row(entry) for entry in models.everything()])
        return
    headings = ("name", "gives", "here", "size ", "licence", "sources of hash ")
    print_table(headings, (cells(entry) for entry in models.everything()))
    click.echo(f"Fetched files live in {shown_path(models.folder())}. Fetch them with `essentialist models pull all`.")


@command.command("pull")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--yes", is_flag=True, help="Agree to the licence without being asked.")
@click.option("--from", "server", metavar="URL", help="A mirror of the official server.  [env: ESSENTIALIST_MIRROR]")
@accept_option
def pull_models(names: tuple[str, ...], yes: bool, server: str | None, accept: tuple[str, ...]) -> None:
    """Fetch networks and heads, by their names or what they give ("styles"); without a name, all.

    What is broken off goes on where it was, also in a later call. Nothing is used before its hash is checked.
    """
    offer = Offer(server or models.server(), frozenset(accept))
    wanted = [entry for entry in chosen(names) if problem(entry) is not None]
    if not wanted:
        click.echo("All of it is here.")
        return
    agree(wanted, yes=yes)
    for done in fetched(wanted, offer):
        click.echo(line(done))
    click.echo("`essentialist analyze` computes what they give.")


@command.command("add")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@accept_option
def add_models(files: tuple[Path, ...], accept: tuple[str, ...]) -> None:
    """Install files by hand: ONNX files, with their cards (.json) given too or beside them.

    A file is known by its hash, whatever its name, and by its name only where its hash is not known.
    """
    for done in add(files, frozenset(accept)):
        click.echo(line(done))


@command.command("verify")
def verify_models() -> int:
    """Check every file that is here against its hash and its card; exit code 1 when one is wrong."""
    worst = 0
    for entry in models.everything():
        if not entry.weights.path.exists():
            continue
        wrong = problem(entry)
        click.echo(f"BAD   {printable(wrong)}" if wrong else f"ok    {entry.name}")
        worst = max(worst, int(wrong is not None))
    return worst


def chosen(names: Sequence[str]) -> list[Model | Head]:
    """What is meant by names of networks, heads and descriptors, with the networks that the heads read."""
    fetchable = [entry for entry in models.everything() if entry.weights.shipped_in is None]
    if not names or "all" in names:
        return fetchable
    wanted = [entry for name in names for entry in meant(name)]
    needed = {entry.network for entry in wanted if isinstance(entry, Head)} | {entry.name for entry in wanted}
    return [entry for entry in fetchable if entry.name in needed]


def meant(name: str) -> list[Model | Head]:
    """The networks and heads of this name, or that give this."""
    found = [entry for entry in models.everything() if name == entry.name or name in entry.gives]
    if not found:
        known = {word for entry in models.everything() for word in (entry.name, *entry.gives)}
        near = difflib.get_close_matches(name, known, 1)
        remedy = f"did you mean {near[0]}?" if near else "`essentialist models list` names them all."
        raise ModelError(f'There is no network or head "{printable(name)}": {remedy}')
    return found


def agree(wanted: Sequence[Model | Head], *, yes: bool) -> None:
    """Show what will be fetched under which licence, and ask once."""
    for licence in dict.fromkeys(entry.licence for entry in wanted):
        names = ", ".join(entry.name for entry in wanted if entry.licence == licence)
        click.echo(f"{names}\n{LICENCES[licence]}", err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to agree to the licence: add --yes if you do.")
    click.confirm("Fetch them under this licence?", abort=True, err=True)


def fetched(wanted: Iterable[Model | Head], offer: Offer) -> Iterable[Installed]:
    """Fetch one after the other, with a bar on a terminal."""
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        for entry in wanted:
            task = bar.add_task(entry.name, total=entry.weights.size)
            yield pull(entry, offer, shown(bar, task))
            bar.remove_task(task)


def shown(bar: Progress, task: TaskID) -> Callable[[int], None]:
    """What moves one bar to a number of bytes."""
    return lambda n_bytes: bar.update(task, completed=n_bytes)


def line(done: Installed) -> str:
    """What was installed, in a line."""
    return f"{done.entry.name} is here" + (f"; note: {done.remark}" if done.remark else "")


def cells(entry: Model | Head) -> tuple[str, ...]:
    """An entry as a row of the table."""
    weights = entry.weights
    size = f"{weights.size / 1e6:.1f} MB" if weights.size else "not known"
    sources = "-" if weights.shipped_in else str(weights.n_sources)
    return entry.name, ", ".join(entry.gives), here(entry), size, entry.licence, sources


def here(entry: Model | Head) -> str:
    """Whether an entry is here; hashes are for `verify`."""
    if entry.weights.shipped_in is not None:
        return "shipped"
    return "yes" if models.available(entry.name) else "no"


def as_row(entry: Model | Head) -> dict[str, object]:
    """An entry for programs."""
    weights = entry.weights
    return {
        "name": entry.name,
        "title": entry.title,
        "kind": "head" if isinstance(entry, Head) else "network",
        "reads": entry.network if isinstance(entry, Head) else None,
        "gives": list(entry.gives),
        "available": models.available(entry.name),
        "path": str(weights.path),
        "address": None if weights.shipped_in else models.OFFICIAL + weights.address,
        "sha256": weights.expected,
        "hash_sources": weights.n_sources,
        "size": weights.size,
        "licence": entry.licence,
        "citation": entry.citation,
    }


for each in command.commands.values():
    each.params += shared_options()

COMMAND = command
