"""What the page Explore has found: how much it is, what one can do with it, and a page of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from essentialist.web.components.player import play
from essentialist.web.drafts import add_to_draft
from essentialist.web.pages import _exploring as deeds
from essentialist.web.pages._tables import show_tracks
from essentialist.web.studio import current
from essentialist.web.views import downloads, explore, starting
from essentialist.web.views.songs import songs
from essentialist.web.views.state import State

if TYPE_CHECKING:
    from essentialist.web.collection import Collection
    from essentialist.web.views.explore import View

PLAYED = 200  # tracks that are put into the player at once


def results(here: Collection, shown: View) -> None:
    """What is found, what one can do with it, and a page of it."""
    if not len(shown.ids):
        st.caption("No track is like that. Widen a filter, or clear them all.")
        st.button("Clear all filters", key="explore.clear", on_click=deeds.clear)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="explore.deeds"):
        with st.container(horizontal=True, vertical_alignment="center", width="stretch", key="explore.counted"):
            st.markdown(f"**{shown.count}**", width="content")
            if shown.state != State():
                st.button(
                    "Clear",
                    icon=":material/filter_alt_off:",
                    key="explore.clear",
                    type="tertiary",
                    on_click=deeds.clear,
                )
        if st.button("Play", icon=":material/play_arrow:", key="explore.play", type="primary"):
            play(songs(explore.tracks_of(here, shown.ids[:PLAYED])))
            st.rerun()
        if st.button("Add to draft", icon=":material/playlist_add:", key="explore.add"):
            add_to_draft(shown.ids.tolist())
        take_along(here, shown)
    show_tracks(explore.page(here, shown), key="explore.tracks", on_sorted=deeds.sort)
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
