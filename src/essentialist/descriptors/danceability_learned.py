"""Danceability as people judge it, by the head on Discogs-EffNet.

Another question than `danceability`, which measures how regular the level is: this one was learnt from music that
people called danceable or not.

Source: Alonso-Jiménez, Bogdanov, Pons & Serra, 2020, TensorFlow audio models in Essentia.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.models.danceability_effnet import HEAD

if TYPE_CHECKING:
    from essentialist.recording import Recording

DANCEABLE = Descriptor(
    "danceability_learned",
    "Danceability, learnt",
    "number",
    "",
    (0.0, 1.0),
    "Probability that people call it danceable",
)


def compute(recording: Recording) -> dict[str, float]:
    """Tell how danceable a recording is."""
    return HEAD.meant(recording.head(HEAD.name))


EXTRACTOR = Extractor(
    "danceability_learned",
    1,
    (DANCEABLE,),
    compute,
    source=HEAD.citation,
    models=(HEAD.network, HEAD.name),
    profiled=True,
)
