"""Voice or instrumental: an estimate from tags.

Three of the 50 tags say that somebody sings and one that nobody does. The share of the first three in the sum of the
four is the probability of a voice. It is an estimate: the tags were learnt from what listeners write, who name a singer
more often than the lack of one. See docs/models.md for how it compares with a network made for the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.descriptors.tags import probabilities
from essentialist.models.msd_musicnn import MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording

SUNG = ("female vocalists", "female vocalist", "male vocalists")
UNSUNG = "instrumental"

VOICE = Descriptor(
    "voice", "Voice", "number", "", (0.0, 1.0), "Probability that somebody sings, from tags", estimate=True
)
INSTRUMENTAL = Descriptor(
    "instrumental", "Instrumental", "number", "", (0.0, 1.0), "Probability that nobody sings, from tags", estimate=True
)


def voice(tags: Mapping[str, float]) -> float | None:
    """Probability of a voice, 0 to 1, given those of the tags; None where no tag speaks of it."""
    sung, unsung = sum(tags[tag] for tag in SUNG), tags[UNSUNG]
    return sung / (sung + unsung) if sung + unsung else None


def compute(recording: Recording) -> dict[str, float]:
    """Estimate whether somebody sings in a recording."""
    tags = probabilities(recording)
    share = voice(tags) if tags else None
    return {} if share is None else {"voice": share, "instrumental": 1 - share}


EXTRACTOR = Extractor(
    "voice",
    1,
    (VOICE, INSTRUMENTAL),
    compute,
    source="an estimate of our own from the tags of MSD-MusiCNN",
    models=(MODEL.name,),
    profiled=True,
)
