"""The player in the bar at the bottom: it belongs to the browser, which keeps the queue; pages give it commands."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.components import component

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.web.studio import Studio
    from essentialist.web.views.songs import Song

_player = component("player", "sound", "memory", "system", "keys", "waveform", "queue")
_COMMAND = "player.command"


def player(studio: Studio) -> None:
    """Place the player; once a page, below everything else."""
    options = studio.options
    data = {
        "command": st.session_state.get(_COMMAND),
        "library": options.library_name,
        "keeps_history": not options.read_only,
        "previews": options.previews,
    }
    _player(key="player", data=data)


def play(songs: Sequence[Song], place: int = 0) -> None:
    """Have the browser play these, from one place on; what is clicked inside a component plays without asking."""
    st.session_state[_COMMAND] = {"number": secrets.token_urlsafe(8), "songs": list(songs), "place": place}
