"""Voice or instrumental, by the head on Discogs-EffNet, which learnt it from 1,000 excerpts.

Source: Alonso-Jiménez, Bogdanov, Pons & Serra, 2020, TensorFlow audio models in Essentia.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.models.voice_instrumental_effnet import HEAD

if TYPE_CHECKING:
    from essentialist.recording import Recording

VOICE = Descriptor("voice", "Voice", "number", "", (0.0, 1.0), "Probability that somebody sings")
INSTRUMENTAL = Descriptor("instrumental", "Instrumental", "number", "", (0.0, 1.0), "Probability that nobody sings")


def compute(recording: Recording) -> dict[str, float]:
    """Tell whether somebody sings in a recording."""
    return HEAD.meant(recording.head(HEAD.name))


EXTRACTOR = Extractor(
    "voice", 2, (VOICE, INSTRUMENTAL), compute, source=HEAD.citation, models=(HEAD.network, HEAD.name), profiled=True
)
