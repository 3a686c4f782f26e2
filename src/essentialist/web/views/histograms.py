"""How the collection's numbers are spread: a small histogram a field, all made alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.web.views.bins import Bins, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.descriptors import Descriptor
    from essentialist.query import Columns, Field
    from essentialist.web.views.bins import Numbers

N_BARS: Final = 28
LEAST_BARS: Final = 6  # and one for each root of a track more
FIRST: Final = ("bpm", "arousal", "valence", "danceability", "voice", "instrumental", "duration", "year")
"""Shown first, where there are values of them; the other descriptors follow as the catalogue has them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: how many tracks, what they have in common in words, and the query that finds them."""

    count: int
    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """The spread of a field; `median` with its unit, `spread` where the middle half lies, both in words."""

    name: str
    title: str
    help: str
    is_estimate: bool
    median: str
    spread: str
    n_known: int
    bars: tuple[Bar, ...]


def histograms(
    columns: Columns, fields: Mapping[str, Field], descriptors: Iterable[Descriptor]
) -> tuple[Histogram, ...]:
    """A histogram of every number that anything is known of."""
    by_name = {each.name: each for each in descriptors}
    names = dict.fromkeys([*FIRST, *(name for name, each in by_name.items() if each.kind == "number")])
    found = (
        histogram(fields[name], columns.numbers[name], by_name.get(name))
        for name in names
        if name in fields and name in columns.numbers
    )
    return tuple(each for each in found if each.n_known)


def histogram(field: Field, values: Numbers, descriptor: Descriptor | None = None) -> Histogram:
    """The histogram of one field's values, NaN where unknown."""
    known = values[~np.isnan(values)]
    bins = Bins.over(field, values, min(N_BARS, LEAST_BARS + math.isqrt(len(known))))
    counts = bins.counts(values).tolist()
    quarter, half, three = (float(each) for each in np.percentile(known, [25, 50, 75])) if len(known) else (0.0,) * 3
    return Histogram(
        name=field.name,
        title=field.title,
        help=descriptor.help if descriptor else "",
        is_estimate=bool(descriptor and descriptor.estimate),
        median=rounded(field, half) if len(known) else "",
        spread=f"half lie between {rounded(field, quarter)} and {rounded(field, three)}" if len(known) else "",
        n_known=len(known),
        bars=tuple(Bar(count, bins.label(place), str(bins.term(place))) for place, count in enumerate(counts)),
    )
