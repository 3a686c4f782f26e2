"""How a track sounds: its numbers in human words, each with its place among those of the collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.query.tree import Bound, LabelIn, Range
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


@dataclass(frozen=True, slots=True)
class Trait:
    """A number of a track: the value with its unit, in words, and its percentile among the tracks of the collection.

    `percentile` is 0 to 100: how many of the others have less, of equals half.
    """

    name: str
    title: str
    help: str
    is_estimate: bool
    value: str
    words: str
    percentile: float


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
    found = []
    for name in names:
        value = track.number(name)
        if value is None or name not in fields or name not in columns.numbers:
            continue
        place, known = percentile(value, columns.numbers[name]), by_name.get(name)
        found.append(
            Trait(
                name=name,
                title=fields[name].title,
                help=known.help if known else "",
                is_estimate=bool(known and known.estimate),
                value=rounded(fields[name], value),
                words=in_words(name, place),
                percentile=round(place, 1),
            )
        )
    return tuple(found)


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
