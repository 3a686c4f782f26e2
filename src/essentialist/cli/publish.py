"""Write a studio without the music, for a host on the web."""

from __future__ import annotations

from pathlib import Path

import click

from essentialist.cli._counting import Counting
from essentialist.cli._output import note, opened, shown_path
from essentialist.human import counted
from essentialist.web.published import publish


@click.command(
    epilog="\b\nExamples:\n  essentialist clips\n  essentialist publish site\n  essentialist publish site genre:jazz"
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.argument("query", nargs=-1)
def command(folder: Path, query: tuple[str, ...]) -> None:
    """Write the catalogue, the clips and an entry to a folder that `streamlit run` shows.

    Of the tracks that a query holds for, or of all. It tells neither where the music lies nor what was played or liked.
    """
    library = opened()
    with Counting("copying clips") as progress:
        published = publish(library, folder, " ".join(query), progress=progress)
    click.echo(f"{shown_path(folder)}: {counted(published.n_tracks, 'track')}, {counted(published.n_clips, 'clip')}")
    if published.n_clips < published.n_tracks:
        note("Tracks without a clip are silent there: `essentialist clips` makes them; then publish again.")
    note(f"Try it: streamlit run {shown_path(folder / 'studio.py')}")


COMMAND = command
