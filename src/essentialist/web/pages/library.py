"""What the library holds, at a glance, and what it lacks."""

from __future__ import annotations

import streamlit as st

from essentialist.web.pages import Page
from essentialist.web.pages._empty import nothing_yet
from essentialist.web.pages._lacking import show_lacking
from essentialist.web.pages._overview import show_overview
from essentialist.web.pages._tables import show_tracks
from essentialist.web.pages._troubles import show_troubles
from essentialist.web.studio import current
from essentialist.web.views.overview import overview
from essentialist.web.views.tables import table
from essentialist.web.visiting import can_go, go

N_LATEST = 15


def show() -> None:
    """Show counts, how everything is spread, what is not as it should be, and the tracks added last."""
    studio = current()
    st.title("Library")
    here = studio.collection()
    seen = here.keep("overview", lambda: overview(here.library, here.columns))
    if not seen.n_tracks:
        nothing_yet()
        return
    query = show_overview(seen)
    if query is not None and can_go("Explore"):
        go("Explore", q=query)
    show_lacking(studio)
    show_troubles(here)
    st.header("Added last")
    latest = studio.library.tracks(sort="-added", limit=N_LATEST)
    show_tracks(table("Added last", latest, here.fields), key="library.added")


PAGE = Page("library", "Library", ":material/library_music:", 1, show)
