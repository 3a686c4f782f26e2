"""What tracks are sorted by, wherever they are sorted: in the catalogue by SQL, in a playlist by Python."""

from __future__ import annotations

import os

from essentialist import camelot
from essentialist.text import fold


def sort_key(field: str, value: object) -> float | str | None:
    """Numbers by size, texts as people look them up (see `fold`), Camelot codes round the wheel; None for no value.

    Values of one field compare with each other. The catalogue has this as the SQL function `sort_key`.
    """
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not value or not isinstance(value, str | bytes):
        return None
    if field == "camelot" and isinstance(value, str):
        hour = camelot.parse(value)
        return None if hour is None else float(hour.index)
    return fold(value)
