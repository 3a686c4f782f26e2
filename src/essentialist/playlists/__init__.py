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

from essentialist import measures, registry
from essentialist.choosing import transitions
from essentialist.choosing.ordering import order as put_in_order
from essentialist.choosing.selecting import select
from essentialist.choosing.wishes import Pick, Wishes
from essentialist.errors import PlaylistError
from essentialist.playlist import Playlist

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from essentialist.choosing.similarity import Embeddings
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
    _spaces: dict[str, Embeddings] = field(default_factory=dict, compare=False, repr=False)

    def without(self, ids: Collection[int]) -> Candidates:
        """Leave out tracks with these ids."""
        return replace(self, tracks=tuple(track for track in self.tracks if track.id not in ids)) if ids else self

    def space(self, alike: str = measures.USUAL, others: Sequence[Track] = ()) -> Embeddings:
        """Place the tracks, and others that steer, so that those near each other are alike (see `measures`).

        A space is made once and may hold more tracks: candidates `without` some share it. Raises PlaylistError where
        nothing can be told of any track.
        """
        space = self._spaces.get(alike)
        if space is None or not space.known([track.id for track in others]).all():
            space = measures.space(alike, (*self.tracks, *others), self.embeddings, self.networks)
            self._spaces[alike] = space
        return space


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
    unless another is wished. In a `linked` choice each track follows from the one before, in its parameter `alike`. A
    `whole` choice hangs together and comes in the order of play: if the wishes refuse a part of it, all of it is chosen
    again without that part, among what `narrow` leaves of the candidates.
    """

    name: str
    title: str
    parameters: type[Any]
    choose: Callable[[Candidates, Any, Wishes], Iterable[Pick]]
    order: str = "smooth"
    linked: bool = False
    whole: bool = False
    narrow: Callable[[Candidates, Any], Candidates] | None = None


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


def networks_of(parameters: Any) -> tuple[str, ...]:
    """List the networks, besides the usual one, whose embeddings a way needs with these parameters."""
    texts = [getattr(parameters, one.name) for one in fields(parameters) if one.metadata.get("kind") == "measure"]
    return tuple(dict.fromkeys(name for text in texts for name in measures.networks(text)))


def way_of(parameters: object) -> Way:
    """The way that takes parameters of this kind."""
    for way in ways().values():
        if isinstance(parameters, way.parameters):
            return way
    kinds = ", ".join(way.parameters.__name__ for way in ways().values())
    raise PlaylistError(f"No way of choosing takes {type(parameters).__name__}: give one of {kinds}.")


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
    if not selection.picks:
        raise PlaylistError(f"No track meets the wishes. {' '.join(selection.notes)}".rstrip())
    how = way.order if order is None else order
    tracks = put_in_order([pick.track for pick in selection.picks], how, seed=wishes.seed, sound=candidates.embeddings)
    reasons = {pick.track.id: pick.reason for pick in selection.picks}
    if how == "smooth":
        return Playlist(title, tracks, _with(reasons, tracks, _bonds(tracks)), selection.notes)
    if not way.linked or how != "as-is" or len(tracks) < 2:
        return Playlist(title, tracks, reasons, selection.notes)
    likeness = _likeness(tracks, candidates.space(getattr(parameters, "alike", measures.USUAL), tracks))
    links = [f"likeness {each:.2f} to the one before" for each in likeness]
    return Playlist(title, tracks, _with(reasons, tracks, links), (*selection.notes, _steps_note(likeness)))


def _with(reasons: Mapping[int, str], tracks: Sequence[Track], bonds: Iterable[str]) -> dict[int, str]:
    """Reasons by track id, and what holds each track but the first to the one before."""
    bound = {track.id: f"; {bond}" for track, bond in zip(tracks[1:], bonds, strict=True) if bond}
    return {track_id: reason + bound.get(track_id, "") for track_id, reason in reasons.items()}


def _bonds(tracks: Sequence[Track]) -> list[str]:
    return [transitions.describe(before, after) for before, after in pairwise(tracks)]


def _likeness(tracks: Sequence[Track], space: Embeddings) -> list[float]:
    """Cosines between neighbours."""
    vectors = space.placed([track.id for track in tracks])
    return [float(a @ b) for a, b in pairwise(vectors)]


def _steps_note(likeness: Sequence[float]) -> str:
    """How even the steps are; a step is the distance between two points at distance 1 from the middle of the space."""
    steps = [math.sqrt(max(0.0, 2 - 2 * each)) for each in likeness]
    mean = sum(steps) / len(steps)
    times = f", {max(steps) / mean:.1f} times as large" if mean else ""
    return f"The largest step is {max(steps):.2f}, the mean {mean:.2f}{times}; unrelated tracks are 1.41 apart."


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
