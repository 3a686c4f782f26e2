"""The map's points: for each track a place on an axis or a class of colour, as the browser gets it.

A column is one little-endian uint16 a track, in the order of ids: on an axis 0 to 65,534 from the least value to the
most, of a colour a class, and NOWHERE where there is none. The rarest thousandth of the values on either side lies on
the edge. The browser and the lasso read the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.query.columns import ABSENT
from essentialist.web.look import CATEGORIES
from essentialist.web.views.choices import are_known, labels, most_probable
from essentialist.web.views.lasso import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from essentialist.query import Columns, Field

NOWHERE: Final = 65_535
MOST: Final = 65_534
RARE: Final = 0.1  # per cent of the values on either side
USUAL_AXES: Final = ("valence", "arousal")
USUAL_COLOURS: Final = ("styles", "tags", "genre")
OTHER: Final = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Places or classes of all tracks, and what the least and the most of them stand for.

    Attributes
    ----------
    values : uint16 array of shape (n_tracks,)
    low, high : the values at 0 and at MOST, in the field's unit
    legend : the names of classes 0, 1, …; () for an axis
    """

    values: NDArray[np.uint16]
    low: float = 0.0
    high: float = 1.0
    legend: tuple[str, ...] = ()

    def units(self) -> NDArray[np.float64]:
        """The places in the units of a lasso, NaN for nowhere."""
        return np.where(self.values == NOWHERE, np.nan, self.values * (UNITS / MOST))


def axes(fields: Mapping[str, Field], columns: Columns) -> list[str]:
    """The fields that can be an axis: numbers that some track has, not the number of a track itself."""
    kinds = {"number", "whole", "duration", "date"}
    return [
        name
        for name, field in fields.items()
        if field.kind in kinds
        and name not in {"id", "track_number"}
        and name in columns.numbers
        and np.isfinite(columns.numbers[name]).any()
    ]


def axis(values: NDArray[np.float64], rare: float = RARE) -> Column:
    """The places of numbers on an axis, shape (n_tracks,), NaN where there is none; `rare` per cent lie on its ends."""
    known = np.isfinite(values)
    if not known.any():
        return Column(np.full(len(values), NOWHERE, np.uint16))
    low, high = np.percentile(values[known], (rare, 100 - rare)).tolist()
    if not high > low:
        low, high = low - 0.5, high + 0.5
    place = np.full(len(values), NOWHERE, np.uint16)
    place[known] = np.rint((values[known].clip(low, high) - low) * (MOST / (high - low)))
    return Column(place, low, high)


def colours(fields: Mapping[str, Field], columns: Columns) -> list[str]:
    """The fields that points can be coloured by: labels of every kind, then numbers."""
    labelled = [
        name
        for name in dict.fromkeys((*USUAL_COLOURS, "moods", "camelot", "scale"))
        if name in fields and are_known(fields[name], columns)
    ]
    return [*labelled, *axes(fields, columns)]


def classes(field: Field, columns: Columns, spelled: Mapping[str, str] | None = None) -> Column:
    """The classes of labels: the most frequent have a colour each, all others share one."""
    if field.kind == "distribution":
        distribution = columns.distributions[field.name]
        names: Sequence[str] = [name.split("---")[0] for name in distribution.labels]
        place = most_probable(distribution, len(columns))
    else:
        marked = labels(field, columns, spelled)
        names = marked.names if marked else ()
        place = marked.first(len(columns)) if marked else np.full(len(columns), ABSENT, np.int32)
    different = tuple(dict.fromkeys(names))  # styles of one genre share its colour
    numbers = {name: number for number, name in enumerate(different)}
    number = np.append(np.array([numbers[name] for name in names], np.int64), ABSENT)[place]
    counts = np.bincount(number[number != ABSENT], minlength=len(different))
    frequent = np.argsort(-counts, kind="stable")[: len(CATEGORIES)].tolist()
    frequent = [each for each in frequent if counts[each]]
    of_number = np.append(np.full(len(different), len(frequent)), NOWHERE)
    of_number[frequent] = np.arange(len(frequent))
    legend = tuple(different[each] for each in frequent)
    has_others = int(counts.sum()) > int(counts[frequent].sum())
    return Column(of_number[number].astype(np.uint16), legend=(*legend, OTHER) if has_others else legend)


def kinds(of_kind: NDArray[np.uint8], names: Sequence[str]) -> Column:
    """The classes of the kinds of music, all of them and in their order."""
    return Column(np.where(of_kind < len(names), of_kind.astype(np.uint16), np.uint16(NOWHERE)), legend=tuple(names))


def packed(mask: NDArray[np.bool_]) -> bytes:
    """A mask as bits, the first track in the lowest of the first byte."""
    return np.packbits(mask, bitorder="little").tobytes()
