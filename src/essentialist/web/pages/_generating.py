"""When the form makes a draft: at once where that is quick and nothing is lost, else when it is asked for."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from essentialist.errors import EssentialistError
from essentialist.web import drafts
from essentialist.web.pages._form import ask, asked
from essentialist.web.views.building import recipe_of
from essentialist.web.views.generating import generated

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.web.studio import Studio

LIVE_S = 1.0  # a choice that takes longer waits for the button
_PROBLEM, _TOOK_S = "build.problem", "build.took"


def problem() -> str:
    """What was wrong with the last step, if anything."""
    return str(st.session_state.get(_PROBLEM, ""))


def is_live() -> bool:
    """Whether a change is followed at once: it is quick, and nothing is lost that somebody put together by hand."""
    draft = drafts.draft()
    by_hand = bool(draft.ids) and draft.recipe is None
    return not by_hand and st.session_state.get(_TOOK_S, 0.0) < LIVE_S


def changed(studio: Studio) -> None:
    """The form asks for something else."""
    st.session_state[_PROBLEM] = ""
    if is_live():
        generate(studio)


def another(studio: Studio) -> None:
    """Ask for another choice of the same kind."""
    ask(replace(asked(), chance=asked().chance + 1))
    generate(studio)


def generate(studio: Studio) -> None:
    """Make the draft that the form asks for."""
    here, wished = drafts.desk(), asked()

    def make() -> None:
        recipe = recipe_of(wished, studio.library, here.base)
        here.change(generated(here.history.now, recipe, studio.library, has_files=studio.has_files))

    began = time.monotonic()
    trying(make)
    st.session_state[_TOOK_S] = time.monotonic() - began


def trying(step: Callable[[], object]) -> None:
    """Take a step; what is wrong with it is told below the form."""
    try:
        step()
        st.session_state[_PROBLEM] = ""
    except EssentialistError as error:
        st.session_state[_PROBLEM] = str(error)
