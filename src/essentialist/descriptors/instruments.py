"""Instruments: which of 40 instruments that people tag music with, by a head on Discogs-EffNet.

Each is judged on its own, so they do not sum to 1; those below 0.01 are not kept.

Source: Bogdanov, Won, Tovstogan, Porter & Serra, 2019, The MTG-Jamendo dataset for automatic music tagging.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist import models
from essentialist.descriptors import Descriptor, Extractor
from essentialist.models.mtg_jamendo_instrument import HEAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording

INSTRUMENTS = Descriptor(
    "instruments",
    "Instruments",
    "distribution",
    "",
    (0.0, 1.0),
    "Probability of each of 40 instruments",
    labels=models.labels(HEAD.name),
    floor=0.01,
)


def compute(recording: Recording) -> dict[str, Mapping[str, float]]:
    """Tell the instruments of a recording."""
    means = recording.head(HEAD.name)
    return {"instruments": means} if means else {}


EXTRACTOR = Extractor(
    "instruments",
    1,
    (INSTRUMENTS,),
    compute,
    source=HEAD.citation,
    models=(HEAD.network, HEAD.name),
    profiled=True,
)
