"""The draft in the browser: drag, keys, ▶ each, why, lock, swap, remove, undo, and the curve of tempo and energy."""

from __future__ import annotations

from dataclasses import asdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import streamlit as st

from essentialist.web.components import component

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.web.views.listing import Listing

_draft = component("draft", "curve")
MOST = 100  # things done that are told at once


def draft(shown: Listing, known: int, *, key: str, on_told: Callable[[object], None]) -> None:
    """Show a draft; `on_told` gets what was done to it, before the page runs again (see `newer` and `views.working`).

    What is done is numbered, and the browser is told up to which number it is `known`: it tells what is newer again
    until it is known, and takes no older draft meanwhile. So nothing is lost or done twice, however fast it is done.
    """
    data = {**asdict(shown), "known": known}
    _draft(key=key, data=data, on_done_change=lambda: on_told(st.session_state[key].get("done")))


def newer(told: object, known: int) -> list[dict[str, Any]]:
    """What a browser tells that was not known yet, in the order in which it was done."""
    listed = told[:MOST] if isinstance(told, list) else []
    numbered = [each for each in listed if isinstance(each, dict) and isinstance(each.get("number"), int)]
    return sorted((each for each in numbered if each["number"] > known), key=itemgetter("number"))
