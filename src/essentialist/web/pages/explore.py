"""Find tracks by how they sound: words, facets, presets, a map and a table, all of them one query in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.components.facets import facets
from essentialist.web.components.map import show_map
from essentialist.web.pages import Page
from essentialist.web.pages import _exploring as deeds
from essentialist.web.pages._empty import nothing_yet
from essentialist.web.pages._found import results
from essentialist.web.pages._tables import add_tracks, open_track
from essentialist.web.studio import current
from essentialist.web.telling import telling
from essentialist.web.views import explore, starting
from essentialist.web.views.mapping import choices, map_of
from essentialist.web.views.texts import plain

if TYPE_CHECKING:
    from essentialist.web.collection import Collection
    from essentialist.web.views.explore import View


def show() -> None:
    """Show what the address asks for."""
    here = current().collection()
    st.title("Explore")
    if not len(here.columns):
        nothing_yet()
        return
    explorer()


@st.fragment
@telling()
def explorer() -> None:
    """Everything that one query decides; it runs again alone when the query changes."""
    here = current().collection()
    shown = explore.view(here, deeds.now())
    ask(shown)
    left, right = st.columns((1, 2.7), gap="medium")
    with left:
        facets(explore.facets(here, shown), key="explore.facets", on_change=deeds.turn)
    with right:
        atlas(here, shown)
        results(here, shown)
    here.sound_map.drawn()  # so that it is drawn before somebody wants it


def ask(shown: View) -> None:
    """The query as text, and where else to start."""
    text, problem = deeds.written(shown.state.query)
    st.session_state[deeds.QUERY] = text
    field, presets = st.columns((6, 1), vertical_alignment="bottom")
    field.text_input(
        "What should it be like?",
        key=deeds.QUERY,
        type="search",
        placeholder='calm piano, or bpm:120..130 -voice:0.5.. "miles davis"',
        help="Plain words, or the query language: fields with ranges, OR, a minus for what you do not want.",
        on_change=deeds.write,
    )
    with presets.popover("Presets", icon=":material/auto_awesome:", width="stretch"):
        for title, query in starting.starts(current().options.settings.recipes).items():
            st.button(title, key=f"{deeds.START}.{title}", on_click=deeds.start_from, args=(query,), width="stretch")
    if problem or shown.problem:
        st.error(plain(problem or shown.problem), icon=":material/error:")
    for line in deeds.understood():
        st.caption(plain(line[:1].upper() + line[1:]))


def atlas(here: Collection, shown: View) -> None:
    """The map of all tracks."""
    offered = choices(here, shown.state)
    chosen = {"lasso": deeds.encircle, "only": deeds.look_at, "drawn": deeds.draw}
    listeners = {**chosen, "opened": open_track, "added": add_tracks}
    show_map(map_of(here, shown.state, shown.found.mask), offered, key="explore.map", on=listeners)
    if offered.waits:
        _await_sound_map()


@st.fragment(run_every=1.5)
@telling()
def _await_sound_map() -> None:
    """Show the map by sound, or its kinds of music, when they are there."""
    if current().sound_map.drawn() is not None or not current().sound_map.is_drawing:
        st.rerun()


PAGE = Page("explore", "Explore", ":material/explore:", 2, show)
