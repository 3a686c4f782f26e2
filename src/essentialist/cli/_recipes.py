"""Recipes on the command line: which is meant, keeping one, listing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from essentialist.cli._output import note, print_table, printable, settings, shown_path
from essentialist.cli._tables import Column
from essentialist.errors import PlaylistError
from essentialist.playlist import Playlist
from essentialist.playlist_files.reading import is_playlist_name
from essentialist.recipes.reading import parse
from essentialist.recipes.remembered import remember
from essentialist.recipes.shelf import PRESETS, Shelf, may_be_name, nearest, text_at
from essentialist.recipes.writing import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.library import Library
    from essentialist.recipes.recipe import Recipe

COLUMNS = (Column("name", least=18), Column("", rank=1), Column("what it is", wraps=True, least=30))


def shelf() -> Shelf:
    """The recipes of the person at the keyboard."""
    return Shelf(settings().recipes)


def read(library: Library, path: Path) -> Recipe:
    """A recipe's file as it is for this collection."""
    return parse(text_at(path), path, library.catalog, library.fields())


def begun(library: Library, text: str) -> Recipe | None:
    """The recipe whose name a text is, told in a note; None where it is a query.

    Raises PlaylistError for a word that finds nothing and is nearly a recipe's name.
    """
    recipes = shelf()
    path = recipes.meant(text)
    if path is not None:
        kind = "preset" if path.parent == PRESETS else "recipe"
        note(f"By the {kind} {path.stem}. To search for the words, quote them twice: '\"{printable(text)}\"'.")
        return read(library, path)
    near = nearest(text, recipes.paths()) if may_be_name(text) else None
    if near is not None and not library.tracks(text, limit=1):
        raise PlaylistError(f'No track and no recipe goes by "{printable(text)}"; did you mean the recipe "{near}"?')
    return None


def playlist_of(library: Library, name: str) -> Playlist:
    """The playlist that a file holds, or that a recipe makes."""
    if not is_playlist_name(name):
        return library.make(read(library, shelf().named(name)))
    (matched,) = library.match(name)
    if not matched.tracks:
        raise PlaylistError(f"None of the entries of {name} is in the collection; analyse the folder with this music.")
    if matched.unknown:
        n_unknown, n_entries = len(matched.unknown), len(matched.matches)
        note(f"{name}: {n_unknown:,} of {n_entries:,} entries are not in the collection and are left out.")
    return Playlist(matched.title, matched.tracks)


def save(library: Library, name: str, recipe: Recipe, made: Playlist, *, force: bool) -> None:
    """Keep a recipe, and the tracks that it gave, as the last time."""
    path = shelf().save(name, text_of(recipe, library.catalog), replace=force)
    remember(library.catalog, path.stem, made)
    click.echo(f"{shown_path(path)}: `essentialist playlist {path.stem}` makes it again, `essentialist refresh` too")


def print_recipes() -> None:
    """Every recipe and preset with what it is."""
    rows = [
        (each.name, "preset" if each.is_preset else "yours", each.problem or each.about or each.title)
        for each in shelf().listed()
    ]
    print_table(COLUMNS, rows)
