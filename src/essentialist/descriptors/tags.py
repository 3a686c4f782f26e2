"""Tags: what listeners would write on a track, with a probability each.

The 50 most used tags of the Million Song Dataset: genres, moods, eras, voices. Each is judged on its own, so they do
not sum to 1. A track's probability is the mean over its patches, as in Essentia's examples; the network is not
calibrated and rare tags stay low even where they fit, so compare a tag with itself on other tracks.

Source: Pons & Serra, 2019, musicnn: Pre-trained convolutional neural networks for music audio tagging.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.models.msd_musicnn import MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording

TAGS = Descriptor(
    "tags",
    "Tags",
    "distribution",
    "",
    (0.0, 1.0),
    "Probability of each of 50 tags of the Million Song Dataset: genres, moods, eras, voices",
    labels=MODEL.classes,
    floor=0.01,
)


def probabilities(recording: Recording) -> dict[str, float]:
    """Average the probability of each tag over the patches; empty when there are none."""
    activations = recording.activations(MODEL.name)
    if len(activations) == 0:
        return {}
    return dict(zip(MODEL.classes, activations.mean(axis=0).tolist(), strict=True))


def compute(recording: Recording) -> dict[str, Mapping[str, float]]:
    """Tell the tags of a recording."""
    tags = probabilities(recording)
    return {"tags": tags} if tags else {}


EXTRACTOR = Extractor("tags", 1, (TAGS,), compute, source=MODEL.citation, models=(MODEL.name,), profiled=True)
