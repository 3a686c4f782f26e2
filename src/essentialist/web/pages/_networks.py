"""Networks that answer more, which a visitor may fetch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.pages._progress import is_busy
from essentialist.web.pages._steps import step_button
from essentialist.web.views import analysis, doing

if TYPE_CHECKING:
    from essentialist.web.studio import Studio


def show_networks(studio: Studio) -> None:
    """List them, each with its licence and a button."""
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
                    disabled=is_busy(),
                )
