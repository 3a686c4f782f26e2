"""What the studio does now: how far it is, pause, stop, and go on."""

from __future__ import annotations

from typing import Final

import streamlit as st

from essentialist.web.pages._steps import step_button
from essentialist.web.studio import current
from essentialist.web.telling import telling
from essentialist.web.views import doing
from essentialist.web.views.texts import plain

EVERY_S: Final = 2.0  # between looks at what goes on
_BUSY: Final = "analysis.busy"


@st.fragment(run_every=EVERY_S)
@telling()
def show_progress() -> None:
    """Show how far it is, every two seconds, and what can be done about it."""
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


def is_busy() -> bool:
    """Whether something goes on, so that nothing else can be started."""
    return bool(st.session_state.get(_BUSY))
