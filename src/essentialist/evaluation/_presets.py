"""How many tracks each preset gives of a catalogue, and why not more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from essentialist.errors import EssentialistError
from essentialist.evaluation import Table
from essentialist.recipes.reading import parse
from essentialist.recipes.shelf import PRESETS, text_at

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.evaluation import Cell
    from essentialist.library import Library

FEWEST: Final = 10  # tracks that make a list
COLUMNS: Final = ("preset", "match", "tracks", f"why not {FEWEST}")


def presets(library: Library) -> Table:
    """Every preset: how many tracks its query holds for, how many it gives, and where these are few what it says."""
    return Table("presets", COLUMNS, tuple(_made(library, path) for path in sorted(PRESETS.glob("*.toml"))))


def _made(library: Library, path: Path) -> tuple[Cell, ...]:
    try:
        recipe = parse(text_at(path), path, library.catalog, library.fields())
        n_matching = len(library.ids(str(recipe.tree(library.fields()))))
        made = library.make(recipe)
    except EssentialistError as error:
        return path.stem, None, 0, str(error)
    return path.stem, n_matching, len(made.tracks), " ".join(made.notes) if len(made.tracks) < FEWEST else ""
