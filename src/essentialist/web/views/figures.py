"""The collection in a few figures, each with what finds the tracks that it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.human import counted
from essentialist.query.tree import Bound, NumberIn, Range
from essentialist.web.views.keywheel import text_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.descriptors import Descriptor
    from essentialist.query import Columns, Field
    from essentialist.web.views.keywheel import KeyWheel

AS_LIKELY_AS_NOT: Final = 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, what it is of, a remark, and the query that finds its tracks ("" for none)."""

    title: str
    value: str
    note: str = ""
    query: str = ""


def figures(
    columns: Columns, fields: Mapping[str, Field], descriptors: Iterable[Descriptor], wheel: KeyWheel | None
) -> tuple[Figure, ...]:
    """Tracks, artists, hours, tempo, voice and keys; what is not known of any track is left out."""
    estimates = {each.name for each in descriptors if each.estimate}
    found = [
        _tracks(columns),
        Figure("Artists", f"{len(text_counts(columns.texts['artist'])):,}", _albums(columns)),
        _length(columns),
        _tempo(columns, fields),
        _instrumental(columns, fields, "instrumental" in estimates),
        _keys(wheel),
    ]
    return tuple(each for each in found if each is not None)


def _tracks(columns: Columns) -> Figure:
    years = columns.numbers["year"]
    known = years[years > 0]
    note = ""
    if len(known):
        first, last = int(known.min()), int(known.max())
        note = f"from {first}" if first == last else f"from {first} to {last}"
    return Figure("Tracks", f"{len(columns):,}", note)


def _albums(columns: Columns) -> str:
    n_albums = len(text_counts(columns.texts["album"]))
    return f"on {counted(n_albums, 'album')}" if n_albums else ""


def _length(columns: Columns) -> Figure:
    hours = float(np.nansum(columns.numbers["duration"])) / 3_600
    if hours < 1:
        return Figure("Minutes", f"{hours * 60:.0f}", "of music")
    return Figure("Hours", f"{hours:,.0f}", f"{hours / 24:,.1f} days without a break" if hours >= 24 else "of music")


def _tempo(columns: Columns, fields: Mapping[str, Field]) -> Figure | None:
    known = _known(columns, "bpm")
    if "bpm" not in fields or not len(known):
        return None
    low, middle, high = (float(each) for each in np.percentile(known, [25, 50, 75]))
    half = NumberIn("bpm", Range(Bound(float(round(low))), Bound(float(round(high)))))
    note = f"BPM, half are {low:.0f} to {high:.0f}"
    return Figure("Median tempo", f"{middle:.0f}", note, str(half))


def _instrumental(columns: Columns, fields: Mapping[str, Field], is_estimate: bool) -> Figure | None:
    known = _known(columns, "instrumental")
    if "instrumental" not in fields or not len(known):
        return None
    share = np.count_nonzero(known >= AS_LIKELY_AS_NOT) / len(known)
    query = str(NumberIn("instrumental", Range(Bound(AS_LIKELY_AS_NOT), None)))
    return Figure("Instrumental", f"{share:.0%}", "an estimate from tags" if is_estimate else "without voice", query)


def _keys(wheel: KeyWheel | None) -> Figure | None:
    if wheel is None:
        return None
    first, *others = wheel.most(3)
    also = " and ".join(segment.name for segment in others)
    return Figure("Most frequent key", first.name, f"then {also}" if also else "", first.query)


def _known(columns: Columns, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = columns.numbers.get(name, np.empty(0))
    return values[~np.isnan(values)]
