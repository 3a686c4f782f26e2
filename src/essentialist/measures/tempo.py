"""Alike in tempo, where half and double are near.

The octave of the tempo is a circle: 60, 120 and 240 BPM are one place on it, 85 BPM is opposite. A quarter turn over
four octaves tells them apart a little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.measures import Measure
from essentialist.measures._circles import on_circle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from essentialist.track import Track

WEIGHT_OF_OCTAVE: Final = 0.15  # the rest is the place within one
OCTAVES: Final = 2.0  # from one end of half a circle to the other


def place(tracks: Sequence[Track]) -> NDArray[np.float32]:
    """Vectors of shape (n, 4); half and double tempo have a cosine of 0.85, half an octave -0.75."""
    tempi = np.array([track.number("bpm") or np.nan for track in tracks], np.float64)
    octaves = np.log2(np.where(tempi > 0, tempi, np.nan))
    within, over = on_circle(octaves), on_circle(octaves / (2 * OCTAVES))
    return np.hstack([within * np.sqrt(1 - WEIGHT_OF_OCTAVE), over * np.sqrt(WEIGHT_OF_OCTAVE)]).astype(np.float32)


MEASURE = Measure("tempo", "Tempo", ("bpm",), place)
