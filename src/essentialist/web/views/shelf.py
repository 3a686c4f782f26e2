"""The recipes on the shelf: read, kept, renamed, struck out; nothing is written in a read-only studio."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import PlaylistError
from essentialist.playlist import Playlist
from essentialist.playlists import Seed
from essentialist.playlists.listed import Listed
from essentialist.recipes.reading import parse
from essentialist.recipes.recipe import Recipe
from essentialist.recipes.refreshing import Refreshed, refresh
from essentialist.recipes.remembered import forget, last_time, remember, renamed
from essentialist.recipes.shelf import Shelf, Shelved, text_at
from essentialist.recipes.writing import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from essentialist.track import Track
    from essentialist.web.studio import Studio
    from essentialist.web.views.drafts import Draft


@dataclass(frozen=True, slots=True)
class Struck:
    """A recipe that was deleted, to be put back: its text and the tracks that it had."""

    name: str
    text: str
    tracks: tuple[Track, ...]


def shelf(studio: Studio) -> Shelf:
    """Where the studio's recipes lie."""
    return Shelf(studio.options.settings.recipes)


def own(studio: Studio) -> tuple[Shelved, ...]:
    """The recipes of whoever keeps the studio."""
    return tuple(each for each in shelf(studio).listed() if not each.is_preset)


def presets(studio: Studio) -> tuple[Shelved, ...]:
    """The recipes that come with essentialist."""
    return tuple(each for each in shelf(studio).listed() if each.is_preset)


def kept_on(each: Shelved) -> str:
    """When a recipe was written last; nothing where its file is gone meanwhile."""
    try:
        written = dt.datetime.fromtimestamp(each.path.stat().st_mtime).astimezone()
    except OSError:
        return ""
    return f"Kept on {written:%d %B %Y}"


def read(studio: Studio, name: str) -> Recipe:
    """A recipe by its name; RecipeError where there is none or it cannot be read."""
    path = shelf(studio).named(name)
    return parse(text_at(path), path, studio.library.catalog, studio.library.fields())


def last_made(studio: Studio, name: str) -> tuple[Track, ...]:
    """The tracks that a recipe had when it was last made, as far as they are there."""
    return tuple(each.track for each in last_time(studio.library.catalog, name) if each.track)


def tracks_of(studio: Studio, name: str) -> tuple[Track, ...]:
    """The tracks that a recipe had when it was last made, else those that it gives now."""
    return last_made(studio, name) or studio.library.make(read(studio, name), with_files_only=studio.has_files).tracks


def listed(title: str, tracks: Sequence[Track]) -> Recipe:
    """The recipe of just these tracks."""
    wishes = Wishes(Length(), one_version=False)
    return Recipe(title, choose=Listed(tuple(map(Seed, tracks))), wishes=wishes)


def save(studio: Studio, name: str, draft: Draft, *, as_listed: bool, force: bool) -> Path:
    """Keep a draft: the recipe that made it, or just its tracks; they are what it had the last time.

    Raises RecipeError where one of this name is there already, PlaylistError for an empty draft.
    """
    studio.options.check_changes()
    known = studio.library.catalog.with_ids(draft.ids)
    tracks = tuple(known[each] for each in draft.ids if each in known)
    if not tracks:
        raise PlaylistError("The draft is empty: add tracks first.")
    recipe = listed(name, tracks) if as_listed or draft.recipe is None else replace(draft.recipe, title=name)
    return keep(studio, name, recipe, Playlist(name, tracks, draft.reasons), force=force)


def save_query(studio: Studio, name: str, query: str, *, whole: bool, order: str, force: bool) -> Path:
    """Keep a query: some of what it finds, or with `whole` all of it, in the order of a field where one is named.

    Raises RecipeError where one of this name is there already, PlaylistError where nothing can be chosen.
    """
    studio.options.check_changes()
    wishes = Wishes(Length(), one_version=False) if whole else Wishes()
    recipe = Recipe(name, query=query, wishes=wishes, order=order or None)
    made = studio.library.make(recipe, with_files_only=False)  # what is gone since is seen when it is refreshed
    return keep(studio, name, recipe, made, force=force)


def keep(studio: Studio, name: str, recipe: Recipe, made: Playlist, *, force: bool = False) -> Path:
    """Write a recipe, and remember what it gave."""
    studio.options.check_changes()
    path = shelf(studio).save(name, text_of(recipe, studio.library.catalog), replace=force)
    remember(studio.library.catalog, path.stem, made)
    return path


def rename(studio: Studio, old: str, new: str) -> str:
    """Give a recipe another name and title; its name from then on."""
    studio.options.check_changes()
    before = shelf(studio).named(old).stem
    path = shelf(studio).rename(old, new)
    renamed(studio.library.catalog, before, path.stem)
    return path.stem


def delete(studio: Studio, name: str) -> Struck:
    """Strike a recipe out; what is given back can be put back."""
    studio.options.check_changes()
    path = shelf(studio).named(name)
    earlier = last_time(studio.library.catalog, path.stem)
    struck = Struck(path.stem, text_at(path), tuple(each.track for each in earlier if each.track))
    shelf(studio).delete(name)
    forget(studio.library.catalog, path.stem)
    return struck


def put_back(studio: Studio, struck: Struck) -> None:
    """Undo a deletion."""
    studio.options.check_changes()
    path = shelf(studio).save(struck.name, struck.text)
    remember(studio.library.catalog, path.stem, Playlist(struck.name, struck.tracks))


def difference(studio: Studio, name: str, *, keeping: bool) -> Refreshed:
    """What a recipe would give now, and what came and went since the last time; nothing is written."""
    path = shelf(studio).named(name)
    return refresh(studio.library, path.stem, read(studio, name), keep=keeping, dry_run=True)


def accept(studio: Studio, shown: Refreshed) -> None:
    """Take over what was shown as the tracks of a recipe."""
    studio.options.check_changes()
    remember(studio.library.catalog, shown.name, shown.playlist)
