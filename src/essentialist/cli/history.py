"""Import what was played from ListenBrainz, Last.fm or a playlist; say what is known."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from essentialist import history, history_files
from essentialist.cli import shared_options
from essentialist.cli._output import json_option, note, opened, print_json, print_mapping, printable, shown_path
from essentialist.human import counted

N_UNKNOWN = 10  # of what was played most and is not here

EPILOG = """\b
Examples:
  essentialist history import listenbrainz_export.zip
  essentialist history import scrobbles.csv party.m3u8
  essentialist playlist "played:none,>30d" -o fresh.m3u8
"""


@click.group(invoke_without_command=True, epilog=EPILOG)
@click.pass_context
def command(context: click.Context) -> None:
    """Import what was played, say what is known of it, or forget it.

    It stays in the catalogue on this machine. Queries then know `plays`, `played` (when last) and `liked`.
    """
    if context.invoked_subcommand is None:
        context.invoke(show_history)


@command.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def import_history(files: tuple[Path, ...], as_json: bool) -> None:
    """Import exports of ListenBrainz (zip, JSON, JSON Lines) and Last.fm (CSV, JSON), and M3U playlists.

    Tracks are found by artist and title, or by path. The same listen counts once, however often it is imported.
    """
    library, rows = opened(), []
    for path in files:
        done = history.keep_listens(library.catalog, history_files.read(path))
        rows.append(
            {
                "path": str(path),
                "plays": done.n_plays,
                "matched": done.n_matched,
                "tracks": len(done.tracks),
                "unknown": dict(done.unknown.most_common()),
            }
        )
        if not as_json:
            tell(path, done)
    if as_json:
        print_json(rows)


@command.command("show")
@json_option
def show_history(as_json: bool) -> None:
    """Say how much is known of what was played and what is liked."""
    known = history.known(opened().catalog)
    if as_json:
        print_json(asdict(known))
        return
    print_mapping(
        {
            "played": f"{counted(known.played, 'track')}, {counted(known.plays, 'play')}",
            "liked": counted(known.liked, "track"),
            "disliked": counted(known.disliked, "track"),
        }
    )


@command.command("forget")
def forget_history() -> None:
    """Forget everything that was played; likes and dislikes stay."""
    history.forget_plays(opened().catalog)
    click.echo("Forgotten.")


def tell(path: Path, done: history.Imported) -> None:
    """What became of a file's listens."""
    click.echo(
        f"{shown_path(path)}: {counted(done.n_plays, 'play')}; {done.n_matched:,} of them of"
        f" {counted(len(done.tracks), 'track')} here"
    )
    if done.unknown:
        note(f"Not in the collection: {done.unknown.total():,} of {counted(len(done.unknown), 'title')}, most often")
        for title, plays in done.unknown.most_common(N_UNKNOWN):
            note(f"  {plays:>5,}  {printable(title)}")


for each in command.commands.values():
    each.params += shared_options()

COMMAND = command
