"""Themes: which of 56 moods and themes that people tag music with, by a head on Discogs-EffNet.

Each is judged on its own, so they do not sum to 1; those below 0.01 are not kept.

Source: Bogdanov, Won, Tovstogan, Porter & Serra, 2019, The MTG-Jamendo dataset for automatic music tagging.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist import models
from essentialist.descriptors import Descriptor, Extractor
from essentialist.models.mtg_jamendo_moodtheme import HEAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording

THEMES = Descriptor(
    "themes",
    "Themes",
    "distribution",
    "",
    (0.0, 1.0),
    "Probability of each of 56 moods and themes",
    labels=models.labels(HEAD.name),
    floor=0.01,
)


def compute(recording: Recording) -> dict[str, Mapping[str, float]]:
    """Tell the moods and themes of a recording."""
    means = recording.head(HEAD.name)
    return {"themes": means} if means else {}


EXTRACTOR = Extractor(
    "themes",
    1,
    (THEMES,),
    compute,
    source=HEAD.citation,
    models=(HEAD.network, HEAD.name),
    profiled=True,
)
