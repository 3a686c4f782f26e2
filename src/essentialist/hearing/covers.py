"""The cover of a track: a picture beside its file, or the one inside; only of files that may be served."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from essentialist.catalogue import sources
from essentialist.errors import Inaudible
from essentialist.files import covers
from essentialist.hearing.audible import first_original, within

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.catalogue.catalog import Catalog
    from essentialist.files.covers import Picture


def cover(catalog: Catalog, track_id: int) -> Picture | None:
    """The cover of a track; None where there is none. Raises UnknownTrack."""
    source, roots = sources.source(catalog, track_id), sources.roots(catalog)
    try:
        original = first_original(source.files, roots).path
        for path in covers.beside(original):
            if found := beside(path, roots):
                return found
        return covers.inside(original)
    except (Inaudible, OSError):
        return None


def beside(path: Path, roots: tuple[bytes, ...]) -> Picture | None:
    """A picture file of the collection; None for what is none, or lies elsewhere in truth."""
    try:
        real = within(path, roots)
        return covers.read(real) if stat.S_ISREG(real.stat().st_mode) else None
    except (Inaudible, OSError):
        return None
