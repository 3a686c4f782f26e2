"""Tables that several pages show: tracks that can be opened and added to the draft, and files that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.components.tracks import tracks
from essentialist.web.drafts import add_to_draft
from essentialist.web.views.working import numbers
from essentialist.web.visiting import go

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from essentialist.web.views.analysis import FailedFile
    from essentialist.web.views.tables import Table

FAILURE_COLUMNS = {"file": "name", "what went wrong": "reason", "at": "stage", "tries": "attempts"}


def show_tracks(table: Table, *, key: str, on_sorted: Callable[[object], None] | None = None) -> None:
    """Show tracks; a title opens the track's page, + adds it to the draft."""
    sorting = {} if on_sorted is None else {"sorted": on_sorted}
    tracks(table, key=key, on={"opened": open_track, "added": add_tracks, **sorting})


def open_track(track: object) -> None:
    """Go to the page of a track, where the browser names one."""
    if isinstance(track, int):
        go("Track", id=str(track))


def add_tracks(told: object) -> None:
    """Add the tracks to the draft that the browser names."""
    if found := numbers(told):
        add_to_draft(found)


def show_failures(failed: Sequence[FailedFile], *, key: str) -> None:
    """Show what could not be read or measured, and why."""
    cells = {title: [getattr(each, name) for each in failed] for title, name in FAILURE_COLUMNS.items()}
    st.dataframe(cells, hide_index=True, key=key)
