"""What the library holds, as cards: counts, moods, keys, kinds of music, and how every number is spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.components import charts

if TYPE_CHECKING:
    from essentialist.web.views.overview import Overview


def show_overview(seen: Overview) -> str | None:
    """Show it; the query of what was clicked."""
    asked = [charts.figures(seen.figures, key="library.figures")]
    moods, keys = st.columns(2, gap="medium")
    if seen.moods:
        with moods.container(border=True, height="stretch"):
            st.header("Moods", help="Valence (sad to happy) and arousal (calm to energetic), as listeners rate them.")
            if seen.moods.is_estimate:
                st.caption("Estimates from tags; how to get more exact ones is told below.")
            asked.append(charts.mood_plane(seen.moods, key="library.moods"))
    if seen.keys:
        with keys.container(border=True, height="stretch"):
            st.header("Keys", help="The Camelot wheel: a key mixes well with its neighbours and with the other ring.")
            asked.append(charts.key_wheel(seen.keys, key="library.keys"))
    if seen.kinds:
        with st.container(border=True):
            asked.append(_kinds(seen))
    st.header("How it sounds")
    st.caption("Each bar leads to its tracks on the page Explore.")
    asked.append(charts.histograms(seen.histograms, key="library.histograms"))
    return next((query for query in asked if query is not None), None)


def _kinds(seen: Overview) -> str | None:
    st.header("Kinds of music")
    titles = {each.field: each.title for each in seen.kinds}
    field = st.segmented_control(
        "Kinds by",
        list(titles),
        default=seen.kinds[0].field,
        format_func=titles.__getitem__,
        key="library.kinds.by",
        label_visibility="collapsed",
    )
    chosen = next((each for each in seen.kinds if each.field == field), seen.kinds[0])
    more = f"; {chosen.n_more:,} smaller ones are not shown" if chosen.n_more else ""
    st.caption(f"{chosen.n_known:,} of {seen.n_tracks:,} tracks have any; a track may be of several{more}.")
    return charts.treemap(chosen, key="library.kinds")
