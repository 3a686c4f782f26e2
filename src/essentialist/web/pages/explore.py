"""Find tracks by how they sound: words, facets, presets, a map and a table, all of them one query in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from essentialist.web.components.facets import facets
from essentialist.web.components.map import show_map
from essentialist.web.components.player import play
from essentialist.web.components.tracks import tracks
from essentialist.web.drafts import add_to_draft
from essentialist.web.pages import Page
from essentialist.web.pages import _exploring as deeds
from essentialist.web.studio import current
from essentialist.web.views import downloads, explore, starting
from essentialist.web.views.mapping import choices, map_of
from essentialist.web.views.songs import songs
from essentialist.web.views.state import State
from essentialist.web.views.texts import plain
from essentialist.web.visiting import go

if TYPE_CHECKING:
    from essentialist.web.collection import Collection
    from essentialist.web.views.explore import View

PLAYED = 200  # tracks that are put into the player at once
EMPTY = "There is no music here yet. Run `essentialist analyze FOLDER` on this machine, then load the page again."


def show() -> None:
    """Show what the address asks for."""
    here = current().collection()
    st.title("Explore")
    if not len(here.columns):
        st.caption(EMPTY)
        return
    explorer()


@st.fragment
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
    listeners = {"lasso": deeds.encircle, "drawn": deeds.draw, "opened": _open, "added": _add}
    show_map(map_of(here, shown.state, shown.found.mask), offered, key="explore.map", on=listeners)
    if offered.waits:
        _await_sound_map()


@st.fragment(run_every=1.5)
def _await_sound_map() -> None:
    """Show the map by sound when it is there."""
    if current().sound_map.drawn() is not None or not current().sound_map.is_drawing:
        st.rerun()


def results(here: Collection, shown: View) -> None:
    """What is found, what one can do with it, and a page of it."""
    if not len(shown.ids):
        st.caption("No track is like that. Widen a filter, or clear them all.")
        st.button("Clear all filters", key="explore.clear", on_click=deeds.clear)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="explore.deeds"):
        st.markdown(f"**{shown.count}**", width="stretch")
        if st.button("Play", icon=":material/play_arrow:", key="explore.play", type="primary"):
            play(songs(explore.tracks_of(here, shown.ids[:PLAYED])))
            st.rerun()
        if st.button("Add to draft", icon=":material/playlist_add:", key="explore.add"):
            add_to_draft(shown.ids.tolist())
        take_along(here, shown)
        if shown.state != State():
            st.button("Clear", icon=":material/filter_alt_off:", key="explore.clear", on_click=deeds.clear)
    asked = tracks(explore.page(here, shown), key="explore.tracks", on_sorted=deeds.sort)
    if asked.opened is not None:
        _open(asked.opened)
    if asked.added is not None:
        add_to_draft([asked.added])
    if shown.n_pages > 1:
        pager = f"explore.page.{crc32(repr(replace(shown.state, page=1)).encode())}"  # another list has another pager
        page = shown.state.page
        st.pagination(shown.n_pages, default=page, key=pager, on_change=deeds.turn_page, args=(pager,))


def take_along(here: Collection, shown: View) -> None:
    """Files to take home, and the query as a recipe."""
    options = current().options
    with st.popover("Save", icon=":material/download:"):
        st.download_button(
            "Playlist (M3U8)",
            lambda: downloads.playlist_file("Explore", explore.tracks_of(here, shown.ids)),
            file_name="explore.m3u8",
            mime="audio/x-mpegurl",
            on_click="ignore",
            key="explore.m3u8",
            help="Paths are relative: put it into the folder that all these tracks are in.",
            width="stretch",
        )
        if options.read_only:
            return
        st.download_button(
            "Table of everything known (CSV)",
            lambda: downloads.table_file(explore.tracks_of(here, shown.ids), here.library.descriptors()),
            file_name="explore.csv",
            mime="text/csv",
            on_click="ignore",
            key="explore.csv",
            width="stretch",
        )
        if shown.state.query and not shown.state.lasso:
            keep(here, shown)


def keep(here: Collection, shown: View) -> None:
    """Save the query as a recipe, which makes a playlist whenever it is asked for."""
    title = st.text_input("Name of the recipe", key="explore.name", placeholder="Sunday drive", max_chars=100)
    if (
        st.button("Save as recipe", icon=":material/bookmark_add:", key="explore.keep", width="stretch")
        and title.strip()
    ):
        options = current().options
        path = starting.save(here.library, options, title, shown.state.query)
        st.toast(f"Saved: it is the recipe {path.stem}.", icon=":material/bookmark_added:")


def _open(track: object) -> None:
    if isinstance(track, int):
        go("Track", id=str(track))


def _add(track: object) -> None:
    if isinstance(track, int):
        add_to_draft([track])


PAGE = Page("explore", "Explore", ":material/explore:", 2, show)
