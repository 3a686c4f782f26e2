"""Where a playlist can begin from: presets and recipes, as cards that fill the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.playlists import way_of
from essentialist.recipes.recipe import Recipe
from essentialist.web import drafts
from essentialist.web.pages._form import ask
from essentialist.web.pages._generating import changed, trying
from essentialist.web.views import shelf
from essentialist.web.views.building import Asked, asked_by, asked_from
from essentialist.web.views.drafts import Draft
from essentialist.web.views.forms import choices
from essentialist.web.views.texts import plain
from essentialist.web.visiting import go

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.recipes.shelf import Shelved
    from essentialist.track import Track
    from essentialist.web.studio import Studio


def starts(studio: Studio, generate: Callable[[], None]) -> None:
    """Show the cards, folded away; one that is chosen fills the form and makes the draft."""
    with st.expander("Begin with a preset", key="build.presets", icon=":material/auto_awesome:"):
        for each in (*shelf.own(studio), *shelf.presets(studio)):
            if each.problem is None:
                _card(studio, each, generate)
    base = drafts.desk().base
    if base != Recipe():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Begun with {plain(base.title)}.")
            st.button("Start afresh", key="build.afresh", type="tertiary", on_click=_afresh)


def begin_from(studio: Studio, way: str, track: Track) -> None:
    """Fill the form by a way that begins from a track, and go there; the draft follows where nothing is lost by it."""
    drafts.desk().base = Recipe()
    ask(asked_from(way, track))
    changed(studio)
    go("Build")


def _afresh() -> None:
    drafts.desk().base = Recipe()
    ask(Asked())


def _card(studio: Studio, each: Shelved, generate: Callable[[], None]) -> None:
    def begin() -> None:
        if open_recipe(studio, each.name):
            generate()

    what, use = st.columns([4, 1], vertical_alignment="center")
    what.markdown(f"**{plain(each.title)}**  \n{plain(each.about)}")
    use.button("Use", key=f"build.use.{each.name}", on_click=trying, args=(begin,))


def open_recipe(studio: Studio, name: str) -> bool:
    """Fill the form by a recipe, if a form can say it; else its tracks become the draft, and the form is empty."""
    recipe = shelf.read(studio, name)
    if way_of(recipe.choose).name in choices():
        drafts.desk().base = recipe
        ask(asked_by(recipe))
        return True
    _afresh()
    drafts.desk().change(Draft(recipe.title, tuple(track.id for track in shelf.tracks_of(studio, name))))
    return False
