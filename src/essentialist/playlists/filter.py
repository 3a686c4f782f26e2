"""What the query lets through: the most or the least of a field, or a sample by chance.

Weak where a field has many equal values: the rest of the ranking is then the order of the collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from essentialist.choosing.ordering import by_field
from essentialist.choosing.wishes import Pick, Wishes
from essentialist.choosing.wording import worded
from essentialist.playlists import Candidates, Way, param

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Filter:
    """What to take first."""

    by: str = param(
        "field", "", "take the least of this field first, or with a '-' before it the most; empty: by chance"
    )


def choose(candidates: Candidates, parameters: Filter, wishes: Wishes) -> Iterator[Pick]:
    """Rank by the field, or shuffle."""
    if parameters.by:
        return _ranking(candidates, parameters.by)
    return _sample(candidates, wishes.seed)


def _ranking(candidates: Candidates, field: str) -> Iterator[Pick]:
    name, end = field.removeprefix("-"), "highest" if field.startswith("-") else "lowest"
    for rank, track in enumerate(by_field(candidates.tracks, field), start=1):
        value, said = track.value(name), f"{name} {worded(name, track.value(name))}"
        place = _ordinal(rank) if isinstance(value, str) else f"{_ordinal(rank)} {end}" if rank > 1 else end
        yield Pick(track, said if value in (None, "") else f"{said}, {place} of {len(candidates.tracks)}")


def _sample(candidates: Candidates, seed: int) -> Iterator[Pick]:
    reason = f"by chance, of {len(candidates.tracks)} that match"
    for place in np.random.default_rng(seed).permutation(len(candidates.tracks)):
        yield Pick(candidates.tracks[place], reason)


def _ordinal(n: int) -> str:
    ending = "th" if n % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


WAY = Way("filter", "By query", Filter, choose)
