"""Playlists from the sound of your own music.

    from essentialist import Library, similar_to

    library = Library.open()
    library.analyze("~/Music")
    seed, *_ = library.tracks("piano -tag:metal", sort="-valence")
    library.export(library.playlist(choose=similar_to(seed)), "like-this.m3u8")

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from essentialist.choosing.wishes import Length, Wishes
    from essentialist.errors import EssentialistError
    from essentialist.library import Library, path_between, ranked_by, similar_to
    from essentialist.playlist import Playlist
    from essentialist.recipes.recipe import Recipe
    from essentialist.runs.ledger import Ledger
    from essentialist.settings import Settings
    from essentialist.track import Track

__version__ = "0.1.0"

__all__ = [
    "EssentialistError",
    "Ledger",
    "Length",
    "Library",
    "Playlist",
    "Recipe",
    "Settings",
    "Track",
    "Wishes",
    "path_between",
    "ranked_by",
    "similar_to",
]

_HOMES = {
    "EssentialistError": "errors",
    "Ledger": "runs.ledger",
    "Length": "choosing.wishes",
    "Library": "library",
    "Playlist": "playlist",
    "Recipe": "recipes.recipe",
    "Settings": "settings",
    "Track": "track",
    "Wishes": "choosing.wishes",
    "path_between": "library",
    "ranked_by": "library",
    "similar_to": "library",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
