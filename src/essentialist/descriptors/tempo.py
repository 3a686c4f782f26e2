"""Tempo in beats per minute, how sure it is, and the other tempo that one may tap.

Most errors are a half, a double, two thirds or four thirds of the felt tempo. A new instance a recording: one that is
used again may answer with the tempo of the last recording (MTG/essentia issue 1324).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist import quiet_essentia as es
from essentialist.descriptors import SAMPLE_RATE_HZ, Descriptor, Extractor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.audio import Samples
    from essentialist.recording import Recording
    from essentialist.track import Value

SHORTEST_S = 6.0  # fewer beats than confidence can be taken of
EXCERPT_S = 60.0  # from the middle, in the profile `balanced` ...
SURE = 1.5  # ... and above this confidence its tempo is the whole recording's (DESIGN: on all of 59 tracks)
MIDDLE_BPM = 110.0  # a slower tempo is more often halved than doubled, a faster one the other way round

OUTPUTS = (
    Descriptor("bpm", "Tempo", "number", "BPM", (40, 208), "Beats per minute"),
    Descriptor(
        "bpm_confidence",
        "Tempo confidence",
        "number",
        "",
        (0, 5.32),
        "Agreement of five beat trackers: under 1 very low, over 1.5 good, over 3.5 excellent",
    ),
    Descriptor(
        "bpm_alternative",
        "Other tempo",
        "number",
        "BPM",
        (20, 220),
        "Half or double, whichever is nearer to common tempi",
    ),
)


def compute(recording: Recording) -> Mapping[str, Value]:
    """The tempo of the recording's middle, or of all that is kept of it where the middle leaves it unsure."""
    mono = recording.mono
    if recording.character.is_silent or recording.character.is_steady or len(mono) < SHORTEST_S * SAMPLE_RATE_HZ:
        return {}
    heard = middle(mono) if recording.profile == "balanced" else mono
    bpm, confidence = tempo(heard)
    if confidence <= SURE and len(heard) < len(mono):
        bpm, confidence = tempo(mono)
    if bpm <= 0:
        return {}
    alternative = bpm * 2 if bpm < MIDDLE_BPM else bpm / 2
    return {"bpm": bpm, "bpm_confidence": confidence, "bpm_alternative": alternative}


def tempo(mono: Samples) -> tuple[float, float]:
    """Tempo in BPM and its confidence, from 44.1 kHz samples."""
    bpm, _, confidence, _, _ = es.RhythmExtractor2013(method="multifeature")(mono)
    return bpm, confidence


def middle(mono: Samples) -> Samples:
    """The middle minute of a recording, or all of a shorter one."""
    n_samples = int(EXCERPT_S * SAMPLE_RATE_HZ)
    start = max(0, (len(mono) - n_samples) // 2)
    return mono[start : start + n_samples]


EXTRACTOR = Extractor(
    "tempo",
    1,
    OUTPUTS,
    compute,
    source="Essentia RhythmExtractor2013 (multifeature); Zapata, Davies & Gómez, Multi-feature beat tracking, IEEE/ACM"
    " TASLP 2014",
    profiled=True,
)
