"""The card of a saved playlist: hear it, change it, refresh it, take it along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.errors import EssentialistError
from essentialist.web import drafts
from essentialist.web.components.glance import glance
from essentialist.web.pages._refreshing import refreshing
from essentialist.web.pages._starts import open_recipe
from essentialist.web.pages._taking import taking_along
from essentialist.web.telling import tell
from essentialist.web.views import shelf
from essentialist.web.views.drafts import Draft
from essentialist.web.views.listing import MOST_SHOWN, line
from essentialist.web.views.taking import Take
from essentialist.web.views.texts import plain
from essentialist.web.visiting import go

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.recipes.shelf import Shelved
    from essentialist.web.studio import Studio

_STRUCK = "playlists.struck"


def card(studio: Studio, each: Shelved) -> None:
    """Show a recipe; one that cannot be read says why."""
    st.markdown(f"## {plain(each.title)}")
    if each.problem is not None:
        tell(each.problem)
        return
    st.caption(plain(each.about) or shelf.kept_on(each))
    tracks = shelf.last_made(studio, each.name)
    glance(each.title, [line(Draft(), track) for track in tracks[:MOST_SHOWN]], key=f"playlists.play.{each.name}")
    with st.container(horizontal=True):
        title, icon = ("Show tracks", "list") if studio.options.read_only else ("Edit", "edit")
        if st.button(title, key=f"playlists.edit.{each.name}", icon=f":material/{icon}:"):
            _edit(studio, each)
        if studio.has_files and st.button("Refresh", key=f"playlists.refresh.{each.name}", icon=":material/refresh:"):
            refreshing(each.name)
        if st.button("Export", key=f"playlists.take.{each.name}", icon=":material/download:"):
            taking_along(Take(each.name))
        if not studio.options.read_only:
            with st.popover("More", key=f"playlists.more.{each.name}"):
                _more(studio, each)


def _edit(studio: Studio, each: Shelved) -> None:
    """Go to the page Build with the form as the recipe says, and its tracks as the draft."""
    if open_recipe(studio, each.name):
        tracks = shelf.last_made(studio, each.name)
        here = drafts.desk()
        here.change(Draft(each.title, tuple(track.id for track in tracks), recipe=here.base))
    go("Build")


def _more(studio: Studio, each: Shelved) -> None:
    name = st.text_input("Name", value=each.title, max_chars=100, key=f"playlists.name.{each.name}")
    if st.button("Rename", key=f"playlists.rename.{each.name}", disabled=name.strip() in {"", each.title}):
        _trying(lambda: shelf.rename(studio, each.name, name))
    if st.button("Delete", key=f"playlists.delete.{each.name}", icon=":material/delete:"):
        _trying(lambda: st.session_state.update({_STRUCK: shelf.delete(studio, each.name)}))


def put_back(studio: Studio) -> None:
    """Offer to put back what was deleted last."""
    struck = st.session_state.get(_STRUCK)
    if struck is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.write(f"{plain(struck.name)} is deleted.")
        if st.button("Undo", key="playlists.undo", icon=":material/undo:"):
            _trying(lambda: _put_back(studio, struck))


def _put_back(studio: Studio, struck: shelf.Struck) -> None:
    del st.session_state[_STRUCK]  # should another have its name by now, it is offered once
    shelf.put_back(studio, struck)


def _trying(step: Callable[[], object]) -> None:
    """Take a step and show the page anew; what is wrong with it is told in its place."""
    try:
        step()
    except EssentialistError as error:
        tell(error)
        return
    st.rerun()
