"""What the library holds, counted from its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.web.views.figures import Figure, figures
from essentialist.web.views.histograms import Histogram, histograms
from essentialist.web.views.keywheel import KeyWheel, key_wheel
from essentialist.web.views.kinds import Kinds, all_kinds
from essentialist.web.views.moodplane import MoodPlane, mood_plane

if TYPE_CHECKING:
    from essentialist.library import Library
    from essentialist.query import Columns


@dataclass(frozen=True, slots=True)
class Overview:
    """The library at a glance; what nothing is known of is None or empty."""

    n_tracks: int
    figures: tuple[Figure, ...]
    moods: MoodPlane | None
    keys: KeyWheel | None
    kinds: tuple[Kinds, ...]
    histograms: tuple[Histogram, ...]


def overview(library: Library, columns: Columns) -> Overview:
    """Count what the columns of the library hold."""
    fields, descriptors = library.fields(), library.descriptors()
    wheel = key_wheel(columns)
    return Overview(
        n_tracks=len(columns),
        figures=figures(columns, fields, descriptors, wheel),
        moods=mood_plane(columns, fields, descriptors),
        keys=wheel,
        kinds=all_kinds(columns, fields, library.catalog.different("genre")),
        histograms=histograms(columns, fields, descriptors),
    )
