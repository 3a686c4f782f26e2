"""What to call a group of tracks: what sets it apart from the collection.

A label (style, tag, mood, instrument) sets a group apart by its lift, how much more probable it is there, weighed by
how probable it is at all: its part of the Kullback-Leibler divergence of the group from the collection. The word in
front says whether the group is calmer or livelier, gladder or gloomier than the rest, if it clearly is.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.track import look_ahead

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from essentialist.track import Track

DISTRIBUTIONS: Final = ("styles", "tags", "themes", "instruments", "moods")
WORDS: Final = {"arousal": ("calm", "lively"), "valence": ("gloomy", "glad")}
CLEARLY: Final = 0.5  # standard deviations of the collection
LEAST_LIFT: Final = 1.15
N_LABELS: Final = 2
ENOUGH: Final = 5_000  # tracks tell what many more would
UNNAMED: Final = "mixed"


def names(groups: Sequence[Sequence[Track]]) -> tuple[str, ...]:
    """Name each group, all differently: "calm piano, ambient"."""
    step = max(1, sum(map(len, groups)) // ENOUGH)
    everything = [track for group in groups for track in group[::step]]
    look_ahead(everything)
    usual = mean_labels(everything)
    told: Counter[str] = Counter()
    found = []
    for whole in groups:
        group = whole[::step]
        labels = distinctive(mean_labels(group), usual)[:N_LABELS]
        name = " ".join(filter(None, (mood(group, everything), ", ".join(labels) or UNNAMED)))
        told[name] += 1
        found.append(name if told[name] == 1 else f"{name} {told[name]}")
    return tuple(found)


def mean_labels(tracks: Sequence[Track]) -> Mapping[str, float]:
    """Mean probability of each label over these tracks; a style goes by its own name, without its genre."""
    sums: Counter[str] = Counter()
    for track in tracks:
        merged: dict[str, float] = {}
        for name in DISTRIBUTIONS:
            for label, probability in track.distribution(name).items():
                plain = label.rpartition("---")[2].lower()
                merged[plain] = max(merged.get(plain, 0.0), probability)
        sums.update(merged)
    return {label: total / len(tracks) for label, total in sums.items()}


def distinctive(here: Mapping[str, float], usual: Mapping[str, float]) -> list[str]:
    """Labels that are more probable here than usual, by how much they tell."""
    telling = {
        label: probability * math.log(probability / usual[label])
        for label, probability in here.items()
        if probability > LEAST_LIFT * usual[label] > 0
    }
    return sorted(telling, key=lambda label: (-telling[label], label))


def mood(group: Sequence[Track], everything: Sequence[Track]) -> str:
    """The word for how the group differs most from the collection in arousal or valence; "" where it hardly does."""
    differences = {}
    for name, (low, high) in WORDS.items():
        usual, here = numbers(everything, name), numbers(group, name)
        spread = float(np.std(usual)) if usual else 0.0
        if here and spread > 0:
            difference = float(np.mean(here) - np.mean(usual)) / spread
            differences[high if difference > 0 else low] = abs(difference)
    word = max(differences, key=lambda each: differences[each], default="")
    return word if differences.get(word, 0.0) >= CLEARLY else ""


def numbers(tracks: Iterable[Track], name: str) -> list[float]:
    """The values of a descriptor, of the tracks that have one."""
    return [value for track in tracks if (value := track.number(name)) is not None]
