"""Arousal (calm to energetic) and valence (gloomy to glad), as people rated them, by the head emoMusic.

The head answers for each patch of 3 s and a track's values are the means. The ratings it learnt from go from 1 to 9;
where it reaches beyond, the end of the scale is taken.

Source: Bogdanov, Lizarraga-Seijas, Alonso-Jiménez & Serra, 2022, MusAV: a dataset of relative arousal-valence
annotations for validation of audio models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.models.emomusic import HEAD

if TYPE_CHECKING:
    from essentialist.recording import Recording

LOW, HIGH = 1.0, 9.0

AROUSAL = Descriptor("arousal", "Arousal", "number", "", (LOW, HIGH), "From calm (1) to energetic (9)")
VALENCE = Descriptor("valence", "Valence", "number", "", (LOW, HIGH), "From gloomy (1) to glad (9)")


def compute(recording: Recording) -> dict[str, float]:
    """Tell the emotion of a recording."""
    means = HEAD.meant(recording.head(HEAD.name))
    return {name: min(max(value, LOW), HIGH) for name, value in means.items()}


EXTRACTOR = Extractor(
    "emotion", 2, (AROUSAL, VALENCE), compute, source=HEAD.citation, models=(HEAD.network, HEAD.name), profiled=True
)
