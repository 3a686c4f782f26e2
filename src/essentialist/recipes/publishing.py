"""Recipes for others: copies that a published catalogue understands, with the tracks that each had last.

What a recipe is written to (files, servers, folders as players see them) stays at home, and comments with it. One that
tells where something lies on this machine, or what was played or liked, is not published at all.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist.errors import EssentialistError, RecipeError
from essentialist.playlist import Playlist
from essentialist.playlists import options, way_of
from essentialist.query.tree import fields_in
from essentialist.recipes.naming import with_fingerprints
from essentialist.recipes.reading import parse
from essentialist.recipes.remembered import last_time, remember
from essentialist.recipes.shelf import SUFFIX, Shelf, put, text_at
from essentialist.recipes.writing import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.catalogue.catalog import Catalog
    from essentialist.library import Library
    from essentialist.recipes.recipe import Recipe

HISTORY: Final = frozenset({"plays", "played", "liked"})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A recipe that is not published, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The recipes that are published, and those that are not."""

    names: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def publish(recipes: Mapping[str, Path], library: Library, there: Library, folder: Path) -> Shown:
    """Write recipes to a folder, in place of those there, and enter their tracks into the library there.

    Raises RecipeError where the folder cannot be written.
    """
    names, left_out, before = [], [], Shelf(folder)
    for stale in before.own():
        before.delete(stale)
    for name, path in sorted(recipes.items()):
        try:
            recipe = public(parse(text_at(path), path, library.catalog, library.fields()), library, there)
            made = last_made(library.catalog, name, there) or there.make(recipe, with_files_only=False)
        except EssentialistError as error:
            left_out.append(LeftOut(name, str(error)))
            continue
        put(folder / f"{name}{SUFFIX}", text_of(recipe, there.catalog))
        remember(there.catalog, name, made)
        names.append(name)
    return Shown(tuple(names), tuple(left_out))


def public(recipe: Recipe, library: Library, there: Library) -> Recipe:
    """A recipe as others may have it, its tracks those there; RecipeError for one that nobody else may have."""
    if asked_by(recipe, library) & HISTORY:
        raise RecipeError("it tells what was played or liked; save it as just its tracks to publish it.")
    places = [*library.catalog.roots(), os.path.expanduser("~")]
    if any(place in text for place in places if len(place) > 1 for text in (recipe.title, recipe.about, recipe.query)):
        raise RecipeError("it tells where something lies on this machine; take that out of its words to publish it.")
    text = text_of(replace(recipe, targets=(), servers=()), library.catalog)  # names tracks by their fingerprints
    return parse(text, Path(recipe.title), there.catalog, there.fields())


def asked_by(recipe: Recipe, library: Library) -> frozenset[str]:
    """The fields by which a recipe lets tracks through, ranks and orders them."""
    ranked = [getattr(recipe.choose, each.name) for each in options(way_of(recipe.choose)) if each.kind == "field"]
    shape, _, of = (recipe.order or "").partition(":")  # "-year", "rise:bpm"
    return fields_in(recipe.tree(library.fields())) | {each.removeprefix("-") for each in (*ranked, of or shape)}


def last_made(catalog: Catalog, name: str, there: Library) -> Playlist | None:
    """The tracks that a recipe had last, as far as they are published; None where none is."""
    earlier = [each.fingerprint.hex() for each in last_time(catalog, name)]
    known = with_fingerprints(there.catalog, earlier)
    tracks = tuple(known[each] for each in earlier if each in known)
    return Playlist(name, tracks) if tracks else None
