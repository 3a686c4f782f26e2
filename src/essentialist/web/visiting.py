"""Where a visitor goes, and what the studio remembers of one visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.navigation.page import StreamlitPage

_PAGES = "visit.pages"


def remember(pages: Sequence[StreamlitPage]) -> None:
    """Keep the pages that this visitor may go to."""
    st.session_state[_PAGES] = {page.title: page for page in pages}


def go(title: str, **query: str) -> None:
    """Show another page, with this after the `?` of its address, if this visitor may see it; the music plays on."""
    page = st.session_state[_PAGES].get(title)
    if page is not None:
        st.switch_page(page, query_params=query)


def can_go(title: str) -> bool:
    """Whether this visitor may go to a page; a read-only studio lacks those that change things."""
    return title in st.session_state.get(_PAGES, {})
