"""The plane of moods: from gloomy to glad, and from calm to energetic, with how many tracks lie where.

Source of the plane: Russell, 1980, A circumplex model of affect, Journal of Personality and Social Psychology 39.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.query.tree import And
from essentialist.web.views.bins import Bins

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.descriptors import Descriptor
    from essentialist.query import Columns, Field

ACROSS: Final = "valence"
UPWARD: Final = "arousal"
N_FEW: Final = 6  # cells a side for a small collection ...
N_MANY: Final = 18  # ... and for one of many tracks, which fill them
MANY: Final = 500  # tracks


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the plane, `across` from the left and `up` from below; what lies in it, and the query that finds it."""

    across: int
    up: int
    count: int
    label: str
    query: str


@dataclass(frozen=True, slots=True)
class MoodPlane:
    """The cells that are not empty, on a plane of so many, and how many tracks are on it."""

    n_across: int
    n_up: int
    cells: tuple[Cell, ...]
    n_known: int
    is_estimate: bool


def mood_plane(columns: Columns, fields: Mapping[str, Field], descriptors: Iterable[Descriptor]) -> MoodPlane | None:
    """The plane; None where no track has both numbers."""
    if not {ACROSS, UPWARD} <= fields.keys() & columns.numbers.keys():
        return None
    values = [columns.numbers[name] for name in (ACROSS, UPWARD)]
    known = ~np.isnan(values[0]) & ~np.isnan(values[1])
    if not known.any():
        return None
    valence, arousal = (each[known] for each in values)
    n_side = N_MANY if len(valence) >= MANY else N_FEW
    across, up = Bins.over(fields[ACROSS], valence, n_side), Bins.over(fields[UPWARD], arousal, n_side)
    counts = np.zeros((len(across), len(up)), np.int64)
    np.add.at(counts, (across.places(valence), up.places(arousal)), 1)
    return MoodPlane(
        n_across=len(across),
        n_up=len(up),
        cells=tuple(
            Cell(
                x,
                y,
                int(counts[x, y]),
                f"valence {across.label(x)}, arousal {up.label(y)}",
                str(And((across.term(x), up.term(y)))),
            )
            for x, y in np.argwhere(counts).tolist()
        ),
        n_known=len(valence),
        is_estimate=any(each.estimate for each in descriptors if each.name in {ACROSS, UPWARD}),
    )
