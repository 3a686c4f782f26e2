"""The draft of one visit: any page may add to it; the page Build shows it and works on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import streamlit as st

from essentialist.human import counted
from essentialist.recipes.recipe import Recipe
from essentialist.web.components.memo import memo
from essentialist.web.views.drafts import Draft, History, recalled, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.web.options import Options

_DESK = "draft.desk"


@dataclass(slots=True)
class Desk:
    """What one visit works with, changed in place.

    Streamlit may break off a callback wherever that asks for the session's state, when something else was clicked
    meanwhile. A step is worked out and then put down here at once, so that it is taken whole or not at all.

    `base` is the recipe that the form began with: what it cannot say stays as it is there. `known` is the number of the
    latest thing that the browser told of the draft. `news` is what is to be said when the page has run.
    """

    history: History = field(default_factory=History)
    base: Recipe = field(default_factory=Recipe)
    known: int = 0
    news: str = ""

    def change(self, draft: Draft) -> None:
        """Go one step on, to this draft."""
        self.history = self.history.then(draft)

    def learn(self, history: History, number: int) -> None:
        """Go to a draft of the history, as told by the browser."""
        self.history, self.known = history, number


def desk() -> Desk:
    """The desk of the visitor."""
    return cast("Desk", st.session_state.setdefault(_DESK, Desk()))


def draft() -> Draft:
    """The visitor's draft as it is now."""
    return desk().history.now


def add_to_draft(ids: Sequence[int]) -> None:
    """Add tracks at the end of the draft; for a callback, which comes before the run that another click breaks off.

    All runs again, also where a part of the page asks that runs alone: `remember` stands outside of it.
    """
    here = desk()
    before = len(here.history.now.ids)
    here.change(here.history.now.added(ids))
    n_tracks = len(here.history.now.ids)
    if n_tracks > before:
        here.news = f"Added {counted(n_tracks - before, 'track')}: the draft on the page Build has {n_tracks:,}."
    elif len(ids) == 1:  # of several some were told before, see `components/adding.js`
        here.news = "That is in the draft already."
    st.rerun()


def remember(options: Options) -> None:
    """Have the browser remember the draft, take it up again in a new visit to this catalogue, and say what is new."""
    name = f"draft.{options.library_name}"
    here = desk()
    if news := here.news:
        here.news = ""
        st.toast(news, icon=":material/playlist_add_check:")
    is_new = here.history == History()
    known = memo(name, None if is_new else told(here.history.now))
    if is_new and (found := recalled(known)).ids:
        here.history = History(found)
        st.rerun()
