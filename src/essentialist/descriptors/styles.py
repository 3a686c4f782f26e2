"""Styles: which of 400 styles of Discogs, such as "Electronic---House", with a probability each.

Discogs-EffNet judges each style on its own, so they do not sum to 1; a track's probability is the mean over its
patches. The genre stands before the dashes. Styles below 0.01 are not kept: no query asks for so little unless told to,
and all 400 would take 11 kB a track in the catalogue (29 bytes each), twice the network's mean embedding.

Source: Alonso-Jiménez, Serra & Bogdanov, 2022, Music representation learning based on editorial metadata from Discogs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist import models
from essentialist.descriptors import Descriptor, Extractor
from essentialist.models.discogs_effnet import MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording

STYLES = Descriptor(
    "styles",
    "Styles",
    "distribution",
    "",
    (0.0, 1.0),
    "Probability of each of 400 styles of Discogs, as Genre---Style",
    labels=models.labels(MODEL.name),
    floor=0.01,
)


def compute(recording: Recording) -> dict[str, Mapping[str, float]]:
    """Tell the styles of a recording."""
    activations = recording.activations(MODEL.name)
    if len(activations) == 0:
        return {}
    return {"styles": dict(zip(MODEL.classes, activations.mean(axis=0).tolist(), strict=True))}


EXTRACTOR = Extractor("styles", 1, (STYLES,), compute, source=MODEL.citation, models=(MODEL.name,), profiled=True)
