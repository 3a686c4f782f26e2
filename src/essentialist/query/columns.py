"""A collection as columns in memory: what `mask` answers a query from.

Every array has one place a track, in the order of `Columns.ids`. Texts are folded, as queries compare them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import numpy as np

from essentialist.query.fields import label_names
from essentialist.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

ABSENT = -1  # the code of a text that is not there


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """A column of texts; each different one is kept once.

    Attributes
    ----------
    codes : int32 array of shape (n_tracks,), each track's place among the different texts, or ABSENT
    starts : int64 array of shape (n_different,), where each begins in `folded`
    lengths : int64 array of shape (n_different,), in bytes
    folded : the different texts in UTF-8, a line feed after each, which no folded text holds
    """

    codes: NDArray[np.int32]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    folded: bytes

    @classmethod
    def of(cls, values: Sequence[str | bytes | None], *, folding: Callable[[str | bytes], str] = fold) -> Texts:
        """Make the column of these texts; an empty one is absent."""
        places: dict[str | bytes, int] = {}
        codes = [places.setdefault(value, len(places)) if value else ABSENT for value in values]
        encoded = [folding(value).encode() for value in places]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        starts = np.cumsum(lengths + 1) - (lengths + 1)
        return cls(np.array(codes, np.int32), starts, lengths, b"".join(text + b"\n" for text in encoded))

    def different(self) -> list[str]:
        """The different texts, folded, by their codes."""
        return self.folded.decode().split("\n")[:-1]

    def present(self) -> NDArray[np.bool_]:
        """Where there is a text."""
        present: NDArray[np.bool_] = self.codes != ABSENT
        return present

    def having(self, text: str) -> NDArray[np.bool_]:
        """Where `text` is a part of the text."""
        return self._spread(self._having(text))

    def being(self, *texts: str) -> NDArray[np.bool_]:
        """Where the text is one of `texts`."""
        sizes = [len(fold(text).encode()) for text in texts]
        each = [self._having(text) & (self.lengths == size) for text, size in zip(texts, sizes, strict=True)]
        return self._spread(reduce(or_, each))

    def _having(self, text: str) -> NDArray[np.bool_]:
        """Which of the different texts have the part: every hit in the joined texts, by whose stretch it lies in."""
        part = fold(text).encode()
        found = np.zeros(len(self.starts), np.bool_)
        found[np.searchsorted(self.starts, _hits(self.folded, part), side="right") - 1] = True
        return found

    def _spread(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """From the different texts to the tracks; ABSENT, the last place, is not chosen."""
        return np.append(chosen, False)[self.codes]


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Which labels each track has, and how probable they are: a list of tracks for each label.

    Attributes
    ----------
    labels : the label's names, as the catalogue has them
    ends : int64 array of shape (n_labels + 1,); label k is at `ends[k]` up to `ends[k + 1]` of the other two
    rows : int32 array of shape (n_kept,), places of tracks, each at most once a label
    probabilities : float64 array of shape (n_kept,)
    """

    labels: tuple[str, ...]
    ends: NDArray[np.int64]
    rows: NDArray[np.int32]
    probabilities: NDArray[np.float64]

    def known(self, n_tracks: int) -> NDArray[np.bool_]:
        """Which tracks have the distribution."""
        known = np.zeros(n_tracks, np.bool_)
        known[self.rows] = True
        return known

    def greatest(self, label: str, n_tracks: int) -> NDArray[np.float64]:
        """The greatest probability among the labels that `label` names; 0 where none was kept, NaN where not known."""
        greatest = np.where(self.known(n_tracks), 0.0, np.nan)
        folded = fold(label)
        for number, name in enumerate(self.labels):
            if folded in label_names(name):
                kept = slice(self.ends[number], self.ends[number + 1])
                rows = self.rows[kept]
                greatest[rows] = np.maximum(greatest[rows], self.probabilities[kept])
        return greatest


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What is known of every track, by the names of fields; `texts` has also "search", for free words.

    Attributes
    ----------
    ids : int64 array of shape (n_tracks,), ascending
    numbers : float64 arrays of shape (n_tracks,), NaN where there is none
    """

    ids: NDArray[np.int64]
    numbers: Mapping[str, NDArray[np.float64]]
    texts: Mapping[str, Texts]
    distributions: Mapping[str, Distribution]

    def __len__(self) -> int:
        return len(self.ids)


def _hits(texts: bytes, part: bytes) -> NDArray[np.int64]:
    """Where a part begins in texts, ascending, without overlaps; everywhere for an empty part."""
    if len(part) < 2:  # so many pieces would be slow to split
        every = np.frombuffer(texts, np.uint8)
        return np.flatnonzero(every == part[0]) if part else np.arange(len(texts))
    lengths = np.fromiter(map(len, texts.split(part)), np.int64)
    return np.cumsum(lengths + len(part))[:-1] - len(part)
