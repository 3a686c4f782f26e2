"""Tempo in beats per minute, how sure it is, and the other tempo that one may tap.

`tempo_evidence` decides; Essentia's beat tracker has a vote where that is unsure. In the profile `full` the reference,
RhythmExtractor2013, is run as well and its tempo kept beside. A new instance a recording: one that is used again may
answer with the tempo of the last recording (MTG/essentia issue 1324).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.sound import SAMPLE_RATE_HZ
from essentialist.sound import quiet_essentia as es
from essentialist.sound.tempo_evidence import FASTEST_BPM, SHORTEST_S, SLOWEST_BPM, estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording
    from essentialist.sound.audio import Samples
    from essentialist.track import Value

EXCERPT_S = 60.0  # from the middle, in the profile `balanced` ...
REFERENCE_S = 120.0  # the reference takes 600 kB of memory a second
SURE = 0.5  # ... and above this confidence its tempo is taken for the whole recording's

OUTPUTS = (
    Descriptor("bpm", "Tempo", "number", "BPM", (SLOWEST_BPM, FASTEST_BPM), "Beats per minute"),
    Descriptor("bpm_confidence", "Tempo confidence", "number", "", (0, 1), "The probability that the tempo is right"),
    Descriptor(
        "bpm_alternative",
        "Other tempo",
        "number",
        "BPM",
        (SLOWEST_BPM, FASTEST_BPM),
        "The next most likely tempo, mostly half or double",
    ),
    Descriptor(
        "bpm_essentia",
        "Tempo by Essentia",
        "number",
        "BPM",
        (40, 208),
        "RhythmExtractor2013, multifeature, for comparison; in the profile full",
    ),
)


def compute(recording: Recording) -> Mapping[str, Value]:
    """The tempo of the recording's middle, or of all that is kept of it where the middle leaves it unsure."""
    mono = recording.mono
    if recording.character.is_silent or recording.character.is_steady or len(mono) < SHORTEST_S * SAMPLE_RATE_HZ:
        return {}
    heard = middle(mono, EXCERPT_S) if recording.profile == "balanced" else mono
    tempo = estimate(heard, tracked)
    if tempo is not None and tempo.confidence <= SURE and len(heard) < len(mono):
        tempo = estimate(mono, tracked)
    if tempo is None:
        return {}
    values = {"bpm": tempo.bpm, "bpm_confidence": tempo.confidence, "bpm_alternative": tempo.alternative}
    return values if recording.profile == "balanced" else values | {"bpm_essentia": reference(mono)}


def tracked(mono: Samples) -> float:
    """The tempo of Essentia's fast beat tracker, 0 for none."""
    return float(es.RhythmExtractor2013(method="degara")(mono)[0])


def reference(mono: Samples) -> float:
    """The tempo of Essentia's reference algorithm."""
    return float(es.RhythmExtractor2013(method="multifeature")(middle(mono, REFERENCE_S))[0])


def middle(mono: Samples, seconds: float) -> Samples:
    """So much of the middle of a recording, or all of a shorter one."""
    n_samples = int(seconds * SAMPLE_RATE_HZ)
    start = max(0, (len(mono) - n_samples) // 2)
    return mono[start : start + n_samples]


EXTRACTOR = Extractor(
    "tempo",
    1,
    OUTPUTS,
    compute,
    source="tempo_evidence, see docs/tempo.md; Essentia RhythmExtractor2013: Zapata, Davies & Gómez, Multi-feature beat"
    " tracking, IEEE/ACM TASLP 2014, and Degara et al., IEEE TASLP 2012",
    profiled=True,
)
