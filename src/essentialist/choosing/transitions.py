"""What it costs the ear to go from one track to the next: 0 seamless, 1 as rough as it gets.

A weighted mean over six aspects, each 0 to 1. Tempo and style weigh most: a wrong step and another kind of music are
heard at once. Half and double tempo are near, since one beats along with the other. Style is the sound as a network
hears it: the cosine of embeddings, unrelated ones being as rough as it gets. Key counts moves on the Camelot wheel, and
from the third on no key is less fitting than another. Where a track lacks a value, the aspect costs what it costs on
average: nothing is gained or lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist import camelot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from essentialist.choosing.similarity import Embeddings
    from essentialist.track import Track

WEIGHTS: Final = {"bpm": 0.25, "sound": 0.25, "camelot": 0.15, "arousal": 0.15, "valence": 0.1, "loudness": 0.1}
"""What each aspect counts; the sum is 1."""

OTHER_OCTAVE: Final = 0.1  # octaves; what half or double tempo costs over the same tempo
ROUGHEST_TEMPO: Final = 0.5  # octaves; further apart is nearer to half or double
ROUGHEST_KEY: Final = 3  # moves on the wheel
ROUGHEST: Final = {"arousal": 4.0, "valence": 4.0, "loudness": 10.0}  # half of the 1 to 9 scale; LU: twice as loud


def tempo_distance(a: ArrayLike, b: ArrayLike) -> NDArray[np.floating]:
    """Octaves between tempi in BPM, 0 to about 0.5, where half and double are OTHER_OCTAVE apart; broadcasts."""
    octaves = np.abs(np.log2(a) - np.log2(b))
    folded = np.abs(octaves - np.round(octaves))
    return np.asarray(np.where(octaves < ROUGHEST_TEMPO, octaves, np.minimum(folded + OTHER_OCTAVE, ROUGHEST_TEMPO)))


def costs(tracks: Sequence[Track], sound: Embeddings | None = None) -> NDArray[np.float32]:
    """Cost of every transition, shape (n, n), symmetric, 0 to 1, nothing on the diagonal; `sound` tells styles."""
    total = np.zeros((len(tracks), len(tracks)), np.float32)
    for name, weight in WEIGHTS.items():
        aspect = _sound(tracks, sound) if name == "sound" else _aspect(name, tracks)
        unknown = np.isnan(aspect)
        if unknown.any():
            aspect[unknown] = 0 if unknown.all() else aspect[~unknown].mean()
        total += np.float32(weight) * aspect
    np.fill_diagonal(total, 0)
    return total


def mean_cost(tracks: Sequence[Track], sound: Embeddings | None = None) -> float:
    """Average cost from each track to the next; 0 for fewer than two."""
    steps = np.arange(len(tracks) - 1)
    return float(costs(tracks, sound)[steps, steps + 1].mean()) if len(steps) else 0.0


def describe(before: Track, after: Track) -> str:
    """Say in words what holds two neighbours together: "124 BPM after 122, 8A next to 9A"."""
    words = []
    tempo, last_tempo = after.number("bpm"), before.number("bpm")
    if tempo is not None and last_tempo is not None:
        words.append(f"{tempo:.0f} BPM after {last_tempo:.0f}")
    place, last_place = camelot.place_of(after), camelot.place_of(before)
    if place is not None and last_place is not None:
        moves = camelot.distance(last_place, place)
        relation = "like" if moves == 0 else "next to" if moves == 1 else "after"
        words.append(f"{place} {relation} {last_place}" if moves else f"{place} again")
    return ", ".join(words)


def _aspect(name: str, tracks: Sequence[Track]) -> NDArray[np.float32]:
    """One aspect's cost of every transition, shape (n, n); NaN where a track lacks the value."""
    if name == "camelot":
        places = [camelot.place_of(track) for track in tracks]
        index = np.array([-1 if place is None else place.index for place in places], np.intp)
        return np.asarray(_KEY_COSTS[index[:, None], index])
    values = np.array([_number(name, track) for track in tracks], np.float32)
    if name == "bpm":
        return np.asarray(tempo_distance(values[:, None], values) / ROUGHEST_TEMPO, np.float32)
    return np.asarray(np.minimum(np.abs(values[:, None] - values) / ROUGHEST[name], 1), np.float32)


def _sound(tracks: Sequence[Track], sound: Embeddings | None) -> NDArray[np.float32]:
    """What differs in style, shape (n, n); NaN where a track has no embedding."""
    if sound is None or not len(sound):
        return np.full((len(tracks), len(tracks)), np.nan, np.float32)
    ids = [track.id for track in tracks]
    vectors, known = sound.placed(ids), sound.known(ids)
    unlike = np.clip(1 - vectors @ vectors.T, 0, 1)
    unlike[~known] = unlike[:, ~known] = np.nan
    return np.asarray(unlike, np.float32)


def _number(name: str, track: Track) -> float:
    value = track.number(name)
    return np.nan if value is None or (name == "bpm" and value <= 0) else value


def _key_costs() -> NDArray[np.float32]:
    """Table by `Hour.index`, with a last row and column of NaN for no key, which index -1 reads."""
    table = np.full((len(camelot.WHEEL) + 1,) * 2, np.nan, np.float32)
    for a in camelot.WHEEL:
        for b in camelot.WHEEL:
            table[a.index, b.index] = min(camelot.distance(a, b), ROUGHEST_KEY) / ROUGHEST_KEY
    return table


_KEY_COSTS: Final = _key_costs()
