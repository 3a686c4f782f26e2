"""The facets of a collection: sliders and chips, with how many tracks each would leave of those found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from essentialist.text import fold
from essentialist.web.views.asking import chosen, owns, ranges, with_choice, with_range
from essentialist.web.views.choices import Labels, labels, ranked
from essentialist.web.views.sliders import Scale, scale_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from essentialist.query import Columns, Field
    from essentialist.query.tree import Tree

SLIDERS: Final = ("bpm", "arousal", "valence", "voice", "danceability", "loudness", "duration", "year")
CHIPS: Final = ("camelot", "styles", "genre", "moods", "tags")
MOST: Final = 100  # chips of one facet; all others are found by the query
WORDS: Final = {
    "bpm": ("Tempo", "slow", "fast", "Beats per minute"),
    "arousal": ("Energy", "calm", "energetic", "Arousal: how much a listener is stirred, from 1 to 9"),
    "valence": ("Mood", "sad", "happy", "Valence: how pleasant the feeling is, from 1 to 9"),
    "voice": ("Voice", "instrumental", "vocal", "How sure it is that somebody sings, from 0 to 1"),
    "danceability": ("Danceability", "not", "very", "How regular the rhythm is, from 0 to about 3"),
    "loudness": ("Loudness", "quiet", "loud", "Integrated loudness in LUFS; streaming services aim at -14"),
    "duration": ("Duration", "short", "long", "Minutes and seconds"),
    "year": ("Year", "", "", "By the tags of the files"),
    "genre": ("Genre", "", "", "By the tags of the files"),
    "camelot": ("Key", "", "", "On the Camelot wheel: the same number, or one more or less, mixes well"),
}
"""How a field is called, what its least and its most are, and what it is."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A slider as the browser draws it: positions are 0 to n, `low` and `width` say what they stand for."""

    name: str
    title: str
    help: str
    ends: tuple[str, str]
    kind: str
    low: float
    width: float
    decimals: int
    at: tuple[int, int]
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A label that can be chosen, and how many tracks have it; None where only the query knows."""

    name: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chips:
    """Labels that can be chosen, any of several; a `wheel` has its places in order."""

    name: str
    title: str
    help: str
    wheel: bool
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """What can be turned and chosen."""

    sliders: tuple[Slider, ...]
    chips: tuple[Chips, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What of the facets depends on the catalogue alone."""

    scales: tuple[Scale, ...]
    labels: tuple[Labels, ...]

    @classmethod
    def of(cls, columns: Columns, fields: Mapping[str, Field], genres: Mapping[str, str]) -> Ground:
        """Of the fields that the catalogue has; `genres` as the tags spell them, by their folded form."""
        found = [scale_of(fields[name], columns.numbers[name]) for name in SLIDERS if name in columns.numbers]
        marked = [
            labels(fields[name], columns, genres if name == "genre" else None) for name in CHIPS if name in fields
        ]
        return cls(tuple(each for each in found if each), tuple(each for each in marked if each))

    def facets(self, tree: Tree, left_by: Callable[[Callable[[Tree], bool]], NDArray[np.bool_]]) -> Facets:
        """The facets of a query.

        `left_by` gives the tracks that are found without the terms that a test holds for: what a facet shows is what
        its own choice would leave of the rest.
        """
        sliders = [_slider(each, tree, left_by(partial(owns, each.field))) for each in self.scales]
        chips = [_chips(each, tree, left_by(partial(owns, each.field))) for each in self.labels]
        return Facets(tuple(sliders), tuple(chips))

    def asked(self, tree: Tree, change: object) -> Tree | None:
        """The query after what a browser says was changed; None where it says nothing that can be.

        A slider says {"name": "bpm", "from": 3, "to": 9}, chips {"name": "genre", "chosen": ["Jazz"]}.
        """
        match change:
            case {"name": str(name), "from": int(low), "to": int(high)}:
                scale = next((each for each in self.scales if each.field.name == name), None)
                return with_range(scale.field, tree, scale.range(low, high)) if scale else None
            case {"name": str(name), "chosen": [*names]} if all(isinstance(each, str) for each in names):
                marked = next((each for each in self.labels if each.field.name == name), None)
                return with_choice(marked.field, tree, names) if marked else None
        return None


def _slider(each: Scale, tree: Tree, left: NDArray[np.bool_]) -> Slider:
    field = each.field
    title, least, most, about = WORDS.get(field.name, (field.title, "", "", ""))
    return Slider(
        name=field.name,
        title=title,
        help=about,
        ends=(least, most),
        kind=field.kind,
        low=each.edge(0),
        width=each.width,
        decimals=each.decimals,
        at=each.positions(ranges(field, tree)),
        bins=tuple(each.counts(left)),
    )


def _chips(each: Labels, tree: Tree, left: NDArray[np.bool_]) -> Chips:
    title, _, _, about = WORDS.get(each.field.name, (each.field.title, "", "", ""))
    named = chosen(each.field, tree)
    known = {fold(name): name for name in each.names}
    taken = [known.get(fold(name), name) for name in named]
    counts = each.counts(left)
    wheel = each.field.kind == "key"
    places = range(len(each.names)) if wheel else ranked(each.names, counts, taken, MOST)
    chips = [Chip(each.names[place], int(counts[place]), each.names[place] in taken) for place in places]
    others = [Chip(name, None, True) for name in taken if name not in each.names]
    return Chips(each.field.name, title, about, wheel, (*others, *chips))
