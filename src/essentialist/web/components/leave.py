"""The way out of a studio with a password."""

from __future__ import annotations

from essentialist.web.components import component

_leave = component("leave")


def leave() -> None:
    """Place a button that logs this browser out."""
    _leave(key="leave")
