"""Have music listened to: folders, progress, what failed, and networks that answer more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.runs import jobs
from essentialist.web.pages import Page
from essentialist.web.pages._tables import show_failures
from essentialist.web.studio import current
from essentialist.web.views import analysis, folders
from essentialist.web.views.texts import plain, readable

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.web.studio import Studio

EVERY_S = 2.0  # between looks at an analysis under way


def show() -> None:
    """Show how the analysis goes, and what can be started."""
    studio = current()
    st.title("Analysis")
    st.caption("Every track is listened to once. What was heard is kept; a run can be paused and goes on where it was.")
    with st.container(border=True):
        _progress()
    with st.container(border=True):
        _folder(studio)
    _failures(studio)
    _networks(studio)


@st.fragment(run_every=EVERY_S)
def _progress() -> None:
    studio = current()
    job, chore = jobs.latest(studio.library.catalog), studio.chores.latest()
    is_ours = chore is not None and chore.code is None
    if job is not None and job.is_running:
        seen = analysis.running(job)
        st.progress(seen.share, text=seen.words)
        st.caption("Now: " + ", ".join(map(plain, seen.now)) if seen.now else "Looking for what is new …")
        if not is_ours:
            st.caption("It was started elsewhere, and is stopped there.")
    elif is_ours and chore is not None:
        st.progress(0.0, text=f"{plain(chore.title)} begins …")
    else:
        st.write(analysis.ended(job) if job else "Nothing was listened to yet. Choose a folder below and start.")
    if chore is not None and chore.code not in {None, 0}:
        st.error("It ended with an error. What it said:")
        st.code(analysis.unplaced(chore.said, studio.library.catalog.roots()), language=None, wrap_lines=True)
    if is_ours and st.button("Pause", key="analysis.pause", icon=":material/pause:"):
        studio.chores.stop()
        st.toast("It finishes the tracks in work, then pauses. Start goes on from there.")


def _folder(studio: Studio) -> None:
    """Choose a folder, level by level, and start."""
    roots = folders.allowed(studio.options.music, studio.library.catalog.roots())
    st.header("Listen to a folder")
    if not roots:
        st.write("No folder is open to this studio. Start it with one:")
        st.code("essentialist web --music ~/Music", language=None, wrap_lines=True)
        return
    root = st.selectbox("Folder", roots, format_func=lambda folder: readable(folder.name), key="analysis.root")
    names = _chosen_below(root)
    chosen = folders.below(root, names)
    again = st.checkbox("Try files again that failed before", key="analysis.again")
    if st.button("Start", key="analysis.start", type="primary", icon=":material/play_arrow:"):
        options = ["--retry-failed"] if again else []
        studio.chores.start(f"Listening to {chosen.name}", ["analyze", *options, "--", str(chosen)])
        st.toast("It begins. Finished tracks appear in the other pages at once.")


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


def _failures(studio: Studio) -> None:
    catalog = studio.library.catalog
    failed = analysis.failed_files(catalog.failures(), catalog.roots())
    with st.expander(f"Files that could not be read or measured: {len(failed):,}", key="analysis.failures"):
        if not failed:
            st.write("None.")
            return
        show_failures(failed, key="analysis.failed")


def _networks(studio: Studio) -> None:
    with st.expander("Networks that answer more", key="analysis.networks"):
        st.caption("Made by the Music Technology Group, not for commercial ends; each is fetched once, if you agree.")
        for network in analysis.networks():
            what, fetch = st.columns([4, 1], vertical_alignment="center")
            what.markdown(f"**{network.title}**  \n{network.gives} · {network.size} · {network.licence}")
            if network.is_here:
                fetch.write("is here")
            elif fetch.button("Agree and fetch", key=f"analysis.fetch.{network.name}"):
                studio.chores.start(f"Fetching {network.title}", ["models", "pull", network.name, "--yes"])


PAGE = Page("analysis", "Analysis", ":material/graphic_eq:", 6, show, changes=True)
