"""Distributions as vectors: the cosine between two of them is what they have in common.

The roots of probabilities, scaled to length 1. Their product is the Bhattacharyya coefficient: 1 for the same shares, 0
for no label in common, never below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from essentialist.track import Track


def roots(tracks: Sequence[Track], descriptor: str) -> NDArray[np.float32]:
    """Vectors of shape (n, labels) of a distribution; 0 where there is none."""
    told = [track.distribution(descriptor) for track in tracks]
    column = {label: number for number, label in enumerate(sorted({label for each in told for label in each}))}
    vectors = np.zeros((len(tracks), max(len(column), 1)), np.float32)
    for row, each in enumerate(told):
        if each:
            vectors[row, [column[label] for label in each]] = np.sqrt([*each.values()])
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1), np.float32)
