"""Arousal (calm to energetic) and valence (gloomy to glad): estimates from tags.

Moods that listeners tag lie on a circle around these two axes (Russell's circumplex; for tags of music Saari & Eerola).
Four of the 50 tags are of its glad and energetic quarter and raise both. Calm tags lower arousal; sad and dark ones
lower valence, genres among them, since of the 50 only "sad" names a gloomy mood. An axis is the mean log-probability
of the tags that raise it less that of the tags that lower it: every tag weighs the same (Dawes), nothing is fitted to
ratings. The scale is 1 to 9 as in the field: 5 and one point are the mean and the standard deviation of that
difference over 45 clips of game music. See docs/models.md for how it compares with a network made for the question.

Sources: Russell, 1980, A circumplex model of affect; Saari & Eerola, 2014, Semantic computing of moods based on tags in
social media of music; Dawes, 1979, The robust beauty of improper linear models in decision making.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.descriptors.tags import probabilities
from essentialist.models.msd_musicnn import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.recording import Recording

LOW, MIDDLE, HIGH = 1.0, 5.0, 9.0
LEAST_PROBABILITY = 1e-6  # less is a zero to anybody, and has no logarithm at zero


@dataclass(frozen=True, slots=True)
class Axis:
    """Tags that raise and lower an emotion, and the mean and standard deviation of their difference over music."""

    raises: tuple[str, ...]
    lowers: tuple[str, ...]
    mean: float
    deviation: float

    def difference(self, tags: Mapping[str, float]) -> float:
        """Mean log-probability of the tags that raise it less that of those that lower it."""
        return _mean_log(tags[tag] for tag in self.raises) - _mean_log(tags[tag] for tag in self.lowers)

    def position(self, tags: Mapping[str, float]) -> float:
        """Where tags lie on the axis, 1 to 9."""
        position = MIDDLE + (self.difference(tags) - self.mean) / self.deviation
        return min(max(position, LOW), HIGH)


GLAD_AND_ENERGETIC = ("happy", "party", "dance", "catchy")
CALM = ("Mellow", "chill", "chillout", "ambient", "easy listening", "beautiful", "sad")
DARK = ("sad", "ambient", "experimental", "metal", "heavy metal")

AXES = {  # means and deviations: scripts/evaluate_estimates.py
    "arousal": Axis(GLAD_AND_ENERGETIC, CALM, mean=-1.5, deviation=1.0),
    "valence": Axis(GLAD_AND_ENERGETIC, DARK, mean=-1.3, deviation=1.2),
}

AROUSAL = Descriptor(
    "arousal", "Arousal", "number", "", (LOW, HIGH), "From calm (1) to energetic (9), from tags", estimate=True
)
VALENCE = Descriptor(
    "valence", "Valence", "number", "", (LOW, HIGH), "From gloomy (1) to glad (9), from tags", estimate=True
)


def compute(recording: Recording) -> dict[str, float]:
    """Estimate the emotion of a recording."""
    tags = probabilities(recording)
    return {name: axis.position(tags) for name, axis in AXES.items()} if tags else {}


def _mean_log(chances: Iterable[float]) -> float:
    return fmean(math.log(max(chance, LEAST_PROBABILITY)) for chance in chances)


EXTRACTOR = Extractor(
    "emotion",
    1,
    (AROUSAL, VALENCE),
    compute,
    source="an estimate of our own from the tags of MSD-MusiCNN, after Russell, 1980, and Saari & Eerola, 2014",
    models=(MODEL.name,),
    profiled=True,
)
