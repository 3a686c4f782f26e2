"""The map of all tracks, in the browser: it fetches the points once and gets a bit a track when the filters change."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from essentialist.web.components import component, listeners

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.web.views.mapping import Choices, Map

_map = component("map", "adding", "map_points", "map_drawing", "map_gestures")


def show_map(shown: Map | None, choices: Choices, *, key: str, on: Mapping[str, Callable[[object], None]]) -> None:
    """Show the map. `on` says who is told of "lasso", "only", "drawn", "opened" and "added" before the next run."""
    _map(key=key, data={"map": shown and asdict(shown), "choices": asdict(choices)}, **listeners(key, on))
