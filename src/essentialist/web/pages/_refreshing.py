"""A recipe made again: what would come and what would go is shown before it is kept."""

from __future__ import annotations

import streamlit as st

from essentialist.human import counted
from essentialist.recipes.naming import shown
from essentialist.web.studio import current
from essentialist.web.telling import telling
from essentialist.web.views import shelf
from essentialist.web.views.texts import plain


@st.dialog("Refresh", width="medium")
@telling()
def refreshing(name: str) -> None:
    """Show the difference, and keep it if that is wished."""
    studio = current()
    keeping = st.toggle("Keep what still matches where it is", value=True, key="refreshing.keeping")
    found = shelf.difference(studio, name, keeping=keeping)
    tracks = counted(len(found.playlist.tracks), "track")
    if found.is_first:
        st.write(f"It was never made here: {tracks} come.")
    elif not found.added and not found.removed:
        st.write(f"Nothing changes: the same {tracks}.")
    else:
        st.write(f"{tracks}: {len(found.added):,} come, {len(found.removed):,} go.")
    for sign, texts in (("+", map(shown, () if found.is_first else found.added)), ("-", found.removed)):
        for text in texts:
            st.markdown(f"{plain(sign)} {plain(text)}")
    for note in found.playlist.notes:
        st.caption(plain(note))
    if studio.options.read_only:
        return
    if shelf.read(studio, name).targets:
        st.caption(f"The files that it is written to stay as they are: `essentialist refresh {name}` writes them.")
    is_same = not (found.is_first or found.added or found.removed)
    if st.button("Keep this", key="refreshing.accept", type="primary", disabled=is_same):
        shelf.accept(studio, found)
        st.rerun()
