"""Values of a TOML file as the types that a dataclass declares: one rule for parameters of all ways and for wishes."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from essentialist.choosing.wishes import Length
from essentialist.errors import EssentialistError
from essentialist.playlists import Seed
from essentialist.recipes.naming import NamedTrack
from essentialist.track import Track

Finder: TypeAlias = Callable[[NamedTrack], Track | None]
"""Looks for a track in the collection."""

MISSING = object()
"""In place of a track that the collection does not have."""

PLAIN = {str: "a text in quotes", int: "a whole number", float: "a number", bool: "true or false"}


class Wrong(EssentialistError):
    """A value of the wrong kind; the message goes on from the name of its key."""


def hints(kind: type[Any]) -> Mapping[str, Any]:
    """The types of a dataclass's fields. What its module imports only for types is a track or a seed."""
    return get_type_hints(kind, localns={"Track": Track, "Seed": Seed, "Length": Length})


def understood(hint: Any, value: object, find: Finder) -> Any:
    """The value as its type has it; tracks are looked for with `find`, and in lists left out where they are not there.

    Raises Wrong for another kind, an EssentialistError for one that is impossible.
    """
    if hint in PLAIN:
        return _plain(hint, value)
    if hint is Length:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise Wrong('is a number of tracks or a time, such as 25 or "90 min".')
        return Length.parse(str(value))
    if hint in (Track, Seed):
        return _track(hint, value, find)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        if value not in inner:
            raise Wrong(f"is one of {', '.join(map(str, inner))}, not {value!r}.")
        return value
    if origin in (Union, types.UnionType):
        return understood(next(each for each in inner if each is not type(None)), value, find)
    if origin in (tuple, frozenset, list):
        return _many(origin, inner[0], value, find)
    if origin is not None and issubclass(origin, Mapping) and isinstance(value, dict):
        return {key: understood(inner[1], each, find) for key, each in value.items()}
    raise Wrong("cannot be said in a recipe.")


def _plain(hint: type[Any], value: object) -> object:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise Wrong(f"is {PLAIN[hint]}, not {value!r}.")
    return value


def _many(origin: type[Any], inner: Any, value: object, find: Finder) -> object:
    """A list; a set of numbers is one of tracks, by their ids."""
    if not isinstance(value, list):
        raise Wrong(f"is a list in brackets, not {value!r}.")
    if origin is frozenset and inner is int:
        return frozenset(each.id for each in (_track(Track, each, find) for each in value) if each is not MISSING)
    return origin(each for each in (understood(inner, each, find) for each in value) if each is not MISSING)


def _track(hint: type[Any], value: object, find: Finder) -> Any:
    """A track or seed from its path, or from a table with its fingerprint, path and title."""
    names = [each.name for each in fields(NamedTrack)]
    if isinstance(value, str):
        value = {"path": value}
    if not isinstance(value, dict) or not value.keys() <= {*names} or not value.keys() & {"path", "fingerprint"}:
        raise Wrong(f"names a track by its path, or by a table with some of {', '.join(names)}; {value!r} is neither.")
    expected = hints(NamedTrack)
    name = NamedTrack(**{key: understood(expected[key], each, find) for key, each in value.items()})
    if not all(character in "0123456789abcdef" for character in name.fingerprint) or len(name.fingerprint) % 2:
        raise Wrong(f"has the fingerprint {name.fingerprint!r}; it is an even number of digits 0 to 9 and a to f.")
    if not name.weight > 0:
        raise Wrong(f"has a weight of {name.weight:g}; give one above 0.")
    track = find(name)
    if track is None:
        return MISSING
    return Seed(track, name.weight) if hint is Seed else track
