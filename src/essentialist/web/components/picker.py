"""Choose tracks by typing: found as one types, heard before they are taken."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from essentialist.web.components import component
from essentialist.web.views.building import Chosen
from essentialist.web.views.songs import song

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from essentialist.track import Track

_picker = component("picker")
MOST = 50  # tracks
HEAVIEST = 9.0


def picker(
    label: str,
    chosen: Sequence[Chosen],
    tracks: Mapping[int, Track],
    *,
    key: str,
    on_picked: Callable[[tuple[Chosen, ...]], None],
    many: bool = True,
) -> None:
    """Show what is chosen, among `tracks` by id; `on_picked` gets what is chosen then, before the page runs again."""
    there = [each for each in chosen if each.id in tracks]
    _picker(
        key=key,
        data={
            "label": label,
            "many": many,
            "chosen": [{"song": song(tracks[each.id]), "weight": each.weight} for each in there],
        },
        on_picked_change=lambda: on_picked(read(st.session_state[key].get("picked"), many=many)),
    )


def read(picked: Any, *, many: bool) -> tuple[Chosen, ...]:
    """What the browser says is chosen, as far as it makes sense; the last one where only one can be."""
    found = []
    for each in picked if isinstance(picked, list) else []:
        track_id, weight = (each.get("id"), each.get("weight")) if isinstance(each, dict) else (None, None)
        if type(track_id) is int and isinstance(weight, int | float) and math.isfinite(weight) and weight > 0:
            found.append(Chosen(track_id, min(float(weight), HEAVIEST)))
    once = tuple({each.id: each for each in found}.values())[:MOST]
    return once if many else once[-1:]
