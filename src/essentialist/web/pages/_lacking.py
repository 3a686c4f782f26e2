"""What networks would add to a library, and by which command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.pages._empty import to_analysis
from essentialist.web.views.lacking import lacking
from essentialist.web.views.texts import plain

if TYPE_CHECKING:
    from essentialist.web.studio import Studio


def show_lacking(studio: Studio) -> None:
    """Say what networks would add, and by which command."""
    lacks = lacking(studio.library.descriptors())
    if not lacks:
        return
    with st.expander(f"What more could be known: {len(lacks)}", icon=":material/neurology:", key="library.lacking"):
        st.caption(
            "These networks are made by the Music Technology Group, not for commercial ends, and are fetched only when"
            " you say so. Nothing that is known is computed again."
        )
        for each in lacks:
            now = "an estimate from tags until now" if each.is_estimate else "not known yet"
            size = f", fetches {each.size}" if each.size else ""
            st.markdown(f"**{plain(each.title)}** · {now}{size}")
            st.code(each.command, language=None, wrap_lines=True)
        to_analysis("library.lacking.go")
