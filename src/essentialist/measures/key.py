"""Alike in key: near on the Camelot wheel.

The hours of the wheel are a circle; minor and major keys lie on its two sides. A fifth up or down has a cosine of 0.88,
the relative key 0.8, the key across -0.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.camelot import HOURS, place_of
from essentialist.measures import Measure
from essentialist.measures._circles import on_circle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from essentialist.track import Track

WEIGHT_OF_RING: Final = 0.1  # the rest is the hour


def place(tracks: Sequence[Track]) -> NDArray[np.float32]:
    """Vectors of shape (n, 3)."""
    places = [place_of(track) for track in tracks]
    hours = np.array([np.nan if hour is None else hour.number for hour in places], np.float64)
    rings = np.array([0 if hour is None else 1 if hour.ring == "B" else -1 for hour in places], np.float64)
    on_wheel = on_circle(hours / HOURS) * np.sqrt(1 - WEIGHT_OF_RING)
    return np.hstack([on_wheel, rings[:, None] * np.sqrt(WEIGHT_OF_RING)]).astype(np.float32)


MEASURE = Measure("key", "Key", ("key", "scale"), place)
