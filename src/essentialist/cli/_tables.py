"""The layout of tables: as wide as they need, or as a terminal has room for; no blanks at the end of a line."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Only text gives way on a narrow terminal: cut, or folded if it `wraps`, down to `least` cells. Then columns with a
    `rank` are left out, the highest first.
    """

    heading: str
    is_number: bool = False
    wraps: bool = False
    least: int = 12
    rank: int = 0


def lines(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int | None) -> Iterator[str]:
    """The lines of a table, the headings first; `width` None is without limit."""
    widths = [
        max(map(cell_len, (column.heading, *(row[place] for row in rows)))) for place, column in enumerate(columns)
    ]
    shown = list(range(len(columns)))
    if width is not None:
        shown = with_room(columns, widths, width)
        widths = narrowed(columns, widths, shown, width)
    for row in ([column.heading for column in columns], *rows):
        parts = [
            textwrap.wrap(row[place], widths[place]) if columns[place].wraps else [cut(row[place], widths[place])]
            for place in shown
        ]
        for pieces in zip_longest(*parts, fillvalue=""):
            aligned = (
                pad(piece, widths[place], right=columns[place].is_number)
                for place, piece in zip(shown, pieces, strict=True)
            )
            yield GAP.join(aligned).rstrip()


def with_room(columns: Sequence[Column], widths: Sequence[int], width: int) -> list[int]:
    """The places of the columns that are shown: as many as have room when text is cut as far as it may be."""
    shown = list(range(len(columns)))

    def needed() -> int:
        least = (widths[at] if columns[at].is_number else min(widths[at], columns[at].least) for at in shown)
        return sum(least) + len(GAP) * (len(shown) - 1)

    while needed() > width and any(columns[place].rank for place in shown):
        shown.remove(max(shown, key=lambda place: columns[place].rank))
    return shown


def narrowed(columns: Sequence[Column], widths: Sequence[int], shown: Sequence[int], width: int) -> list[int]:
    """The widths with room for all that is shown: the widest text gives way first."""
    room, narrow = width - len(GAP) * (len(shown) - 1), list(widths)
    while sum(narrow[place] for place in shown) > room:
        text = [place for place in shown if not columns[place].is_number and narrow[place] > columns[place].least]
        if not text:
            break
        widest = max(text, key=lambda place: narrow[place])
        narrow[widest] -= 1
    return narrow


def cut(text: str, width: int) -> str:
    """Text in at most so many cells."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def pad(text: str, width: int, *, right: bool) -> str:
    """Text in so many cells, at the right or left of them."""
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks
