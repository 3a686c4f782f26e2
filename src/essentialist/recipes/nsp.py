"""A recipe as a smart playlist of Navidrome (`.nsp`): a list of rules that the server keeps current by itself.

The query becomes the rules, `--by` or the order their order, the length their limit. Choosing by chance becomes
another choice each time that Navidrome makes the list anew.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from essentialist.atomic import replacement
from essentialist.exports import ExportReport, keep_foreign
from essentialist.playlists import way_of
from essentialist.playlists.filter import Filter
from essentialist.query.tree import fields_in
from essentialist.recipes.rules import NUMBERS, TEXTS, TIMES, refuse, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from essentialist.query import Tree
    from essentialist.recipes.recipe import Recipe

SIGNATURE: Final = re.compile(rb'\s*\{\s*"(?:name|comment|all|any)"\s*:')
SORTS: Final = {**TEXTS, **NUMBERS, **TIMES}


def write(recipe: Recipe, tree: Tree, path: Path, *, force: bool = False) -> ExportReport:
    """Write the rules of a recipe, whose query is `tree`.

    Raises ExportError for what Navidrome cannot be asked; an existing file of another kind is not overwritten without
    `force`.
    """
    path = path.absolute()
    content = json.dumps(document(recipe, tree), ensure_ascii=False, indent=2).encode() + b"\n"
    keep_foreign(path, SIGNATURE, force=force)
    with replacement(path) as file:
        file.write(content)
    return ExportReport(path, None, notes=tuple(_notes(tree)))


def document(recipe: Recipe, tree: Tree) -> dict[str, Any]:
    """The smart playlist as Navidrome reads it."""
    _check(recipe)
    said = rule(tree)
    if not {"all", "any"} & said.keys():
        said = {"all": [said]}
    names = {"name": recipe.title, "comment": recipe.about or str(tree)}
    limit = {} if recipe.wishes.length.tracks is None else {"limit": recipe.wishes.length.tracks}
    return {name: text for name, text in names.items() if text} | said | _sorted(recipe) | limit


def _sorted(recipe: Recipe) -> dict[str, str]:
    """In which order Navidrome takes the tracks, which is also that of play."""
    by = recipe.choose.by if isinstance(recipe.choose, Filter) else ""
    order = recipe.order if recipe.order not in {None, "shuffle", "as-is"} else ""
    if (by and order and by != order) or (order and not by and not recipe.wishes.length.is_everything):
        refuse(f"the order {order} of tracks that are chosen otherwise")
    field = (by or order or "").removeprefix("-")
    if not field:
        return {"sort": "random"}
    if field not in SORTS:
        refuse(f"an order by {field}")
    return {"sort": SORTS[field], "order": "desc" if (by or order or "").startswith("-") else "asc"}


def _check(recipe: Recipe) -> None:
    """Refuse what is wished besides a query."""
    wishes = recipe.wishes
    unsayable = {
        f"the way {way_of(recipe.choose).name}": not isinstance(recipe.choose, Filter),
        "a length in time (--length takes a number of tracks)": wishes.length.seconds is not None,
        "how many tracks an artist or album has": bool(wishes.max_per_artist or wishes.max_per_album),
        "diversity": wishes.diversity > 0,
        "single tracks to take or to leave": bool(wishes.included or wishes.excluded),
    }
    for what, wished in unsayable.items():
        if wished:
            refuse(what)


def _notes(tree: Tree) -> Iterator[str]:
    """What is different there."""
    if "bpm" in fields_in(tree):
        yield "Navidrome asks for the tempo in the tags; `essentialist tag --write bpm` puts the measured one there."
