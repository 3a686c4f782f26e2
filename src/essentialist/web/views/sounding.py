"""How a track sounds: its numbers in human words, each with its place among those of the collection."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.query.tree import Bound, LabelIn, NumberIn, Range
from essentialist.web.views.bins import rounded
from essentialist.web.views.histograms import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.descriptors import Descriptor
    from essentialist.query import Columns, Field
    from essentialist.track import Track
    from essentialist.web.views.bins import Numbers


@dataclass(frozen=True, slots=True)
class Poles:
    """What the least and the most of a number are called."""

    least: str
    most: str


POLES: Final = {
    "bpm": Poles("slow", "fast"),
    "arousal": Poles("calm", "energetic"),
    "valence": Poles("gloomy", "glad"),
    "danceability": Poles("free of a beat", "danceable"),
    "danceability_learned": Poles("hardly danceable", "danceable"),
    "voice": Poles("without voice", "sung"),
    "instrumental": Poles("sung", "instrumental"),
    "loudness": Poles("quiet", "loud"),
    "loudness_range": Poles("even", "full of contrast"),
    "duration": Poles("short", "long"),
    "year": Poles("old", "new"),
}
USUAL: Final = Poles("low", "high")
WORDS: Final = (
    (10, "very {least}"),
    (30, "rather {least}"),
    (70, "in between"),
    (90, "rather {most}"),
    (100, "very {most}"),
)
N_LABELS: Final = 8
NEAR: Final = 5.0  # percentiles to either side that count as near


@dataclass(frozen=True, slots=True)
class Trait:
    """A number of a track: the value with its unit, in words, and its place among the tracks of the collection.

    `percentile` is 0 to 100: how many have less, of equals half; `words` and `place` say it. Where no other track has a
    value there is no place, and it is None. `query` finds the tracks that are near in it.
    """

    name: str
    title: str
    help: str
    is_estimate: bool
    value: str
    words: str
    place: str
    percentile: float | None
    query: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its probability, 0 to 1, and the query that finds others of it."""

    name: str
    probability: float
    query: str


@dataclass(frozen=True, slots=True)
class Labels:
    """The most probable labels of a distribution, in falling order."""

    title: str
    help: str
    is_estimate: bool
    labels: tuple[Label, ...]


def traits(
    track: Track, columns: Columns, fields: Mapping[str, Field], descriptors: Iterable[Descriptor]
) -> tuple[Trait, ...]:
    """The numbers of the track, in the order of the page Library."""
    by_name = {each.name: each for each in descriptors}
    names = dict.fromkeys([*FIRST, *(name for name, each in by_name.items() if each.kind == "number")])
    known = ((name, track.number(name)) for name in names if name in fields and name in columns.numbers)
    return tuple(
        trait(fields[name], value, columns.numbers[name], by_name.get(name))
        for name, value in known
        if value is not None
    )


def trait(field: Field, value: float, values: Numbers, descriptor: Descriptor | None = None) -> Trait:
    """A number of a track, `value`, among those of all."""
    others = values[~np.isnan(values)]
    place = percentile(value, others) if len(others) > 1 else None
    return Trait(
        name=field.name,
        title=field.title,
        help=descriptor.help if descriptor else "",
        is_estimate=bool(descriptor and descriptor.estimate),
        value=rounded(field, value),
        words="" if place is None else in_words(field.name, place),
        place="" if place is None else f"more than {place:.0f} % of all",
        percentile=None if place is None else round(place, 1),
        query=str(NumberIn(field.name, near(value, others))),
    )


def near(value: float, others: Numbers) -> Range:
    """From the fifth percentile below a value to the fifth above, in round numbers; open at the ends of all."""
    if not len(others):
        return Range(Bound(value), Bound(value))
    place = percentile(value, others)
    ends = np.clip([place - NEAR, place + NEAR], 0, 100)
    low, high = min(value, float(np.percentile(others, ends[0]))), max(value, float(np.percentile(others, ends[1])))
    step = 10.0 ** (math.floor(math.log10(high - low)) - 1) if high > low else 0.0
    if step:
        low, high = _whole(math.floor(low / step), step), _whole(math.ceil(high / step), step)
    return Range(Bound(low) if ends[0] > 0 else None, Bound(high) if ends[1] < 100 else None)


def _whole(n_steps: int, step: float) -> float:
    return float(f"{n_steps * step:.12g}")


def percentile(value: float, values: Numbers) -> float:
    """How many in a hundred of the values are less, of equals half; NaN counts as no value; 50 where there are none."""
    n_known = np.count_nonzero(~np.isnan(values))
    if not n_known:
        return 50.0
    return float(100 * (np.count_nonzero(values < value) + np.count_nonzero(values == value) / 2) / n_known)


def in_words(name: str, place: float) -> str:
    """What a percentile of a number means: "rather calm", "very loud"; compared with this collection."""
    poles = POLES.get(name, USUAL)
    words = next(words for end, words in WORDS if place <= end)
    return words.format(least=poles.least, most=poles.most)


def labels(track: Track, fields: Mapping[str, Field], descriptors: Iterable[Descriptor]) -> tuple[Labels, ...]:
    """The moods, styles, tags and whatever else is told of the track by probabilities."""
    found = []
    for each in descriptors:
        if each.kind != "distribution" or each.name not in fields:
            continue
        asked = Range(Bound(fields[each.name].threshold), None)
        falling = sorted(track.distribution(each.name).items(), key=lambda pair: (-pair[1], pair[0]))
        some = tuple(
            Label(name.replace("---", " / "), probability, str(LabelIn(each.name, name, asked)))
            for name, probability in falling[:N_LABELS]
        )
        if some:
            found.append(Labels(each.title, each.help, each.estimate, some))
    return tuple(found)
