"""What a visitor explores, as the address says it: a query, an order, a page, and the map with what is encircled."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

from essentialist.web.views.lasso import Polygon, polygon_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SOUND: Final = "sound"
"""The axis that stands for the map by sound, which has no other axis."""

KINDS: Final = "kinds"
"""The colour that stands for the kinds of music, as `mixes` tells them."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the page shows follows from this and from the catalogue.

    `query` and `sort` are as the library takes them, `page` counts from 1. `x` and `y` are fields, or `x` is `SOUND`;
    "" leaves the choice to the page, and so does `colour`, a field or `KINDS`. `only` is the one class of that colour
    that is looked at. `lasso` is in the map's units, whose meaning is in the axes.
    """

    query: str = ""
    sort: str = ""
    page: int = 1
    x: str = ""
    y: str = ""
    colour: str = ""
    only: str = ""
    lasso: Polygon = ()

    @classmethod
    def of(cls, address: Mapping[str, str]) -> State:
        """Read an address, which anybody may have written: what makes no sense is as if it were not there."""
        page = address.get("page", "")
        return cls(
            query=address.get("q", ""),
            sort=address.get("sort", ""),
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
            x=address.get("x", ""),
            y=address.get("y", ""),
            colour=address.get("colour", ""),
            only=address.get("only", ""),
            lasso=polygon_of(address.get("lasso", "")),
        )

    def address(self) -> dict[str, str]:
        """The address that is read as this, without what is as usual."""
        usual = State()
        changed = {each.name: getattr(self, each.name) for each in fields(self)}
        changed = {name: value for name, value in changed.items() if value != getattr(usual, name)}
        texts = {name: text_of(value) if name == "lasso" else str(value) for name, value in changed.items()}
        return {"q" if name == "query" else name: text for name, text in texts.items()}

    def asking(self, query: str) -> State:
        """With another query, from its first page on."""
        return replace(self, query=query, page=1)

    def encircling(self, lasso: Polygon) -> State:
        """With what lies in another polygon, from its first page on."""
        return replace(self, lasso=lasso, page=1)

    def looking_at(self, only: str) -> State:
        """With one class of the colour alone, or with all again, from its first page on."""
        return replace(self, only=only, page=1)

    def coloured(self, colour: str) -> State:
        """In another colour, of which no class is chosen yet."""
        return replace(self, colour=colour, only="", page=1)

    def along(self, x: str, y: str) -> State:
        """With other axes; a polygon drawn over the old ones means nothing any more."""
        return replace(self, x=x, y=y, lasso=(), page=1)
