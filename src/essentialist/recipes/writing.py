"""A recipe as the text of its file. What is as usual is left out, so that a file says only what somebody wished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING

import tomli_w

from essentialist.choosing.wishes import Length
from essentialist.errors import RecipeError
from essentialist.playlists import Seed, way_of
from essentialist.recipes.naming import NamedTrack, clean, named, writable
from essentialist.track import Track

if TYPE_CHECKING:
    from essentialist.catalogue.catalog import Catalog
    from essentialist.recipes.recipe import Recipe, Target

PLAIN = ("title", "about", "query", "tempo", "not_recently_played", "order")


def text_of(recipe: Recipe, catalog: Catalog) -> str:
    """The TOML that `reading.parse` reads as an equal recipe.

    Tracks are named by fingerprint, and by path and title for people.
    """
    document = {name: plain(getattr(recipe, name), catalog) for name in PLAIN if getattr(recipe, name)}
    document.update(changed(recipe.wishes, catalog))
    way = way_of(recipe.choose)
    parameters = changed(recipe.choose, catalog)
    if parameters or way.name != "filter":
        document[way.name] = parameters
    if recipe.targets:
        document["targets"] = [aimed(target, catalog) for target in recipe.targets]
    if recipe.servers:
        document["servers"] = [
            {key: plain(value, catalog) for key, value in asdict(each).items() if value not in (None, (), False)}
            for each in recipe.servers
        ]
    return tomli_w.dumps(document)


def changed(values: object, catalog: Catalog) -> dict[str, object]:
    """The fields of a dataclass that are not as usual, as TOML has them."""
    usual = type(values)()
    return {
        each.name: plain(value, catalog)
        for each in fields(values)  # type: ignore[arg-type]
        if (value := getattr(values, each.name)) != getattr(usual, each.name) and value is not None
    }


def aimed(target: Target, catalog: Catalog) -> dict[str, object]:
    """A target, without what is usual."""
    if not writable(target.file):
        raise RecipeError(f"{target.file!a} has bytes in its name that are not UTF-8; choose another name to save.")
    return {"file": target.file, **changed(target, catalog)}


def plain(value: object, catalog: Catalog) -> object:
    """A wish or a parameter as TOML has it; tracks, and ids of tracks in sets, become tables."""
    match value:
        case Length():
            return spelled(value)
        case Seed() | Track():
            return tables_of([value], catalog)[0]
        case frozenset():
            known = catalog.with_ids(sorted(value))
            return tables_of([known[track_id] for track_id in sorted(known)], catalog)
        case tuple() | list() if value and all(isinstance(each, Seed | Track) for each in value):
            return tables_of(value, catalog)
        case tuple() | list():
            return [plain(each, catalog) for each in value]
        case Mapping():
            return {str(key): plain(each, catalog) for key, each in value.items()}
    return clean(value) if isinstance(value, str) else value


def tables_of(tracks: Sequence[Seed | Track], catalog: Catalog) -> list[dict[str, object]]:
    """Tracks and seeds as inline tables."""
    seeds = [each if isinstance(each, Seed) else Seed(each) for each in tracks]
    names = named(catalog, [each.track for each in seeds])
    return [table(replace(name, weight=each.weight)) for name, each in zip(names, seeds, strict=True)]


def table(track: NamedTrack) -> dict[str, object]:
    """A track as an inline table."""
    usual = NamedTrack()
    return {
        each.name: getattr(track, each.name)
        for each in fields(track)
        if getattr(track, each.name) != getattr(usual, each.name)
    }


def spelled(length: Length) -> int | str:
    """A length as `Length.parse` reads it: 25, "90 min" or "all"."""
    if length.tracks is not None:
        return length.tracks
    if length.seconds is None:
        return "all"
    digits = f"{length.seconds / 60:.9f}".rstrip("0").rstrip(".")
    return f"{digits} min"
