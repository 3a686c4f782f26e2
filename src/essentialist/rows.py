"""A track as one flat row: what `tracks`, `similar` and every table write, with the same keys everywhere.

Keys are `id`, `path` (absolute) and the tags, then the descriptors in the catalogue's order. What is absent is None: an
unknown tag, a value that could not be computed. Numbers are plain, with six significant digits; a distribution maps
labels to probabilities with six decimals, the most probable first. Networks compute in single precision, which carries
no more.
"""

from __future__ import annotations

import math
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.descriptors import Descriptor
    from essentialist.track import Track, Value

Cell: TypeAlias = int | float | str | dict[str, float] | None

TAG_COLUMNS = (
    "id",
    "path",
    "title",
    "artist",
    "album",
    "album_artist",
    "track_number",
    "year",
    "genre",
    "duration",
)


def columns(descriptors: Sequence[Descriptor]) -> tuple[str, ...]:
    """Name the keys of a row, in order."""
    return (*TAG_COLUMNS, *(descriptor.name for descriptor in descriptors))


def row(track: Track, descriptors: Sequence[Descriptor]) -> dict[str, Cell]:
    """Everything known of a track."""
    cells: dict[str, Cell] = {
        "id": track.id,
        "path": str(track.path.absolute()),
        "title": track.title,
        "artist": track.artist or None,
        "album": track.album or None,
        "album_artist": track.album_artist or None,
        "track_number": track.track_number,
        "year": track.year,
        "genre": track.genre or None,
        "duration": _cell(track.duration),
    }
    for descriptor in descriptors:
        cells[descriptor.name] = _cell(track.values.get(descriptor.name))
    return cells


def _cell(value: Value | None) -> Cell:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float | int):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return _distribution(value)


def _distribution(probabilities: Mapping[str, float]) -> dict[str, float]:
    # Rounding to a whole number is three times as fast as `round(probability, 6)`, and there are millions.
    falling = sorted(probabilities.items(), key=itemgetter(1), reverse=True)
    return {label: round(probability * 1e6) / 1e6 for label, probability in falling if math.isfinite(probability)}
