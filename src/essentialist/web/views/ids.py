"""Ids of tracks as addresses and browsers tell them: hostile texts, of which only numbers come through."""

from __future__ import annotations

from typing import Final

MOST_DIGITS: Final = 18  # whatever they are, SQLite holds the number


def read_id(text: str) -> int | None:
    """The id that a text says, None for a text that says none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def read_ids(text: str) -> tuple[int, ...]:
    """The ids that a text says, parted by commas, in their order; what is none is passed over."""
    found = (read_id(each) for each in text.split(","))
    return tuple(each for each in found if each is not None)
