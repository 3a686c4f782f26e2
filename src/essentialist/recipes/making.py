"""From a recipe to its playlist: the one place where a request becomes a list, for every interface."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from essentialist.errors import PlaylistError
from essentialist.playlists import make_playlist, way_of
from essentialist.recipes.existing import with_files
from essentialist.recipes.reasons import numbers_asked, with_standing

if TYPE_CHECKING:
    from essentialist.library import Library
    from essentialist.playlist import Playlist
    from essentialist.recipes.recipe import Recipe


def make(library: Library, recipe: Recipe, *, with_files_only: bool = True) -> Playlist:
    """Choose, and say of each track how it stands to the query and of the recipe which of its tracks are not here.

    Where the music lies on another machine, `with_files_only` is False: no file is looked for.
    """
    way = way_of(recipe.choose)
    tree = recipe.tree(library.fields())
    lost = tuple(f"Not in this collection, though the recipe names it: {name}." for name in recipe.lost)
    candidates = library.candidates(str(tree), recipe.choose)
    choose = partial(
        make_playlist, recipe.title, way, parameters=recipe.choose, wishes=recipe.wishes, order=recipe.order
    )
    try:
        made = with_files(choose, candidates) if with_files_only else choose(candidates=candidates)
    except PlaylistError as error:
        raise PlaylistError(" ".join((str(error), *lost))) from error
    told = with_standing(made, tree, library.numbers(numbers_asked(tree)))
    return replace(told, notes=(*lost, *told.notes))
