"""Below a draft: keep it as a recipe, and take it along; how anything is kept as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.errors import EssentialistError
from essentialist.web.pages._taking import taking_along
from essentialist.web.telling import tell
from essentialist.web.views import shelf
from essentialist.web.views.taking import take_of
from essentialist.web.views.texts import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

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
    kinds = {"recipe": "The recipe: made again when it is refreshed", "listed": "Just these tracks"}
    offered = kinds if draft.recipe is not None else {"listed": kinds["listed"]}
    saving(
        draft.title[:60],
        offered,
        lambda name, kind, force: shelf.save(studio, name, draft, as_listed=kind == "listed", force=force),
        key="build.save",
    )


def saving(title: str, kinds: Mapping[str, str], save: Callable[[str, str, bool], Path], *, key: str) -> None:
    """Ask for the name, what is kept, and whether it may replace another, and keep it as a recipe."""
    name = st.text_input("Name", value=title, max_chars=100, key=f"{key}.name")
    kind = next(iter(kinds))
    if len(kinds) > 1:
        kind = st.radio("What is kept", list(kinds), format_func=kinds.get, key=f"{key}.kind")
    else:
        st.caption(kinds[kind])
    force = st.checkbox("Replace one of this name", key=f"{key}.force")
    if st.button("Save", key=f"{key}.now", type="primary"):
        if not name.strip():  # a disabled button would swallow the click that ends the typing
            tell("Give it a name first.")
            return
        try:
            path = save(name, kind, force)
            st.toast(f"Saved as {plain(path.stem)}: it is on the page Playlists.", icon=":material/check:")
        except EssentialistError as error:
            tell(error)
