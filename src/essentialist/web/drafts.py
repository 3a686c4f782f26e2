"""The draft of one visit: any page may add to it; the page Build shows it and works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from essentialist.recipes.recipe import Recipe
from essentialist.web.components.memo import memo
from essentialist.web.views.drafts import Draft, History, recalled, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.web.options import Options

_HISTORY = "draft.history"
_BASE = "draft.base"


def draft() -> Draft:
    """The visitor's draft as it is now."""
    return history().now


def history() -> History:
    """The draft with the steps that led to it."""
    return cast("History", st.session_state.setdefault(_HISTORY, History()))


def change(draft: Draft) -> None:
    """Go one step on, to this draft."""
    st.session_state[_HISTORY] = history().then(draft)


def keep(now: History) -> None:
    """Go to a draft of the history."""
    st.session_state[_HISTORY] = now


def base() -> Recipe:
    """The recipe that the form began with: what it cannot say stays as it is there."""
    return cast("Recipe", st.session_state.setdefault(_BASE, Recipe()))


def begin_with(recipe: Recipe) -> None:
    """Let the form begin with a recipe."""
    st.session_state[_BASE] = recipe


def add_to_draft(ids: Iterable[int]) -> int:
    """Add tracks at the end of the draft, say so in a toast, and give how many were not in it yet."""
    before = len(draft().ids)
    change(draft().added(ids))
    n_tracks = len(draft().ids)
    if n_tracks > before:
        added = "1 track" if n_tracks == before + 1 else f"{n_tracks - before:,} tracks"
        st.toast(f"Added {added}: the draft on the page Build has {n_tracks:,}.", icon=":material/playlist_add:")
    else:
        st.toast("That is in the draft already.", icon=":material/playlist_add_check:")
    return n_tracks - before


def remember(options: Options) -> None:
    """Have the browser remember the draft, and take it up again in a new visit to this catalogue."""
    name = f"draft.{options.library_name}"
    is_new = history() == History()
    known = memo(name, None if is_new else told(draft()))
    if is_new and (found := recalled(known)).ids:
        st.session_state[_HISTORY] = History(found)
        st.rerun()
