"""Choose tracks in any way, and work on the draft beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from essentialist.web import drafts
from essentialist.web.components import draft as shown_draft
from essentialist.web.pages import Page
from essentialist.web.pages._form import form
from essentialist.web.pages._generating import another, changed, generate, is_live, problem, trying
from essentialist.web.pages._keeping import keeping
from essentialist.web.pages._starts import starts
from essentialist.web.studio import Studio, current
from essentialist.web.views.listing import listing
from essentialist.web.views.texts import plain
from essentialist.web.views.working import worked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.web.drafts import Desk


def show() -> None:
    """Show the form, and the draft that it makes."""
    studio = current()
    studio.columns()  # a library that is held chooses at once
    st.title("Build")
    left, right = st.columns([2, 3], gap="large")
    with left:
        starts(studio, lambda: generate(studio))
        form(studio, lambda: changed(studio))
        _buttons(studio)
    with right:
        _draft(studio)


def _buttons(studio: Studio) -> None:
    left, right = st.columns(2)
    shared: dict[str, Any] = {"args": (studio,), "width": "stretch"}
    left.button("Generate", key="build.generate", type="primary", on_click=generate, **shared)
    right.button("Another choice", key="build.another", icon=":material/casino:", on_click=another, **shared)
    if problem():
        st.caption(f":material/info: {plain(problem())}")
    elif not is_live():
        st.caption("Generate replaces what is in the draft, but for tracks that are locked. It can be undone.")


def _draft(studio: Studio) -> None:
    draft = drafts.draft()
    tracks = studio.library.catalog.with_ids(draft.ids)
    if not draft.ids:
        with st.container(border=True):
            st.markdown("**The draft is empty**")
            st.caption("Choose a way and press Generate, or add tracks with + on any page.")
            st.caption("Here they can be heard, moved, locked, swapped for similar ones, saved and taken along.")
    here = drafts.desk()
    shown = listing(here.history, tracks)
    shown_draft.draft(shown, here.known, key="build.draft", on_told=lambda told: _worked(studio, told))
    for note in draft.notes:
        st.caption(plain(note))
    if draft.ids:
        keeping(studio, draft)


def _worked(studio: Studio, told: object) -> None:
    here = drafts.desk()
    for done in shown_draft.newer(told, here.known):
        trying(partial(_step, here, done, studio))
        here.known = done["number"]  # what cannot be done is not tried again


def _step(here: Desk, done: Mapping[str, Any], studio: Studio) -> None:
    here.learn(worked(here.history, done, studio.library), done["number"])


PAGE = Page("build", "Build", ":material/construction:", 3, show)
