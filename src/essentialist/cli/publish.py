"""Write a studio without the music, for a host on the web."""

from __future__ import annotations

from pathlib import Path

import click

from essentialist.cli._counting import Counting
from essentialist.cli._output import note, opened, printable, settings, shown_path
from essentialist.human import counted
from essentialist.web.published import publish


@click.command(
    epilog="\b\nExamples:\n  essentialist clips\n  essentialist publish site\n  essentialist publish site genre:jazz"
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.argument("query", nargs=-1)
@click.option("--playlists/--no-playlists", default=True, show_default=True, help="With your recipes and their tracks.")
def command(folder: Path, query: tuple[str, ...], playlists: bool) -> None:
    """Write the catalogue, the clips, your playlists and an entry to a folder that `streamlit run` shows.

    Of the tracks that a query holds for, or of all. It tells neither where the music lies nor what was played or liked;
    recipes that would tell it are left out.
    """
    library = opened()
    with Counting("copying clips") as progress:
        recipes = settings().recipes if playlists else None
        published = publish(library, folder, " ".join(query), recipes=recipes, progress=progress)
    counts = {"track": published.n_tracks, "clip": published.n_clips, "playlist": len(published.playlists.names)}
    click.echo(f"{shown_path(folder)}: {', '.join(counted(n, each) for each, n in counts.items())}")
    for each in published.playlists.left_out:
        note(f"Not published, {each.name}: {printable(each.reason)}")
    if published.n_clips < published.n_tracks:
        note("Tracks without a clip are silent there: `essentialist clips` makes them; then publish again.")
    note(f"Try it: streamlit run {shown_path(folder / 'studio.py')}")


COMMAND = command
