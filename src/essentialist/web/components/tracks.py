"""A table of tracks in the browser, a page of them at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.components import component

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.web.views.tables import Table

_tracks = component("tracks")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asked of the table since the last run: ids of tracks, a field to sort by, None for nothing."""

    opened: int | None
    added: int | None
    sorted: str | None


def tracks(table: Table, *, key: str, can_add: bool = True, on_sorted: Callable[[str], None] | None = None) -> Asked:
    """Show the table, and tell what was asked of it; `on_sorted` is told of a field to sort by before the next run."""
    result = _tracks(
        key=key,
        data={**asdict(table), "can_add": can_add},
        on_opened_change=_nothing,
        on_added_change=_nothing,
        on_sorted_change=_nothing if on_sorted is None else lambda: on_sorted(st.session_state[key].sorted),
    )
    return Asked(result.opened, result.added, result.sorted)


def _nothing() -> None:
    """The browser's requests are read from the result."""
