"""Find the tracks of playlists from elsewhere; keep them as recipes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from essentialist.choosing.wishes import Length, Wishes
from essentialist.cli._checking import n_entries
from essentialist.cli._output import json_option, note, opened, print_json, printable, said_of, shown_path
from essentialist.cli._recipes import save
from essentialist.errors import PlaylistError
from essentialist.playlist import Playlist
from essentialist.playlist_files import spoken
from essentialist.playlists import Seed
from essentialist.playlists.listed import Listed
from essentialist.recipes.recipe import Recipe, Target

if TYPE_CHECKING:
    from essentialist.playlist_files.matching import Matched
    from essentialist.track import Track

N_UNKNOWN = 20  # entries that are named
WAYS = {"path": "by path", "sound": "known by its sound", "name": "by name", "tags": "by tags"}

EPILOG = """\b
Examples:
  essentialist import party.m3u
  essentialist import ~/Downloads/*.xspf --save party -o ~/Music/Playlists/party.m3u8
  essentialist playlist --like-playlist party.m3u --no-include -o more-like-it.m3u8

\b
With --save, `refresh` writes the list again wherever its files have moved.
"""


@click.command(epilog=EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--save", "name", metavar="NAME", help="Keep the tracks as a recipe; `refresh` makes it again.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write them as a playlist of this machine.")
@click.option("--force", is_flag=True, help="Overwrite a file that holds something else, or a recipe.")
@json_option
def command(files: tuple[Path, ...], name: str | None, output: Path | None, force: bool, as_json: bool) -> None:
    """Find the tracks that the playlists FILE mean: by path, by the tail of the path, or by artist and title.

    They may come from another machine or player: paths of Windows, other encodings, percent signs. What is not in the
    collection is told. Several lists together become one.
    """
    library = opened()
    matched = library.match(*files)
    if as_json:
        print_json([as_row(each) for each in matched])
    else:
        for each in matched:
            tell(each)
    if name is None and output is None:
        return
    tracks = tuple({track.id: track for each in matched for track in each.tracks}.values())
    if not tracks:
        raise PlaylistError("None of the entries is in the collection; analyse the folder with this music first.")
    recipe = recipe_of(matched, tracks, output)
    made = Playlist(recipe.title, tracks, {track.id: "listed" for track in tracks})
    if output is not None:
        report = library.export(made, output, force=force)
        note(said_of(report))
        for path, reason in (*report.skipped, *((path, "the file is not there any more") for path in report.missing)):
            note(f"left out: {shown_path(path)}: {reason}")
    if name is not None:
        save(library, name, recipe, made, force=force)


def recipe_of(matched: tuple[Matched, ...], tracks: tuple[Track, ...], output: Path | None) -> Recipe:
    """The recipe of just these tracks."""
    return Recipe(
        " and ".join(each.title for each in matched)[:200],
        choose=Listed(tuple(map(Seed, tracks))),
        wishes=Wishes(Length(), one_version=False),
        targets=() if output is None else (Target(str(output.absolute())),),
    )


def tell(matched: Matched) -> None:
    """How much of a list was found, and what was not."""
    found = [match.by for match in matched.matches if match.by]
    ways = ", ".join(f"{found.count(by):,} {spoken}" for by, spoken in WAYS.items() if by in found)
    told = f"{shown_path(matched.file.path)}: {len(found):,} of {n_entries(len(matched.matches))} found"
    click.echo(f"{told} ({ways})" if ways else told)
    for entry in matched.unknown[:N_UNKNOWN]:
        note(f"  not in the collection: {printable(spoken(entry))}")
    if len(matched.unknown) > N_UNKNOWN:
        note(f"  and {len(matched.unknown) - N_UNKNOWN:,} more; --json lists them all")


def as_row(matched: Matched) -> dict[str, Any]:
    """A list for programs."""
    return {
        "path": str(matched.file.path),
        "title": matched.title,
        "entries": [
            {
                "location": match.entry.location or None,
                "title": match.entry.title or None,
                "artist": match.entry.artist or None,
                "duration": match.entry.duration,
                "id": match.track.id if match.track else None,
                "path": str(match.track.path) if match.track else None,
                "by": match.by,
            }
            for match in matched.matches
        ],
    }


COMMAND = command
