"""Write a recipe where it says: its tracks, or for Navidrome's smart playlists what it asks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.errors import ExportError, RecipeError
from essentialist.exports import RULES
from essentialist.recipes import nsp

if TYPE_CHECKING:
    from essentialist.exports import ExportReport
    from essentialist.library import Library
    from essentialist.playlist import Playlist
    from essentialist.recipes.recipe import Recipe, Target


def write(library: Library, recipe: Recipe, playlist: Playlist, target: Target, *, force: bool = False) -> ExportReport:
    """Write the playlist that a recipe made, or its rules where the target ends in .nsp; raises as `export` does."""
    path = os.path.expanduser(target.file)
    if not os.path.isabs(path):
        raise RecipeError(
            f'The target "{target.file}" may be anywhere; write an absolute path, or one that begins with ~.'
        )
    if path.lower().endswith(RULES):
        if target.paths or target.map or target.base or target.encoding:
            raise ExportError("a smart playlist names no files; leave out what is about paths and encoding")
        return nsp.write(recipe, recipe.tree(library.fields()), Path(path), force=force)
    return library.export(playlist, path, player=target.player, spelling=target.spelling, force=force)
