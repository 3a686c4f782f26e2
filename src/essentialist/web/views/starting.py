"""Where one can start exploring: the queries of presets and of one's own recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.errors import EssentialistError
from essentialist.recipes.reading import document_of
from essentialist.recipes.shelf import Shelf, text_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def starts(folder: Path) -> Mapping[str, str]:
    """The queries of recipes by their titles, one's own first; without those that have none or cannot be read."""
    shelf = Shelf(folder)
    own = set(shelf.own())
    found: dict[str, str] = {}
    for name, path in sorted(shelf.paths().items(), key=lambda each: (each[0] not in own, each[0])):
        try:
            document = document_of(text_at(path), path)
        except EssentialistError:
            continue
        if query := document.get("query"):
            found.setdefault(str(document.get("title") or name), str(query))
    return found
