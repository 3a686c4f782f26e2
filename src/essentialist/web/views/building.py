"""From the values of a form to a recipe and back: whatever a page asks becomes what the command line could ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from essentialist import measures
from essentialist.choosing.wishes import Length
from essentialist.playlists import Seed, options, way_of, ways
from essentialist.query.tree import TextIs
from essentialist.recipes.recipe import Recipe
from essentialist.web.views.forms import choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.library import Library
    from essentialist.playlists import Option, ParameterKind
    from essentialist.track import Track

UNTITLED: Final = Recipe().title
TRACKS, MINUTES, ALL = "tracks", "minutes", "all"
MOST_TRACKS: Final = 1_000  # that a draft is made of
MOST_MINUTES: Final = 6_000
LONGEST_TITLE: Final = 60
N_SEEDS: Final = 3  # tracks of an artist that the others should sound like


@dataclass(frozen=True, slots=True)
class Chosen:
    """A track that a visitor picked for a parameter, and how much it counts."""

    id: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for.

    `text` is as it was typed: words or a query. `parameters` has the values of the way's controls by their names,
    tracks as tuples of `Chosen`, measures as tuples of names. 0 an artist is the usual limit, 0 an album none.
    """

    way: str = "filter"
    text: str = ""
    parameters: Mapping[str, object] | None = None
    unit: str = TRACKS
    amount: int = 25
    order: str = ""
    per_artist: int = 0
    per_album: int = 0
    diversity: float = 0.0
    one_version: bool = True
    chance: int = 0
    tempo: float | None = None
    not_played_for: str = ""


def asked_by(recipe: Recipe) -> Asked:
    """What a form asks for that says this recipe."""
    way, wishes, length = way_of(recipe.choose), recipe.wishes, recipe.wishes.length
    unit = TRACKS if length.tracks is not None else ALL if length.seconds is None else MINUTES
    amount = length.tracks or round((length.seconds or 0) / 60) or 25
    return Asked(
        way=way.name,
        text=recipe.query,
        parameters={each.name: shown(each.kind, getattr(recipe.choose, each.name)) for each in options(way)},
        unit=unit,
        amount=amount,
        order=recipe.order or "",
        per_artist=wishes.max_per_artist or 0,
        per_album=wishes.max_per_album or 0,
        diversity=wishes.diversity,
        one_version=wishes.one_version,
        chance=wishes.seed,
        tempo=recipe.tempo,
        not_played_for=recipe.not_recently_played or "",
    )


def asked_from(way: str, track: Track) -> Asked:
    """What a form asks for that begins from a track: it is the way's first parameter that takes one."""
    first = next(each for each in options(ways()[way]) if each.kind in {"track", "seeds"})
    return Asked(way=way, parameters={first.name: (Chosen(track.id),)})


def shown(kind: ParameterKind, value: Any) -> object:
    """A parameter's value as a form has it."""
    match kind:
        case "track":
            return () if value is None else (Chosen(value.id),)
        case "seeds":
            return tuple(Chosen(seed.track.id, seed.weight) for seed in value)
        case "measure":
            return tuple(part.name for part in measures.parse(value))
    return value


def recipe_of(asked: Asked, library: Library, base: Recipe) -> Recipe:
    """The recipe that a form asks for; what no form can say stays as `base` has it.

    Raises QueryError for a text that is not understood, PlaylistError or RecipeError for an impossible wish.
    """
    way = ways()[asked.way]
    given = asked.parameters or {}
    before = base.choose if isinstance(base.choose, way.parameters) else way.parameters()
    parameters = {
        each.name: meant(each, given[each.name], getattr(before, each.name), library)
        for each in options(way)
        if each.name in given
    }
    wishes = replace(
        base.wishes,
        length=length_of(asked),
        max_per_artist=asked.per_artist or None,
        max_per_album=asked.per_album or None,
        diversity=asked.diversity,
        one_version=asked.one_version,
        seed=asked.chance,
    )
    return replace(
        base,
        title=title_of(asked, base),
        query=library.understand(asked.text).query,
        choose=replace(before, **parameters),
        wishes=wishes,
        order=asked.order or None,
        tempo=asked.tempo,
        not_recently_played=asked.not_played_for.strip() or None,
    )


def title_of(asked: Asked, base: Recipe) -> str:
    """What the playlist is called: as the recipe it began with, by its words, or by how it is chosen."""
    return base.title if base.title != UNTITLED else asked.text.strip()[:LONGEST_TITLE] or choices()[asked.way]


def meant(option: Option, value: Any, before: object, library: Library) -> object:
    """A control's value as the way takes it; tracks that are gone since are left out."""
    match option.kind:
        case "track":
            return next((seed.track for seed in seeds(library, value)), None)
        case "seeds":
            return seeds(library, value)
        case "measure":  # weights, which a form cannot say, stay as long as the names do
            kept = tuple(part.name for part in measures.parse(str(before)))
            return before if tuple(value) == kept else ", ".join(value) or measures.USUAL
        case "count":
            return int(value)
    return value


def seeds(library: Library, chosen: Sequence[Chosen]) -> tuple[Seed, ...]:
    """The tracks that were picked, as far as they are there."""
    tracks = library.catalog.with_ids([each.id for each in chosen])
    return tuple(Seed(tracks[each.id], each.weight) for each in chosen if each.id in tracks)


def length_of(asked: Asked) -> Length:
    """How long; everything there is has an end where a draft has."""
    if asked.unit == MINUTES:
        return Length(seconds=60.0 * max(1, min(asked.amount, MOST_MINUTES)))
    n_tracks = MOST_TRACKS if asked.unit == ALL else asked.amount
    return Length(tracks=max(1, min(n_tracks, MOST_TRACKS)))


def worded(asked: Asked, library: Library) -> Asked:
    """What the words of a text wish besides tracks, put into the form, where it can be seen and changed."""
    understood = library.understand(asked.text)
    if understood.query == asked.text:
        return asked
    changes: dict[str, Any] = {}
    if understood.length is not None:
        length = Length.parse(understood.length)
        changes["unit"] = TRACKS if length.tracks else MINUTES if length.seconds else ALL
        changes["amount"] = length.tracks or round((length.seconds or 0) / 60) or asked.amount
    if understood.order is not None:
        changes["order"] = understood.order
    if understood.max_per_artist is not None:
        changes["per_artist"] = understood.max_per_artist
    if understood.diversity is not None:
        changes["diversity"] = understood.diversity
    if understood.like:
        found = [track for artist in understood.like for track in _some_of(library, artist)]
        changes["way"] = "similar"
        changes["parameters"] = {"like": tuple(Chosen(track.id) for track in found)}
    return replace(asked, **changes)


def _some_of(library: Library, artist: str) -> tuple[Track, ...]:
    return library.tracks(str(TextIs("artist", artist)), limit=N_SEEDS)
