"""A table of tracks in the browser, a page of them at a time."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from essentialist.web.components import component, listeners

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.web.views.tables import Table

_tracks = component("tracks", "adding")


def tracks(table: Table, *, key: str, on: Mapping[str, Callable[[object], None]]) -> None:
    """Show the table; `on` says who is told before the next run.

    An id is "opened", a list of ids "added", and where it can be, it is "sorted" by a field: "bpm", "-bpm".
    """
    data = {**asdict(table), "can_add": "added" in on, "can_sort": "sorted" in on}
    _tracks(key=key, data=data, **listeners(key, on))
