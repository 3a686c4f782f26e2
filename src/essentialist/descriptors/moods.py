"""Moods: seven questions, each answered with a probability by a head of its own on Discogs-EffNet.

Happy, sad, relaxed, aggressive, party, acoustic, electronic: each is a choice of two and they do not sum to 1. Moods
whose head is not here are left out. A head that gives `moods` adds its own.

Source: Laurier, Meyers, Serrà, Blech & Herrera, 2009, Music mood annotator design and integration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist import models
from essentialist.descriptors import Descriptor, Extractor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording

HEADS = tuple(head for head in models.heads() if "moods" in head.gives)

MOODS = Descriptor(
    "moods",
    "Moods",
    "distribution",
    "",
    (0.0, 1.0),
    "Probability of each mood; 0.5 is as likely as not",
    labels=tuple(mood for head in HEADS for mood in head.meanings.values()),
)


def compute(recording: Recording) -> dict[str, Mapping[str, float]]:
    """Tell the moods of a recording whose heads are here."""
    here = [head for head in HEADS if models.available(head.name)]
    moods = {mood: chance for head in here for mood, chance in head.meant(recording.head(head.name)).items()}
    return {"moods": moods} if moods else {}


EXTRACTOR = Extractor(
    "moods",
    1,
    (MOODS,),
    compute,
    source=HEADS[0].citation,
    models=tuple(dict.fromkeys(head.network for head in HEADS)),
    profiled=True,
    any_of=tuple(head.name for head in HEADS),
)
