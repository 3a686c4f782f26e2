"""Danceability: how regular the level is over time scales of 0.3 to 9 s, by detrended fluctuation analysis.

A steady sound (noise, a held tone) has none, and values far from music's (clicks, test tones) are not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.sound import SAMPLE_RATE_HZ
from essentialist.sound import quiet_essentia as es

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording
    from essentialist.track import Value

SHORTEST_S = 9.0  # the longest time scale has to fit in

OUTPUTS = (
    Descriptor("danceability", "Danceability", "number", "", (0, 4), "Regularity of the beat; dance music 1.5 to 3"),
)


def compute(recording: Recording) -> Mapping[str, Value]:
    """The danceability of the recording's excerpt."""
    mono = recording.mono
    if recording.character.is_silent or recording.character.is_steady or len(mono) < SHORTEST_S * SAMPLE_RATE_HZ:
        return {}
    danceability, _ = es.Danceability(sampleRate=SAMPLE_RATE_HZ)(mono)
    return {"danceability": danceability}


EXTRACTOR = Extractor(
    "danceability",
    1,
    OUTPUTS,
    compute,
    source="Essentia Danceability; Streich & Herrera, Detrended fluctuation analysis of music signals, AES 2005",
)
