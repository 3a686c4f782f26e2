"""What Explore has found, kept as a playlist: the query that finds it, or just these tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from essentialist.errors import PlaylistError
from essentialist.web.views import shelf
from essentialist.web.views.drafts import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from essentialist.web.studio import Studio
    from essentialist.web.views.explore import View

MOST_LISTED: Final = 2_000  # tracks of a playlist that names each of them

SOME, WHOLE, LISTED = "some", "whole", "listed"
WORDS: Final = {
    SOME: "The query: 25 tracks of what it finds, others whenever it is refreshed",
    WHOLE: "The query: all that it finds, and what it finds when it is refreshed",
    LISTED: "Just these tracks, in this order",
}


def offered(shown: View) -> Mapping[str, str]:
    """How it can be kept, by what that means; not by the query where the map says more than the query does."""
    state = shown.state
    is_asked = bool(state.query) and not (shown.problem or state.lasso or state.only)
    is_short = len(shown.ids) <= MOST_LISTED
    there = {SOME: is_asked, WHOLE: is_asked and is_short, LISTED: is_short}
    return {kind: words for kind, words in WORDS.items() if there[kind]}


def save(studio: Studio, shown: View, name: str, kind: str, force: bool) -> Path:
    """Keep it.

    Raises SettingsError where nothing may be changed, PlaylistError for a way that it cannot be kept in, RecipeError
    where one of this name is there already.
    """
    if kind not in offered(shown):
        raise PlaylistError("This cannot be kept in that way: find fewer tracks, or ask a query.")
    if kind == LISTED:
        draft = Draft(name, tuple(shown.ids.tolist()))
        return shelf.save(studio, name, draft, as_listed=True, force=force)
    whole, state = kind == WHOLE, shown.state
    return shelf.save_query(studio, name, state.query, whole=whole, order=state.sort, force=force)
