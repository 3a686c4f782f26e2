"""A playlist at a glance: ▶, how many tracks and how long, and the curve of tempo and energy."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from essentialist.web.components import component

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.web.views.listing import Line

_glance = component("glance", "curve")


def glance(title: str, lines: Sequence[Line], *, key: str) -> None:
    """Show a playlist; ▶ plays it from the first track on."""
    _glance(key=key, data={"title": title, "lines": [asdict(each) for each in lines]})
