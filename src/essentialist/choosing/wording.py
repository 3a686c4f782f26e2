"""Values in the words of a reason: "3:07", "2026-01-31", "124", "0.62"."""

from __future__ import annotations

import time
from typing import Final

from essentialist.human import minutes

LENGTHS: Final = frozenset({"duration"})
MOMENTS: Final = frozenset({"added", "played"})


def worded(field: str, value: object) -> str:
    """Say a value of a field: numbers as precisely as one hears, lengths in minutes, moments as local dates."""
    if value is None or value == "":
        return "unknown"
    if not isinstance(value, int | float):
        return str(value)
    if field in LENGTHS:
        return minutes(value)
    if field in MOMENTS:
        return time.strftime("%Y-%m-%d", time.localtime(value))
    return f"{value:.0f}" if abs(value) >= 20 or isinstance(value, int) else f"{value:.2g}"
