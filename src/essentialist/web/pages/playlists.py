"""The recipes that were saved, as cards, and lists of elsewhere that are brought in."""

from __future__ import annotations

import streamlit as st

from essentialist.web.pages import Page
from essentialist.web.pages._cards import card, put_back
from essentialist.web.pages._importing import importing
from essentialist.web.studio import current
from essentialist.web.views import shelf
from essentialist.web.visiting import go

A_PAGE = 12  # cards


def show() -> None:
    """Show a card for each recipe, and what can be brought in."""
    studio = current()
    st.title("Playlists")
    put_back(studio)
    found = shelf.own(studio)
    if not found and studio.options.read_only:
        st.caption("No playlist is shown here.")
    elif not found:
        with st.container(border=True):
            st.markdown("**No playlist is saved yet**")
            st.caption("Make one on the page Build and press Save, or bring in a file of another player below.")
            if st.button("Go to Build", key="playlists.build", icon=":material/construction:"):
                go("Build")
    n_pages = -(-len(found) // A_PAGE)
    number = st.pagination(n_pages, key="playlists.page") if n_pages > 1 else 1
    columns = st.columns(2)
    for place, each in enumerate(found[(number - 1) * A_PAGE : number * A_PAGE]):
        with columns[place % 2].container(border=True):
            card(studio, each)
    if not studio.options.read_only:  # where nothing can be saved, nothing is brought
        importing(studio)


PAGE = Page("playlists", "Playlists", ":material/queue_music:", 4, show)
