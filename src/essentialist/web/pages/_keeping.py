"""Below a draft: keep it as a recipe, and take it along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.errors import EssentialistError
from essentialist.web.pages._taking import taking_along
from essentialist.web.views import shelf
from essentialist.web.views.taking import take_of
from essentialist.web.views.texts import plain

if TYPE_CHECKING:
    from essentialist.web.studio import Studio
    from essentialist.web.views.drafts import Draft


def keeping(studio: Studio, draft: Draft) -> None:
    """Show the two buttons."""
    with st.container(horizontal=True):
        if not studio.options.read_only:
            with st.popover("Save", icon=":material/save:", key="build.save"):
                _save(studio, draft)
        if st.button("Export", key="build.take", icon=":material/download:"):
            taking_along(take_of(draft))


def _save(studio: Studio, draft: Draft) -> None:
    name = st.text_input("Name", value=draft.title[:60], max_chars=100, key="build.save.name")
    kinds = {"recipe": "The recipe: made again when it is refreshed", "listed": "Just these tracks"}
    kind = "listed"
    if draft.recipe is not None:
        kind = st.radio("What is kept", list(kinds), format_func=kinds.get, key="build.save.kind")
    force = st.checkbox("Replace one of this name", key="build.save.force")
    if st.button("Save", key="build.save.now", type="primary", disabled=not name.strip()):
        try:
            path = shelf.save(studio, name, draft, as_listed=kind == "listed", force=force)
            st.toast(f"Saved as {plain(path.stem)}: it is on the page Playlists.", icon=":material/check:")
        except EssentialistError as error:
            st.caption(f":material/error: {plain(str(error))}")
