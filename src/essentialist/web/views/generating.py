"""A draft made by a recipe, around what is locked in it; and put in another order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.choosing.ordering import order

if TYPE_CHECKING:
    from essentialist.library import Library
    from essentialist.recipes.recipe import Recipe
    from essentialist.web.views.drafts import Draft

SWAPPED = "close in sound to {}, whose place it took"


def generated(draft: Draft, recipe: Recipe, library: Library, *, has_files: bool) -> Draft:
    """The draft that a recipe makes; locked tracks count among those it chooses and keep their places.

    Raises as `Library.make` does.
    """
    locked = library.catalog.with_ids([each for each in draft.ids if each in draft.locked])
    included = {track.id: track for track in (*recipe.wishes.included, *locked.values())}
    wishes = replace(recipe.wishes, included=tuple(included.values()))
    made = library.make(replace(recipe, wishes=wishes), with_files_only=has_files)
    filled = draft.refilled([track.id for track in made.tracks], made.reasons)
    return replace(filled, title=recipe.title, notes=made.notes, recipe=recipe)


def ordered(draft: Draft, how: str, library: Library, *, chance: int = 0) -> Draft:
    """The same tracks in another order; locked ones keep their places. Raises PlaylistError as `order` does."""
    tracks = library.catalog.with_ids([each for each in draft.ids if each not in draft.locked])
    free = [tracks[each] for each in draft.ids if each in tracks]
    found = order(free, how, seed=chance, sound=library.catalog.embeddings(EMBEDDING))
    return draft.refilled([track.id for track in found])


def swapped(draft: Draft, track_id: int, other: int, library: Library) -> Draft:
    """The draft with another track in place of one; nothing changes where either is not there."""
    tracks = library.catalog.with_ids([track_id, other])
    if len(tracks) < 2:
        return draft
    return draft.swapped(track_id, other, SWAPPED.format(tracks[track_id].title))
