"""What the library holds, at a glance."""

from __future__ import annotations

import streamlit as st

from essentialist.web.components.tracks import tracks
from essentialist.web.pages import Page
from essentialist.web.studio import current
from essentialist.web.views.tables import table


def show() -> None:
    """Show counts, and the tracks added last."""
    library = current().library
    st.title("Library")
    st.metric("Tracks", f"{len(current().columns()):,}")
    tracks(table("Added last", library.tracks(sort="-added", limit=20), library.fields()), key="library.added")


PAGE = Page("library", "Library", ":material/library_music:", 1, show)
