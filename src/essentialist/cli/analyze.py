"""Listen to music folders; nothing is computed twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from essentialist.catalogue.catalog import EVERYTHING
from essentialist.cli import stopped
from essentialist.cli._clips import clip, tell
from essentialist.cli._output import json_option, note, print_json, settings
from essentialist.cli._progress import Watcher
from essentialist.errors import CollectionError, FolderMissing
from essentialist.files.collection import Selection
from essentialist.human import counted
from essentialist.library import Library
from essentialist.runs.watching import watched
from essentialist.settings import Device

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.descriptors import Lack
    from essentialist.runs.ledger import Ledger


@click.command(epilog="\b\nExamples:\n  essentialist analyze ~/Music\n  essentialist analyze --exclude 'Podcasts/**'")
@click.argument("folders", nargs=-1, metavar="[FOLDER]...", type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(min=1), help="How many processes listen at once.  [default: all cores]")
@click.option("--profile", type=click.Choice(("balanced", "full")), help="How thoroughly.  [default: balanced]")
@click.option("--device", type=click.Choice(get_args(Device)), help="Where networks run.  [default: auto]")
@click.option(
    "--dask", metavar="ADDRESS", help="Let the workers of this Dask scheduler listen, as tcp://10.0.0.5:8786."
)
@click.option("--map-root", multiple=True, metavar="HERE=THERE", help="Where Dask workers find a folder; repeatable.")
@click.option("--include", multiple=True, metavar="GLOB", help="Only files like this; may be given again.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="No files or folders like this; may be given again.")
@click.option("--hidden", is_flag=True, help="Also files and folders whose names begin with a dot.")
@click.option("--retry-failed", is_flag=True, help="Try files again that failed before.")
@click.option("--clips/--no-clips", default=None, help="Then make the missing clips, as `clips` does.")
@click.option("--watch", is_flag=True, help="Stay and listen to what is new as it comes, until Ctrl-C.")
@json_option
def command(
    folders: tuple[Path, ...],
    as_json: bool,
    retry_failed: bool,
    watch: bool,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    hidden: bool,
    **chosen: object,
) -> None:
    """Listen to every track in the folders, or in those analysed before.

    Nothing is computed twice: files that moved, were renamed or tagged anew keep their analysis. Each track is entered
    as soon as it is done, so a run can be stopped at any time and goes on where it was. `balanced` listens to patches
    spread over the track and to a minute for the tempo; `full` to everything.
    """
    options = settings(**{name: value if value not in ("", ()) else None for name, value in chosen.items()})
    library = Library.open(options.catalog)
    selection = Selection(include, exclude, hidden)

    def analyze(*chosen_folders: Path) -> None:
        with Watcher() as watcher:
            ledger = library.analyze(
                *chosen_folders, selection=selection, settings=options, observer=watcher, retry_failed=retry_failed
            )
        if not as_json:
            click.echo(summary(ledger))
            if ledger.analysed:
                tell_more(library.lacking())
        made = clip(library.catalog, EVERYTHING, options) if options.clips and not watcher.stopped_by else None
        if as_json:
            print_json(ledger.as_row() | ({"clips": made.as_row()} if made else {}))
        elif made:
            tell(made)
        if by := watcher.stopped_by or (made and made.stopped_by):
            raise click.exceptions.Exit(stopped(by))
        if watcher.away:
            raise FolderMissing(watcher.away)

    if watch:
        keep_up(library, folders, analyze)
    else:
        analyze(*folders)
        library.renew_columns()


def keep_up(library: Library, folders: tuple[Path, ...], analyze: Callable[..., None]) -> None:
    """Analyse now, and whatever changes from now on, until Ctrl-C or SIGTERM."""
    chosen = folders or tuple(map(Path, library.catalog.roots()))
    with watched([folder.expanduser().absolute() for folder in chosen], library.catalog.path) as changes:
        analyze(*folders)
        note("Watching; Ctrl-C ends it.")
        for touched in changes:
            try:
                analyze(*touched)
            except CollectionError:  # a folder was deleted, or its last track: only the whole shows that
                try:
                    analyze(*folders)
                except CollectionError as error:
                    note(f"{error} Watching on.")
    note("Stopped watching.")


def tell_more(lack: Lack) -> None:
    """Say which descriptors are not there for want of networks, and the command that would change it."""
    parts = []
    if lack.absent:
        parts.append(f"not computed: {', '.join(lack.absent)}")
    if lack.estimated:
        parts.append(f"estimated from tags: {', '.join(lack.estimated)}")
    if parts:
        said = "; ".join(parts)
        note(f"{said[0].upper()}{said[1:]}. `essentialist models list` says which networks would change that.")


def summary(ledger: Ledger) -> str:
    """A run in a line or two."""
    lines = [
        f"{ledger.found:,} found: {ledger.analysed:,} analysed, {ledger.unchanged:,} unchanged, "
        f"{counted(ledger.duplicates, 'duplicate')}, {ledger.failed:,} failed, {ledger.skipped:,} skipped"
        f" in {ledger.seconds:,.1f} s"
    ]
    if ledger.failed or ledger.skipped:
        lines.append("`essentialist failures` says why; `essentialist analyze --retry-failed` tries again.")
    return "\n".join(lines)


COMMAND = command
