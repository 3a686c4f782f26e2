"""What tracks are labelled with, as chips with counts: keys, genres, styles, moods, tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.camelot import HOURS
from essentialist.query.columns import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from essentialist.query import Columns, Distribution, Field

WHEEL: Final = tuple(f"{number}{ring}" for ring in "AB" for number in range(1, HOURS + 1))


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Which tracks have which labels.

    Attributes
    ----------
    field : what they are labels of
    names : as a query may name them
    rows : int32 array of shape (n_kept,), places of tracks, those of one label together
    labels : int32 array of shape (n_kept,), the place of the label in `names`
    """

    field: Field
    names: tuple[str, ...]
    rows: NDArray[np.int32]
    labels: NDArray[np.int32]

    def counts(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of the tracks in the mask have each label, shape (n_names,)."""
        return np.bincount(self.labels, weights=mask[self.rows], minlength=len(self.names)).astype(np.int64)

    def first(self, n_tracks: int) -> NDArray[np.int32]:
        """The place of one label of each track, ABSENT for none; of several the last in order."""
        found = np.full(n_tracks, ABSENT, np.int32)
        found[self.rows] = self.labels
        return found


def labels(field: Field, columns: Columns, spelled: Mapping[str, str] | None = None) -> Labels | None:
    """The labels of a field; None where no track has one.

    `spelled` gives a text as tags have it for its folded form, which is what columns hold.
    """
    if field.kind == "distribution":
        return _of_distribution(field, columns.distributions.get(field.name))
    texts = columns.texts.get(field.name)
    if texts is None or not len(texts.starts):
        return None
    different = texts.different()
    names = tuple(dict.fromkeys((spelled or {}).get(text, text) for text in different if text))
    if field.kind == "key":
        names = tuple(code for code in WHEEL if code.lower() in different)
    places = {name.casefold() if field.kind == "key" else name: place for place, name in enumerate(names)}
    of_code = np.array([places.get((spelled or {}).get(text, text), ABSENT) for text in different], np.int32)
    label = np.append(of_code, ABSENT)[texts.codes]
    rows = np.flatnonzero(label != ABSENT).astype(np.int32)
    return Labels(field, names, rows, label[rows].astype(np.int32)) if len(rows) else None


def are_known(field: Field, columns: Columns) -> bool:
    """Whether any track has a label of the field."""
    if field.kind == "distribution":
        distribution = columns.distributions.get(field.name)
        return distribution is not None and len(distribution.rows) > 0
    texts = columns.texts.get(field.name)
    return texts is not None and len(texts.starts) > 0


def _of_distribution(field: Field, distribution: Distribution | None) -> Labels | None:
    """Labels that are probable enough to count."""
    if distribution is None or not len(distribution.rows):
        return None
    label = np.repeat(np.arange(len(distribution.labels), dtype=np.int32), np.diff(distribution.ends))
    counts = distribution.probabilities >= field.threshold
    return Labels(field, distribution.labels, distribution.rows[counts], label[counts])


def most_probable(distribution: Distribution, n_tracks: int) -> NDArray[np.int32]:
    """The place of each track's most probable label, shape (n_tracks,); ABSENT where none was kept."""
    found, best = np.full(n_tracks, ABSENT, np.int32), np.full(n_tracks, -np.inf)
    for label in range(len(distribution.labels)):
        kept = slice(distribution.ends[label], distribution.ends[label + 1])
        rows, probabilities = distribution.rows[kept], distribution.probabilities[kept]
        better = probabilities > best[rows]
        found[rows[better]], best[rows[better]] = label, probabilities[better]
    return found


def ranked(names: Sequence[str], counts: NDArray[np.int64], chosen: Sequence[str], most: int) -> list[int]:
    """Places in `names` of the labels to show: those chosen, then the most frequent; none that no track has."""
    first = [place for place, name in enumerate(names) if name in set(chosen)]
    order = np.argsort(-counts, kind="stable").tolist()
    others = [place for place in order if counts[place] > 0 and place not in set(first)]
    return [*first, *others][: max(most, len(first))]
