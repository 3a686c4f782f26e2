"""What the page Explore has found: how much it is, what one can do with it, and a page of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from essentialist.web.components.player import play
from essentialist.web.drafts import add_to_draft
from essentialist.web.pages import _exploring as deeds
from essentialist.web.pages._keeping import saving
from essentialist.web.pages._tables import show_tracks
from essentialist.web.pages._taking import taking_along
from essentialist.web.studio import current
from essentialist.web.views import explore, keeping
from essentialist.web.views.songs import songs
from essentialist.web.views.taking import Take

if TYPE_CHECKING:
    from essentialist.web.collection import Collection
    from essentialist.web.views.explore import View

PLAYED = 200  # tracks that are put into the player at once
ADDED = 1_000  # and into the draft


def results(here: Collection, shown: View) -> None:
    """What is found, what one can do with it, and a page of it."""
    if not len(shown.ids):
        st.caption("No track is like that. Widen a filter, or clear them all.")
        st.button("Clear all filters", key="explore.clear", on_click=deeds.clear)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="explore.deeds"):
        with st.container(horizontal=True, vertical_alignment="center", width="stretch", key="explore.counted"):
            st.markdown(f"**{shown.count}**", width="content")
            if shown.state.query or shown.state.lasso or shown.state.only:
                icon = ":material/filter_alt_off:"
                st.button("Clear", icon=icon, key="explore.clear", type="tertiary", on_click=deeds.clear)
        first = f"The first {PLAYED}" if len(shown.ids) > PLAYED else None
        if st.button("Play", icon=":material/play_arrow:", key="explore.play", type="primary", help=first):
            play(songs(explore.tracks_of(here, shown.ids[:PLAYED])))
            st.rerun()
        first = f"The first {ADDED:,}" if len(shown.ids) > ADDED else None
        ids = shown.ids[:ADDED].tolist()
        icon = ":material/playlist_add:"
        st.button("Add to draft", icon=icon, key="explore.add", help=first, on_click=add_to_draft, args=(ids,))
        keep_or_take(here, shown)
    show_tracks(explore.page(here, shown), key="explore.tracks", on_sorted=deeds.sort)
    if shown.n_pages > 1:
        pager = f"explore.page.{crc32(repr(replace(shown.state, page=1)).encode())}"  # another list has another pager
        page = shown.state.page
        st.pagination(shown.n_pages, default=page, key=pager, on_change=deeds.turn_page, args=(pager,))


def keep_or_take(here: Collection, shown: View) -> None:
    """Keep what is found as a playlist, and take it along."""
    studio = current()
    if not studio.options.read_only:
        with st.popover("Save", icon=":material/save:", key="explore.save"):
            if kinds := keeping.offered(shown):
                saving("", kinds, partial(keeping.save, studio, shown), key="explore.save")
            else:
                st.caption(f"A list holds at most {keeping.MOST_LISTED:,} tracks. Find fewer of them.")
    if st.button("Export", icon=":material/download:", key="explore.take"):
        taking_along(Take("Explore", found=shown.state))
