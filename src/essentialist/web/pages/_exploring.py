"""What a visitor does on the page Explore: each deed makes another address, and the page follows from the address."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from essentialist.errors import EssentialistError
from essentialist.web.studio import current
from essentialist.web.telling import tell_in_passing
from essentialist.web.views.explore import said, turned
from essentialist.web.views.lasso import polygon
from essentialist.web.views.mapping import redrawn
from essentialist.web.views.state import State

QUERY = "explore.query"
START = "explore.start"
_SAID = "explore.said"
_MISSAID = "explore.missaid"


def now() -> State:
    """The state in the address."""
    return State.of(st.query_params.to_dict())


def become(state: State) -> None:
    """Put another state into the address."""
    st.query_params.from_dict(state.address())
    st.session_state.pop(_SAID, None)
    st.session_state.pop(_MISSAID, None)


def write() -> None:
    """Take what was written into the query's field; what cannot be understood stays there, with the reason."""
    text = st.session_state[QUERY]
    try:
        meant = said(current().collection(), text)
    except EssentialistError as error:
        st.session_state[_MISSAID] = (text, str(error))
        return
    become(now().asking(meant.query))
    st.session_state[_SAID] = meant.lines


def written(query: str) -> tuple[str, str]:
    """What stands in the query's field, and what is wrong with it."""
    text, problem = st.session_state.get(_MISSAID, (query, ""))
    return str(text), str(problem)


def understood() -> tuple[str, ...]:
    """How the last plain words were understood."""
    return tuple(st.session_state.get(_SAID, ()))


def turn(change: object) -> None:
    """Take what was turned or chosen among the facets."""
    try:
        become(turned(current().collection(), now(), change))
    except EssentialistError as error:
        tell_in_passing(error)


def start_from(query: str) -> None:
    """Take the query of a preset."""
    become(now().asking(query))


def clear() -> None:
    """Ask for everything again; the map stays as it is."""
    become(now().asking("").encircling(()).looking_at(""))


def turn_page(pager: str) -> None:
    """Go to another page of the table."""
    become(replace(now(), page=int(st.session_state[pager])))


def sort(field: object) -> None:
    """Sort by another field, from the first page on."""
    if isinstance(field, str):
        become(replace(now(), sort=field, page=1))


def encircle(corners: object) -> None:
    """Keep what lies in a polygon on the map, or all of it again."""
    become(now().encircling(polygon(corners)))


def look_at(only: object) -> None:
    """Look at one class of the map's colours, or at all again."""
    if isinstance(only, str):
        become(now().looking_at(only))


def draw(choices: object) -> None:
    """Draw the map by other axes or in other colours."""
    match choices:
        case {"x": str(x), "y": str(y), "colour": str(colour)}:
            become(redrawn(current().collection(), now(), x, y, colour))
