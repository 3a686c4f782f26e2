"""Where a playlist can begin from: presets and recipes, as cards that fill the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web import drafts
from essentialist.web.pages._form import ask
from essentialist.web.views import shelf
from essentialist.web.views.building import asked_by
from essentialist.web.views.texts import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.recipes.shelf import Shelved
    from essentialist.web.studio import Studio


def starts(studio: Studio, generate: Callable[[], None]) -> None:
    """Show the cards, folded away; one that is chosen fills the form and makes the draft."""
    with st.expander("Begin with a preset", key="build.presets", icon=":material/auto_awesome:"):
        for each in (*shelf.own(studio), *shelf.presets(studio)):
            if each.problem is None:
                _card(studio, each, generate)


def _card(studio: Studio, each: Shelved, generate: Callable[[], None]) -> None:
    def begin() -> None:
        open_recipe(studio, each.name)
        generate()

    what, use = st.columns([4, 1], vertical_alignment="center")
    what.markdown(f"**{plain(each.title)}**  \n{plain(each.about)}")
    use.button("Use", key=f"build.use.{each.name}", on_click=begin)


def open_recipe(studio: Studio, name: str) -> None:
    """Fill the form by a recipe."""
    recipe = shelf.read(studio, name)
    drafts.begin_with(recipe)
    ask(asked_by(recipe))
