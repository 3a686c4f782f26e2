"""One visitor's studio: the pages on top, the player below, on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web import drafts, look
from essentialist.web.components.leave import leave
from essentialist.web.components.player import player
from essentialist.web.pages import pages
from essentialist.web.studio import current
from essentialist.web.telling import telling
from essentialist.web.visiting import remember

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.navigation.page import StreamlitPage


def show() -> None:
    """Show the page that the address names, and the player."""
    st.set_page_config(page_title="essentialist", page_icon=look.ICON, layout="wide")
    st.html(look.SHEET)
    studio = current()
    shown = [
        st.Page(
            page.show,
            title=page.title,
            icon=page.icon,
            url_path=page.name,
            default=number == 0,
            visibility="visible" if page.in_menu else "hidden",
        )
        for number, page in enumerate(pages())
        if not (studio.options.read_only and page.changes)
    ]
    remember(shown)
    chosen = st.navigation(shown, position="top")
    with telling():
        chosen.run()
    with st.bottom, st.container(gap=None):
        player(studio)
        drafts.remember(studio.options)
        _tabs(shown)
        if studio.options.password is not None:
            leave()


def _tabs(shown: Sequence[StreamlitPage]) -> None:
    """The menu of a phone, where thumbs are; elsewhere the sheet hides it."""
    with st.container(key="tabs", horizontal=True, horizontal_alignment="distribute", wrap=False):
        for page in shown:
            if page.visibility == "visible":
                st.page_link(page)
