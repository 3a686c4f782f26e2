"""What a page shows where nothing was listened to yet: how to begin."""

from __future__ import annotations

import streamlit as st

from essentialist.web.visiting import can_go, go


def nothing_yet() -> None:
    """Say what to do."""
    with st.container(border=True):
        st.markdown("**No music is here yet**")
        st.caption("Have a folder listened to. Finished tracks appear here at once.")
        st.code("essentialist analyze ~/Music", language=None, wrap_lines=True)
        st.caption("Without music of your own, this makes a small collection:")
        st.code("essentialist demo", language=None, wrap_lines=True)
        to_analysis("empty.go")


def to_analysis(key: str) -> None:
    """A button that leads to the page Analysis, where the visitor may see it."""
    if can_go("Analysis") and st.button("Go to Analysis", key=key, icon=":material/graphic_eq:"):
        go("Analysis")
