"""The draft in the browser: drag, keys, ▶ each, why, lock, swap, remove, undo, and the curve of tempo and energy."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import streamlit as st

from essentialist.web.components import component

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.web.views.listing import Listing

_draft = component("draft", "curve")


def draft(shown: Listing, *, key: str, on_done: Callable[[Mapping[str, Any]], None]) -> None:
    """Show a draft; `on_done` gets what was done to it, before the page runs again (see `views.working`).

    What is done is numbered, and the browser is told up to which number this draft knows: it waits for a newer one.
    """
    known = f"{key}.known"

    def tell() -> None:
        done = st.session_state[key].get("done")
        if isinstance(done, dict):
            st.session_state[known] = done.get("number")
            on_done(done)

    _draft(key=key, data={**asdict(shown), "known": st.session_state.get(known, 0)}, on_done_change=tell)
