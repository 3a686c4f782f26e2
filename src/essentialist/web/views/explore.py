"""What the page Explore shows, from its state and the catalogue: found tracks, facets, a page of the table, the map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.errors import QueryError
from essentialist.human import about
from essentialist.query import order, parse, sortable
from essentialist.query.tree import And, Tree
from essentialist.web.views.facets import Ground
from essentialist.web.views.found import Found
from essentialist.web.views.lasso import inside
from essentialist.web.views.mapping import axes_of, colour_of, column, genres, map_of, place
from essentialist.web.views.state import State
from essentialist.web.views.tables import Table, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from essentialist.query import Columns
    from essentialist.track import Track
    from essentialist.web.collection import Collection
    from essentialist.web.views.facets import Facets

EVERYTHING: Final[Tree] = And(())
PAGE: Final = 100  # rows of the table


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What there is to show.

    `state` is the one asked for, its page and order made possible; `problem` says why its query is not understood, and
    all tracks are found then. `ids` are those of all found tracks in their order; `seconds` their length together.
    """

    state: State
    tree: Tree
    problem: str
    columns: Columns
    found: Found
    ids: NDArray[np.int64]
    seconds: float

    @property
    def n_pages(self) -> int:
        """How many pages the table has; one where nothing is found."""
        return max(1, -(-len(self.ids) // PAGE))

    @property
    def count(self) -> str:
        """How many tracks are found, and how long they last."""
        n, n_all = len(self.ids), len(self.columns)
        of_all = "" if n == n_all else f" of {n_all:,}"
        return f"{n:,}{of_all} track{'s' * (n_all != 1)} · {about(self.seconds)}"


def view(here: Collection, state: State) -> View:
    """Find what a state asks for."""
    columns, fields = here.columns, here.fields
    problem, tree = "", EVERYTHING
    try:
        tree = parse(state.query, fields)
    except QueryError as error:
        problem = str(error)
    try:
        state = replace(state, sort=sortable(fields, state.sort) if state.sort else "")
        falling = here.keep(("order", state.sort), lambda: order(columns, state.sort))
    except (QueryError, KeyError):  # the address names a field that is not there
        state, falling = replace(state, sort=""), order(columns)
    found = Found.of(tree, columns, on_map(here, state))
    ids = columns.ids[falling[found.mask[falling]]]
    seconds = float(np.nansum(columns.numbers["duration"][found.mask]))
    shown = View(state, tree, problem, columns, found, ids, seconds)
    return replace(shown, state=replace(state, page=min(state.page, shown.n_pages)))


def on_map(here: Collection, state: State) -> NDArray[np.bool_] | None:
    """What is chosen on the map, by the lasso and as one class of its colour; None where nothing is."""
    within, alike = encircled(here, state), of_class(here, state)
    return within if alike is None else alike if within is None else within & alike


def of_class(here: Collection, state: State) -> NDArray[np.bool_] | None:
    """What is of the one class looked at; None where the colours have no such class."""
    shown = column(here, colour_of(here, state)) if state.only else None
    if shown is None or state.only not in shown.legend:
        return None
    return np.equal(shown.values, shown.legend.index(state.only))


def encircled(here: Collection, state: State) -> NDArray[np.bool_] | None:
    """What lies in the lasso on the map of the state's axes; None where there is no lasso or no such map."""
    if not state.lasso:
        return None
    x, y = (place(here, name) for name in axes_of(here, state))
    return None if x is None or y is None else inside(state.lasso, x.units(), y.units())


def facets(here: Collection, shown: View) -> Facets:
    """The facets with their counts."""
    return ground(here).facets(shown.tree, shown.found.without)


def ground(here: Collection) -> Ground:
    """What of the facets depends on the catalogue alone."""
    return here.keep("facets", lambda: Ground.of(here.columns, here.fields, genres(here)))


def prepare(here: Collection) -> None:
    """Make what the first visitor would wait for."""
    shown = view(here, State())
    facets(here, shown)
    map_of(here, shown.state, shown.found.mask)


def page(here: Collection, shown: View) -> Table:
    """The table's page."""
    first = (shown.state.page - 1) * PAGE
    tracks = tracks_of(here, shown.ids[first : first + PAGE])
    label = f"Tracks, page {shown.state.page} of {shown.n_pages}"
    return table(label, tracks, here.fields, sort=shown.state.sort)


def tracks_of(here: Collection, ids: Sequence[int] | NDArray[np.int64]) -> list[Track]:
    """The tracks with these ids, in their order; those that are gone since are left out."""
    wanted = [int(each) for each in ids]
    known = here.library.catalog.with_ids(wanted)
    return [known[each] for each in wanted if each in known]


def turned(here: Collection, state: State, change: object) -> State:
    """The state after a slider was moved or a chip chosen in the browser; as it was where the change makes no sense.

    Raises QueryError where the query would become too long.
    """
    fields = here.fields
    try:
        tree = parse(state.query, fields)
    except QueryError:
        tree = EVERYTHING
    asked = ground(here).asked(tree, change)
    if asked is None:
        return state
    parse(str(asked), fields)
    return state.asking(str(asked))


@dataclass(frozen=True, slots=True)
class Said:
    """What a visitor wrote, as a query; `lines` say how it was understood, where it was no query itself."""

    query: str
    lines: tuple[str, ...] = ()


def said(here: Collection, text: str) -> Said:
    """Read a query, or plain words. Raises QueryError for a query that cannot be understood."""
    meant = here.library.understand(text.strip())
    tree = parse(meant.query, here.fields)
    return Said(str(tree), meant.lines() if meant.query != text.strip() else ())
