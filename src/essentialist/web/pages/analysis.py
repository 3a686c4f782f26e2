"""Have music listened to: folders, progress, what failed, and networks that answer more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.human import counted
from essentialist.web.pages import Page
from essentialist.web.pages._listening import show_folder
from essentialist.web.pages._networks import show_networks
from essentialist.web.pages._progress import is_busy, show_progress
from essentialist.web.pages._steps import step_button
from essentialist.web.pages._tables import show_failures
from essentialist.web.studio import current
from essentialist.web.views import analysis, doing

if TYPE_CHECKING:
    from essentialist.web.studio import Studio


def show() -> None:
    """Show what goes on, and what can be started."""
    studio = current()
    st.title("Analysis")
    st.caption("Every track is listened to once. What was heard is kept; a run can be paused and goes on where it was.")
    with st.container(border=True):
        show_progress()
    with st.container(border=True):
        show_folder(studio)
    with st.container(border=True):
        _clips(studio)
    _failures(studio)
    show_networks(studio)


def _clips(studio: Studio) -> None:
    st.header("Clips")
    st.caption(
        "A clip is the 30 seconds that speak for a track. With clips the studio can be heard where the music is not:"
        " started with `--previews clips`, or published."
    )
    seen = doing.clipped(studio.library.catalog)
    st.write(f"{seen.n_clips:,} of {counted(seen.n_tracks, 'track')} have one.")
    step_button(
        "Make clips",
        "analysis.clips",
        lambda: doing.make_clips(studio),
        icon=":material/content_cut:",
        disabled=is_busy() or seen.n_clips == seen.n_tracks,
    )


def _failures(studio: Studio) -> None:
    catalog = studio.library.catalog
    failed = analysis.failed_files(catalog.failures(), catalog.roots())
    with st.expander(f"Files that could not be read or measured: {len(failed):,}", key="analysis.failures"):
        if not failed:
            st.write("None.")
            return
        show_failures(failed, key="analysis.failed")
        step_button(
            "Try them again",
            "analysis.retry",
            lambda: doing.retry(studio),
            icon=":material/refresh:",
            disabled=is_busy(),
        )


PAGE = Page("analysis", "Analysis", ":material/graphic_eq:", 6, show, changes=True)
