"""Sliders over histograms and chips with counts, in the browser."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.components import component

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.web.views.facets import Facets

_facets = component("facets")


def facets(shown: Facets, *, key: str, on_change: Callable[[object], None]) -> None:
    """Show the facets; `on_change` is told what a visitor turned, as `Ground.asked` reads it, before the next run."""
    _facets(key=key, data=asdict(shown), on_changed_change=lambda: on_change(st.session_state[key].changed))
