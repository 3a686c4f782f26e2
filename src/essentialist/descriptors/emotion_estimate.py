"""Arousal (calm to energetic) and valence (gloomy to glad): estimates from tags, by what people feel at their words.

Ten of the 50 tags are words for how music feels; the others name genres, eras, instruments and voices, whose words mean
something else outside music ("metal", "soul", "House"). Warriner, Kuperman & Brysbaert had people rate 13,915 English
words from 1 to 9 in arousal and in valence. A tag raises an axis by as much as its word lies above the mean of the ten,
and lowers it by as much as it lies below: a track's place is the mean log-probability of the ten with these weights.
Nothing is fitted to ratings of music or to another network. The scale is 1 to 9 as in the field: 5 and
one point are the mean and the standard deviation of that place over 45 clips of game music. See docs/models.md for how
it compares with a network made for the question.

Source: Warriner, Kuperman & Brysbaert, 2013, Norms of valence, arousal, and dominance for 13,915 English lemmas,
Behavior Research Methods 45.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor
from essentialist.descriptors.tags import probabilities
from essentialist.models.msd_musicnn import MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording

LOW, MIDDLE, HIGH = 1.0, 5.0, 9.0
LEAST_PROBABILITY = 1e-6  # less is a zero to anybody, and has no logarithm at zero


@dataclass(frozen=True, slots=True)
class Norm:
    """What people feel at a word: the mean ratings of Warriner et al., 1 to 9."""

    arousal: float
    valence: float


CHILL = Norm(3.25, 5.16)
NORMS = {
    "happy": Norm(6.05, 8.47),
    "sad": Norm(3.49, 2.10),
    "party": Norm(6.08, 7.18),
    "catchy": Norm(4.00, 5.22),
    "sexy": Norm(6.80, 7.42),
    "beautiful": Norm(5.71, 7.61),
    "Mellow": Norm(2.81, 6.68),
    "chill": CHILL,
    "chillout": CHILL,
    "easy listening": Norm(3.82, 7.47),  # of the word "easy"
}


@dataclass(frozen=True)
class Axis:
    """An emotion's norms by tag, and the mean and standard deviation of tracks' places on it over music."""

    norms: Mapping[str, float]
    mean: float
    deviation: float

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """How much each tag raises the axis: its norm less the mean norm, their sizes summing to 1."""
        mean = fmean(self.norms.values())
        size = sum(abs(norm - mean) for norm in self.norms.values())
        return {tag: (norm - mean) / size for tag, norm in self.norms.items()}

    def place(self, tags: Mapping[str, float]) -> float:
        """The weighted mean of the tags' log-probabilities."""
        return sum(weight * math.log(max(tags[tag], LEAST_PROBABILITY)) for tag, weight in self.weights.items())

    def rating(self, tags: Mapping[str, float]) -> float:
        """Where tags lie on the scale, 1 to 9."""
        rating = MIDDLE + (self.place(tags) - self.mean) / self.deviation
        return min(max(rating, LOW), HIGH)


AXES = {  # means and deviations: scripts/evaluate_estimates.py
    "arousal": Axis({tag: norm.arousal for tag, norm in NORMS.items()}, mean=-0.56, deviation=0.30),
    "valence": Axis({tag: norm.valence for tag, norm in NORMS.items()}, mean=-0.25, deviation=0.21),
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
    return {name: axis.rating(tags) for name, axis in AXES.items()} if tags else {}


EXTRACTOR = Extractor(
    "emotion",
    3,
    (AROUSAL, VALENCE),
    compute,
    source="an estimate of our own from the tags of MSD-MusiCNN and the norms of Warriner et al., 2013",
    models=(MODEL.name,),
    profiled=True,
)
