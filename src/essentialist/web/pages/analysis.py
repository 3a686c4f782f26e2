"""Have music listened to: folders, progress, what failed, and networks that answer more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from essentialist.human import counted
from essentialist.web.pages import Page
from essentialist.web.pages._steps import step_button
from essentialist.web.pages._tables import show_failures
from essentialist.web.studio import current
from essentialist.web.telling import telling
from essentialist.web.views import analysis, doing, folders
from essentialist.web.views.texts import plain, readable

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.web.studio import Studio

EVERY_S = 2.0  # between looks at what goes on
_BUSY = "analysis.busy"


def show() -> None:
    """Show what goes on, and what can be started."""
    studio = current()
    st.title("Analysis")
    st.caption("Every track is listened to once. What was heard is kept; a run can be paused and goes on where it was.")
    with st.container(border=True):
        _progress()
    with st.container(border=True):
        _folder(studio)
    with st.container(border=True):
        _clips(studio)
    _failures(studio)
    _networks(studio)


@st.fragment(run_every=EVERY_S)
@telling()
def _progress() -> None:
    studio = current()
    seen = doing.doing(studio)
    if st.session_state.get(_BUSY, False) != seen.is_running:  # the rest of the page shows other numbers now
        st.session_state[_BUSY] = seen.is_running
        st.rerun()
    if seen.share is None:
        st.write(plain(seen.words))
    else:
        st.progress(seen.share, text=plain(seen.words))
    if seen.now:
        st.caption("Now: " + ", ".join(map(plain, seen.now)))
    if seen.problem:
        st.code(seen.problem, language=None, wrap_lines=True)
    if seen.is_running and not seen.is_ours:
        st.caption("It was started elsewhere, and is stopped there.")
    with st.container(horizontal=True):
        if seen.is_ours:
            step_button("Pause", "analysis.pause", lambda: doing.stop(studio, pause=True), icon=":material/pause:")
            step_button("Stop", "analysis.stop", lambda: doing.stop(studio, pause=False), icon=":material/stop:")
            st.caption("Either way the tracks in work are finished first.")
        if seen.can_go_on:
            step_button("Go on", "analysis.go_on", lambda: doing.go_on(studio), icon=":material/play_arrow:")


def _folder(studio: Studio) -> None:
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
        disabled=_is_busy(),
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
        disabled=_is_busy() or seen.n_clips == seen.n_tracks,
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
            disabled=_is_busy(),
        )


def _networks(studio: Studio) -> None:
    with st.expander("Networks that answer more", key="analysis.networks"):
        st.caption(
            "Made by the Music Technology Group, not for commercial ends; each is fetched once, if you agree to its"
            " licence. Start an analysis then: it completes what is known, and listens only to what it must."
        )
        for network in analysis.networks():
            what, fetch = st.columns([4, 1], vertical_alignment="center")
            about = " · ".join(filter(None, (network.gives, network.size, network.licence)))
            what.markdown(f"**{network.title}**  \n{about}")
            with fetch:
                if network.is_here:
                    st.write("is here")
                    continue
                step_button(
                    "Agree and fetch",
                    f"analysis.fetch.{network.name}",
                    partial(doing.fetch, studio, network),
                    disabled=_is_busy(),
                )


def _is_busy() -> bool:
    return bool(st.session_state.get(_BUSY))


PAGE = Page("analysis", "Analysis", ":material/graphic_eq:", 6, show, changes=True)
