"""Ways to choose tracks: one file a way, and here the contract that they keep.

A way says which tracks it would take and why, best first; it is a pure function of candidates and parameters. Wishes
(length, artists, versions) and the order of play are no business of a way: `make_playlist` sees to them for all alike.
Dropping a file with a `WAY` in this folder adds it everywhere: command line and web make their options from its
parameters.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from essentialist import measures, registry, transitions
from essentialist.errors import PlaylistError
from essentialist.ordering import order as put_in_order
from essentialist.playlist import Playlist
from essentialist.selecting import select
from essentialist.wishes import Pick, Wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from essentialist.constraints import Selection
    from essentialist.similarity import Embeddings
    from essentialist.track import Track

ParameterKind = Literal["number", "count", "flag", "field", "track", "seeds", "measure"]
"""A float, an int, a bool, the name of a field, a Track, a tuple of `Seed`, a text as `measures` reads it."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The tracks a way may take: those that exist and that the query lets through.

    `embeddings` are the whole collection's, since what is "alike" depends on it and seeds may lie outside the query:
    those of the usual network, and in `networks` those of others, by their names.
    """

    tracks: tuple[Track, ...]
    embeddings: Embeddings | None = None
    networks: Mapping[str, Embeddings] = field(default_factory=dict)

    def without(self, ids: Collection[int]) -> Candidates:
        """Leave out tracks with these ids."""
        return replace(self, tracks=tuple(track for track in self.tracks if track.id not in ids))

    def space(self, alike: str = measures.USUAL, others: Sequence[Track] = ()) -> Embeddings:
        """Place the tracks, and others that steer, so that those near each other are alike (see `measures`).

        Raises PlaylistError where that cannot be told of any track.
        """
        return measures.space(alike, (*self.tracks, *others), self.embeddings, self.networks)


@dataclass(frozen=True, slots=True)
class Seed:
    """A track given to be like or unlike, and how much it counts."""

    track: Track
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Way:
    """How tracks are chosen.

    `choose` gives picks, best first, as many as it likes; it may make them while they are read.

    `parameters` is a frozen dataclass whose fields are made by `param`; `choose` gets one of its instances. The
    wishes tell `choose` the length and the seed of chance, and nothing it has to keep. `order` is the order of play
    unless another is wished. A `whole` choice hangs together and comes in the order of play: if the wishes refuse a
    part of it, all of it is chosen again without that part.
    """

    name: str
    title: str
    parameters: type[Any]
    choose: Callable[[Candidates, Any, Wishes], Iterable[Pick]]
    order: str = "smooth"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A parameter as command line and web offer it."""

    name: str
    kind: ParameterKind
    default: object
    help: str
    minimum: float | None = None
    maximum: float | None = None


def param(
    kind: ParameterKind, default: object, help: str, *, minimum: float | None = None, maximum: float | None = None
) -> Any:
    """Declare a parameter of a way, once for all interfaces."""
    return field(default=default, metadata={"kind": kind, "help": help, "minimum": minimum, "maximum": maximum})


def options(way: Way) -> tuple[Option, ...]:
    """List the way's parameters, for an interface to offer."""
    return tuple(Option(name=one.name, default=one.default, **one.metadata) for one in fields(way.parameters))


@cache
def ways() -> Mapping[str, Way]:
    """Every way of this folder, by name."""
    return {way.name: way for way in registry.entries(sys.modules[__name__], "WAY", Way)}


def make_playlist(
    title: str,
    way: Way,
    *,
    candidates: Candidates,
    parameters: object | None = None,
    wishes: Wishes | None = None,
    order: str | None = None,
) -> Playlist:
    """Choose, keep to the wishes, put in order, and say why each track is there.

    Raises
    ------
    PlaylistError
        There is nothing to choose from, a parameter is out of its range, or the order does not exist.
    UnknownTrack
        A seed has no embedding.
    """
    parameters = way.parameters() if parameters is None else parameters
    wishes = Wishes() if wishes is None else wishes
    _check(way, parameters)
    allowed = candidates.without(wishes.excluded)
    if not allowed.tracks:
        raise PlaylistError("There are no tracks to choose from. Widen the query or analyse more music.")
    selection = select(way, allowed, parameters, wishes)
    how = way.order if order is None else order
    tracks = put_in_order([pick.track for pick in selection.picks], how, seed=wishes.seed, sound=candidates.embeddings)
    return Playlist(title, tracks, _reasons(selection, tracks, how), selection.notes)


def _reasons(selection: Selection, tracks: tuple[Track, ...], how: str) -> dict[int, str]:
    """By track id. In a smooth order, also what holds a track to the one before."""
    reasons = {pick.track.id: pick.reason for pick in selection.picks}
    if how == "smooth":
        for before, after in pairwise(tracks):
            bond = transitions.describe(before, after)
            reasons[after.id] += f"; {bond}" if bond else ""
    return reasons


def _check(way: Way, parameters: object) -> None:
    """Raise PlaylistError for a parameter that is not the way's or not in its range."""
    if not isinstance(parameters, way.parameters):
        raise PlaylistError(f"{way.name} takes {way.parameters.__name__}, not {type(parameters).__name__}.")
    for option in options(way):
        value = getattr(parameters, option.name)
        low = -math.inf if option.minimum is None else option.minimum
        high = math.inf if option.maximum is None else option.maximum
        if option.kind in {"number", "count"} and not low <= value <= high:
            raise PlaylistError(f"{option.name} is {value}. Give a number from {low:g} to {high:g}.")
