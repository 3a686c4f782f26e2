"""Alike in mood: arousal, valence and, where there are heads for them, the seven moods.

Each is a place on half a circle, from the least of the collection at one end to the most at the other, so that tracks
are compared within the collection: the cosine of the calmest and the most energetic is -1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.measures import Measure
from essentialist.measures._circles import by_rank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from essentialist.track import Track

NUMBERS: Final = ("arousal", "valence")


def place(tracks: Sequence[Track]) -> NDArray[np.float32]:
    """Vectors of shape (n, 2 a mood)."""
    told = [track.distribution("moods") for track in tracks]
    moods = sorted({mood for each in told for mood in each})
    values = [[track.number(name) for track in tracks] for name in NUMBERS]
    values += [[each.get(mood) for each in told] for mood in moods]
    circles = np.hstack([by_rank(np.array(each, np.float64)) for each in values])
    return np.asarray(circles / np.maximum(np.linalg.norm(circles, axis=1, keepdims=True), 1), np.float32)


MEASURE = Measure("mood", "Mood", ("arousal", "valence", "moods"), place)
