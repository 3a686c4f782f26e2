"""Choose tracks in any way, and work on the draft beside it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from essentialist.errors import EssentialistError
from essentialist.web import drafts
from essentialist.web.components import draft as shown_draft
from essentialist.web.pages import Page
from essentialist.web.pages._form import ask, asked, form
from essentialist.web.pages._keeping import keeping
from essentialist.web.pages._starts import starts
from essentialist.web.studio import Studio, current
from essentialist.web.views.building import recipe_of
from essentialist.web.views.generating import generated
from essentialist.web.views.listing import listing
from essentialist.web.views.texts import plain
from essentialist.web.views.working import worked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LIVE_S = 1.0  # a choice that takes longer waits for the button
_PROBLEM, _TOOK_S = "build.problem", "build.took"


def show() -> None:
    """Show the form, and the draft that it makes."""
    studio = current()
    studio.columns()  # a library that is held chooses at once
    st.title("Build")
    left, right = st.columns([2, 3], gap="large")
    with left:
        starts(studio, lambda: _generate(studio))
        form(studio, lambda: _changed(studio))
        _buttons(studio)
    with right:
        _draft(studio)


def _buttons(studio: Studio) -> None:
    generate, another = st.columns(2)
    shared: dict[str, Any] = {"args": (studio,), "width": "stretch"}
    generate.button("Generate", key="build.generate", type="primary", on_click=_generate, **shared)
    another.button("Another choice", key="build.another", icon=":material/casino:", on_click=_another, **shared)
    if problem := st.session_state.get(_PROBLEM):
        st.caption(f":material/info: {plain(problem)}")
    elif not _is_live():
        st.caption("Generate replaces what is in the draft, but for tracks that are locked. It can be undone.")


def _draft(studio: Studio) -> None:
    draft = drafts.draft()
    tracks = studio.library.catalog.with_ids(draft.ids)
    if not draft.ids:
        st.caption("The draft is empty. Choose a way and generate, or add tracks with + on any page.")
    shown_draft.draft(listing(drafts.history(), tracks), key="build.draft", on_done=lambda done: _worked(studio, done))
    for note in draft.notes:
        st.caption(plain(note))
    if draft.ids:
        keeping(studio, draft)


def _worked(studio: Studio, done: Mapping[str, Any]) -> None:
    _trying(lambda: drafts.keep(worked(drafts.history(), done, studio.library)))


def _is_live() -> bool:
    """Whether a change is followed at once: it is quick, and nothing is lost that somebody put together by hand."""
    draft = drafts.draft()
    by_hand = bool(draft.ids) and draft.recipe is None
    return not by_hand and st.session_state.get(_TOOK_S, 0.0) < LIVE_S


def _changed(studio: Studio) -> None:
    st.session_state[_PROBLEM] = None
    if _is_live():
        _generate(studio)


def _another(studio: Studio) -> None:
    ask(replace(asked(), chance=asked().chance + 1))
    _generate(studio)


def _generate(studio: Studio) -> None:
    def make() -> None:
        recipe = recipe_of(asked(), studio.library, drafts.base())
        drafts.change(generated(drafts.draft(), recipe, studio.library, has_files=studio.has_files))

    began = time.monotonic()
    _trying(make)
    st.session_state[_TOOK_S] = time.monotonic() - began


def _trying(step: Callable[[], object]) -> None:
    """Take a step; what is wrong with it is told below the form."""
    try:
        step()
        st.session_state[_PROBLEM] = None
    except EssentialistError as error:
        st.session_state[_PROBLEM] = str(error)


PAGE = Page("build", "Build", ":material/construction:", 3, show)
