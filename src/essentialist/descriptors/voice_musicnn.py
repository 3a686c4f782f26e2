"""Voice or instrumental, by the head on MSD-MusiCNN: for who has that head and not Discogs-EffNet.

Source: Alonso-Jiménez, Bogdanov, Pons & Serra, 2020, TensorFlow audio models in Essentia.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Extractor
from essentialist.descriptors.voice import INSTRUMENTAL, VOICE
from essentialist.models.voice_instrumental_musicnn import HEAD

if TYPE_CHECKING:
    from essentialist.recording import Recording


def compute(recording: Recording) -> dict[str, float]:
    """Tell whether somebody sings in a recording."""
    return HEAD.meant(recording.head(HEAD.name))


EXTRACTOR = Extractor(
    "voice", 2, (VOICE, INSTRUMENTAL), compute, source=HEAD.citation, models=(HEAD.network, HEAD.name), profiled=True
)
