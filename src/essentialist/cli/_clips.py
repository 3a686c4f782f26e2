"""Clips, as `clips` and `analyze` make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from essentialist.cli._counting import Counting
from essentialist.cli._output import note, shown_path
from essentialist.hearing.making import DEFAULT, make_clips
from essentialist.human import counted

if TYPE_CHECKING:
    from essentialist.catalogue.catalog import Catalog
    from essentialist.hearing.making import Made, Wanted
    from essentialist.query import Clause
    from essentialist.settings import Settings

N_SHOWN = 20  # failures that are printed


def clip(catalog: Catalog, where: Clause, chosen: Settings, wanted: Wanted = DEFAULT) -> Made:
    """Make clips, with a bar."""
    with Counting("making clips") as counting:
        return make_clips(catalog, where, chosen, wanted, counting)


def tell(done: Made) -> None:
    """What became of the clips."""
    removed = f", {done.removed:,} of tracks that are gone deleted" if done.removed else ""
    size = f", {done.n_bytes / 1e6:,.1f} MB" if done.made else ""
    click.echo(f"{counted(done.made, 'clip')} made{size}, {done.there:,} there already{removed}")
    for path, reason in done.failed[:N_SHOWN]:
        note(f"no clip of {shown_path(path)}: {reason}")
    if len(done.failed) > N_SHOWN:
        note(f"and {len(done.failed) - N_SHOWN:,} more; --json lists them all")
