"""The studio's pages: one file a page, and here the contract that they keep.

A page is thin: it asks `views` for what it shows and places widgets and components. Dropping a file with a `PAGE` in
this folder adds it to the menu.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from essentialist import registry

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its `name` in the address, its title and icon, its place in the menu (the first is shown at the start).

    A page that only `changes` things is not shown in a read-only studio; one that is not `in_menu` is reached by links.
    """

    name: str
    title: str
    icon: str
    place: int
    show: Callable[[], None]
    changes: bool = False
    in_menu: bool = True


@cache
def pages() -> tuple[Page, ...]:
    """Every page of this folder, in the order of the menu."""
    return tuple(sorted(registry.entries(sys.modules[__name__], "PAGE", Page), key=attrgetter("place")))
