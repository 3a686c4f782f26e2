"""Chosen tracks in a pleasant order.

| order | what it does |
|---|---|
| `smooth` | neighbours close in tempo, style, key, arousal, valence and loudness (see `transitions`) |
| `rise`, `fall` | from calm to energetic, or back |
| `wave` | up and down, about every twelve tracks |
| `arc` | up to two thirds of the way, then down |
| `shuffle` | by chance, each artist's tracks spread out |
| `as-is` | as they were chosen |
| a field, `-` a field | by value, unknown ones last: `bpm`, `-year`, `title` |

Shapes follow arousal; `rise:bpm` follows another number. All but `as-is` and fields keep artists and
albums apart.
"""

from __future__ import annotations

from difflib import get_close_matches
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.choosing import transitions
from essentialist.choosing.spreading import apart, spread
from essentialist.choosing.tours import short_tour
from essentialist.errors import PlaylistError
from essentialist.sorting import sort_key
from essentialist.track import FIELDS
from essentialist.versions import album_key, artist_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from essentialist.choosing.similarity import Embeddings
    from essentialist.track import Track

    Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

ORDERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "smooth": "neighbours close in tempo, style, key, energy and loudness",
        "rise": "from calm to energetic",
        "fall": "from energetic to calm",
        "wave": "up and down, about every twelve tracks",
        "arc": "up to two thirds of the way, then down",
        "shuffle": "by chance, artists spread out",
        "as-is": "as they were chosen",
    }
)
"""The orders that are not a field, and what each does."""

TRACKS_A_WAVE: Final = 12
PEAK: Final = 2 / 3  # of the way, where an arc turns
SHAPED_BY: Final = "arousal"
SAME_ARTIST: Final = 1.0  # added to a transition's cost: as much as the roughest one
SAME_ALBUM: Final = 0.5
LARGEST_TOUR: Final = 2_000  # tracks; the costs of a tour take 4 n² bytes, several times


def order(
    tracks: Sequence[Track], how: str = "smooth", *, seed: int = 0, sound: Embeddings | None = None
) -> tuple[Track, ...]:
    """Put tracks in an order of `ORDERS` or by a field; the same input and seed give the same order.

    `sound` are embeddings, which tell a smooth order what is one style.

    Raises PlaylistError for an order that does not exist, and for a shape or field of which no track has a value.
    """
    name, _, descriptor = how.partition(":")
    if descriptor and name not in _CURVES:
        raise _unknown_order(how, tracks)
    if name == "as-is":
        return tuple(tracks)
    if name == "smooth":
        return apart(_smooth(tracks, sound))
    if name == "shuffle":
        return spread(tracks, np.random.default_rng(seed))
    if name in _CURVES:
        return apart(_shaped(tracks, _CURVES[name], descriptor or SHAPED_BY))
    return by_field(tracks, how)


def by_field(tracks: Sequence[Track], field: str) -> tuple[Track, ...]:
    """Sort by a field or descriptor, downwards with a "-" before it; ties keep their order, unknown comes last."""
    name = field.removeprefix("-")
    keys = [sort_key(name, track.value(name)) for track in tracks]
    known = [(key, place) for place, key in enumerate(keys) if key is not None]
    if tracks and not known and name not in FIELDS:
        raise _unknown_order(field, tracks)
    known.sort(key=itemgetter(0), reverse=field.startswith("-"))
    unknown = (place for place, key in enumerate(keys) if key is None)
    return tuple(tracks[place] for place in (*(place for _, place in known), *unknown))


def _smooth(tracks: Sequence[Track], sound: Embeddings | None) -> list[Track]:
    """Neighbours close in sound. More tracks than one tour can hold are cut into bands of tempo first."""
    if len(tracks) > LARGEST_TOUR:
        banded = sorted(tracks, key=lambda track: track.number("bpm") or 0.0)
        bands = range(0, len(banded), LARGEST_TOUR)
        return [track for start in bands for track in _smooth(banded[start : start + LARGEST_TOUR], sound)]
    if len(tracks) < 3:
        return list(tracks)
    costs = transitions.costs(tracks, sound)
    for key, dearer in ((artist_key, SAME_ARTIST), (album_key, SAME_ALBUM)):
        numbers: dict[object, int] = {}
        shared = np.array([numbers.setdefault(key(track), len(numbers)) for track in tracks])
        costs[shared[:, None] == shared] += np.float32(dearer)
    return [tracks[place] for place in short_tour(costs)]


def _shaped(tracks: Sequence[Track], curve: Curve, name: str) -> list[Track]:
    """Match the ranks of the tracks' values with the ranks of the curve; an unknown value counts as the median."""
    if not tracks:
        return []
    values = np.array([np.nan if (value := track.number(name)) is None else value for track in tracks])
    if np.isnan(values).all():
        raise PlaylistError(f"None of these tracks has the number {name!r}. Follow another one, such as rise:bpm.")
    values[np.isnan(values)] = np.nanmedian(values)
    ids = np.array([track.id for track in tracks])
    heights = curve(np.linspace(0, 1, len(tracks)))
    shaped = np.empty(len(tracks), np.intp)
    shaped[np.argsort(heights, kind="stable")] = np.lexsort((ids, values))
    return [tracks[place] for place in shaped.tolist()]


def _wave(x: NDArray[np.float64]) -> NDArray[np.float64]:
    waves = max(1, round(len(x) / TRACKS_A_WAVE))
    return -np.cos(2 * np.pi * waves * x)


def _arc(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(x <= PEAK, x / PEAK, (1 - x) / (1 - PEAK))


_CURVES: Final[Mapping[str, Curve]] = MappingProxyType(
    {"rise": lambda x: x, "fall": lambda x: -x, "wave": _wave, "arc": _arc}
)


def _unknown_order(how: str, tracks: Sequence[Track]) -> PlaylistError:
    fields = sorted({*FIELDS, *(name for track in tracks for name in track.values)})
    near = get_close_matches(how.removeprefix("-"), [*ORDERS, *fields], n=1)
    remedy = f"Did you mean {near[0]!r}?" if near else f"Use {', '.join(ORDERS)}, or a field such as bpm."
    return PlaylistError(f"There is no order {how!r} for these tracks. {remedy}")
