"""Tracks like one, by different measures; the space of each is made once for the catalogue as it is.

What the measures of tempo, key and mood read is in the columns already: tracks are made of that alone, so that a large
collection is not read again for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist import measures
from essentialist.choosing import similarity
from essentialist.library import Neighbour
from essentialist.query.columns import ABSENT
from essentialist.track import Track

if TYPE_CHECKING:
    from essentialist.choosing.similarity import Embeddings
    from essentialist.query import Columns
    from essentialist.track import Value
    from essentialist.web.collection import Collection

WAYS: Final = {"sound": "Sound", "mood": "Mood", "tempo, key": "Tempo and key"}
"""How tracks can be alike on the page Track, and what that is called."""

_NOWHERE: Final = Path()


def similar(here: Collection, track_id: int, by: str, n: int) -> tuple[Neighbour, ...]:
    """The tracks most like one, as `Library.similar` finds them, in milliseconds from the second time on.

    Raises UnknownTrack for a track that cannot be compared so, PlaylistError where none can.
    """
    if by == measures.USUAL:
        return here.library.similar(track_id, by=by, limit=n)
    near = similarity.nearest(here.keep(("space", by), lambda: _space(here.columns, by)), track_id, n)
    tracks = here.library.catalog.with_ids(near.ids.tolist())
    pairs = zip(near.ids.tolist(), near.similarities.tolist(), strict=True)
    return tuple(Neighbour(tracks[each], value) for each, value in pairs if each in tracks)


def _space(columns: Columns, by: str) -> Embeddings:
    names = [name for part in measures.parse(by) for name in (*measures.measures()[part.name].reads, "camelot")]
    return measures.space(by, _known(columns, names), None, {})


def _known(columns: Columns, names: list[str]) -> list[Track]:
    """The tracks with these descriptors and nothing else; labels are as `Columns` has them, folded."""
    values: list[dict[str, Value]] = [{} for _ in columns.ids]
    for name in names:
        if name in columns.numbers:
            for found, number in zip(values, columns.numbers[name].tolist(), strict=True):
                if number == number:  # NaN is not
                    found[name] = number
        elif name in columns.texts:
            texts = columns.texts[name].folded.decode().split("\n")
            for found, code in zip(values, columns.texts[name].codes.tolist(), strict=True):
                if code != ABSENT:
                    found[name] = texts[code]
        elif name in columns.distributions:
            _add_distribution(columns, name, values)
    return [
        Track(track_id, _NOWHERE, "", values=known)
        for track_id, known in zip(columns.ids.tolist(), values, strict=True)
    ]


def _add_distribution(columns: Columns, name: str, values: list[dict[str, Value]]) -> None:
    distribution = columns.distributions[name]
    told: dict[int, dict[str, float]] = {}
    for number, label in enumerate(distribution.labels):
        kept = slice(distribution.ends[number], distribution.ends[number + 1])
        for row, probability in zip(
            distribution.rows[kept].tolist(), distribution.probabilities[kept].tolist(), strict=True
        ):
            told.setdefault(row, {})[label] = probability
    for row, each in told.items():
        values[row][name] = each
