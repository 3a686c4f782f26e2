"""A folder chosen level by level among those that the studio may use, to be listened to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.pages._progress import is_busy
from essentialist.web.pages._steps import step_button
from essentialist.web.views import doing, folders
from essentialist.web.views.texts import plain, readable

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.web.studio import Studio


def show_folder(studio: Studio) -> None:
    """Choose a folder, level by level, and start."""
    roots = folders.allowed(studio.options.music, studio.library.catalog.roots())
    st.header("Listen to a folder")
    if not roots:
        st.write("No folder is open to this studio. Start it with one:")
        st.code("essentialist web --music ~/Music", language=None, wrap_lines=True)
        return
    root = st.selectbox("Folder", roots, format_func=lambda folder: readable(folder.name), key="analysis.root")
    if not root.is_dir():
        st.write("This folder is not there now: connect the disk or the network share.")
        return
    chosen = folders.below(root, _chosen_below(root))
    again = st.checkbox("Try files again that failed before", key="analysis.again")
    step_button(
        "Start",
        "analysis.start",
        lambda: doing.listen(studio, chosen, again=again),
        type="primary",
        icon=":material/play_arrow:",
        disabled=is_busy(),
    )


def _chosen_below(root: Path) -> list[str]:
    names: list[str] = []
    while inside := folders.within(folders.below(root, names)):
        label = f"Only a part of {names[-1] if names else root.name}"
        name = st.selectbox(
            plain(label),
            inside,
            index=None,
            placeholder="All of it",
            format_func=readable,
            key=f"analysis.below.{root}.{'/'.join(names)}",
        )
        if name is None:
            break
        names.append(name)
    return names
