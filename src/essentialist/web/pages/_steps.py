"""Buttons that take a step which may be refused, such as to start a chore while another visitor's is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from essentialist.errors import EssentialistError
from essentialist.web.telling import tell_in_passing

if TYPE_CHECKING:
    from collections.abc import Callable


def step_button(label: str, key: str, step: Callable[[], object], **options: Any) -> None:
    """Place a button; the step is taken before the page runs again, and what stands in its way is told in a toast."""

    def take() -> None:
        try:
            step()
        except EssentialistError as error:
            tell_in_passing(error)

    st.button(label, key=key, on_click=take, **options)
