"""Show all of it on a small collection made for the purpose."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from essentialist.choosing.ordering import by_field
from essentialist.choosing.wishes import Length, Wishes
from essentialist.cli import shared
from essentialist.cli._output import said_of, settings
from essentialist.cli._progress import Watcher
from essentialist.cli.analyze import summary
from essentialist.demo.collection import write_collection
from essentialist.demo.pieces import PIECES
from essentialist.errors import PlaylistError
from essentialist.human import minutes
from essentialist.library import Library, similar_to

if TYPE_CHECKING:
    from essentialist.playlist import Playlist

LENGTH = Length(tracks=12)


@click.command(epilog="\b\nExamples:\n  essentialist demo\n  essentialist demo trial --music ~/Music")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("demo"))
@click.option("--music", type=click.Path(path_type=Path), help="Your own music, in place of a rendered collection.")
@click.option("--command", "program", default="essentialist", hidden=True, help="How this program is called.")
def command(folder: Path, music: Path | None, program: str) -> None:
    """Show all of it in FOLDER: a collection of 24 rendered pieces (or your own music), its analysis, three playlists.

    The rendered pieces are invented: their tempo and key are known and lie beside them in pieces.json.
    """
    options = settings() if music or shared("catalog") else settings(catalog=folder / "catalog.db")
    music = music or rendered(folder / "music")
    library = Library.open(options.catalog)
    with Watcher() as watcher:
        ledger = library.analyze(music, settings=options, observer=watcher)
    click.echo(summary(ledger))
    for name, playlist in playlists(library).items():
        report = library.export(playlist, made(folder / "playlists") / name)
        click.echo(f"{said_of(report)}, {minutes(playlist.duration)}")
    click.echo(what_next(program if options == settings() else f"{program} --catalog {options.catalog}", folder))


def rendered(folder: Path) -> Path:
    """The demo collection, rendered where that was not done before."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("making music", total=len(PIECES))
        write_collection(made(folder), on_piece=lambda piece: progress.advance(bar))
    return folder


def made(folder: Path) -> Path:
    """A folder that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def playlists(library: Library) -> dict[str, Playlist]:
    """Three playlists of any collection, by file name: calm music, one like a track, one that rises."""
    wishes = Wishes(LENGTH)
    found = {"calm.m3u8": library.playlist("arousal:..p40", title="Calm", wishes=wishes)}
    heard = by_field(library.tracks("tags:any"), "arousal")
    if not heard:
        raise PlaylistError("No track is long enough to be compared: give a folder with music of more than 3 s.")
    seed = heard[len(heard) // 2]
    found["like-one.m3u8"] = library.playlist(title=f"Like {seed.title}", choose=similar_to(seed), wishes=wishes)
    found["rising.m3u8"] = library.playlist(title="Rising", wishes=wishes, order="rise")
    return found


def what_next(program: str, folder: Path) -> str:
    """Commands to try."""
    return f"""
Play one:      mpv {folder}/playlists/calm.m3u8
Look around:   {program} status
               {program} tracks "bpm:100..130" --sort -arousal
               {program} similar 1
Make your own: {program} playlist "voice:<0.4" --length "5 min" --order rise --why -o mine.m3u8
Your music:    {program.split()[0]} analyze ~/Music"""


COMMAND = command
