"""What the library holds, at a glance, and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.components import charts
from essentialist.web.pages import Page
from essentialist.web.pages._empty import nothing_yet, to_analysis
from essentialist.web.pages._tables import show_failures, show_tracks
from essentialist.web.studio import current
from essentialist.web.views.lacking import lacking
from essentialist.web.views.overview import overview
from essentialist.web.views.tables import table
from essentialist.web.views.texts import plain
from essentialist.web.views.troubles import troubles
from essentialist.web.visiting import can_go, go

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.web.collection import Collection
    from essentialist.web.studio import Studio
    from essentialist.web.views.overview import Overview
    from essentialist.web.views.troubles import Copies

N_LATEST = 15
N_COPIES = 50


def show() -> None:
    """Show counts, how everything is spread, what is not as it should be, and the tracks added last."""
    studio = current()
    st.title("Library")
    here = studio.collection()
    seen = here.keep("overview", lambda: overview(here.library, here.columns))
    if not seen.n_tracks:
        nothing_yet()
        return
    query = _charts(seen)
    if query is not None and can_go("Explore"):
        go("Explore", q=query)
    _lacking(studio)
    _troubles(here)
    st.header("Added last")
    _latest(studio)


def _charts(seen: Overview) -> str | None:
    """Show them; the query of what was clicked."""
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


def _lacking(studio: Studio) -> None:
    """Say what networks would add, and by which command."""
    lacks = lacking(studio.library.descriptors())
    if not lacks:
        return
    with st.expander(f"What more could be known: {len(lacks)}", icon=":material/neurology:", key="library.lacking"):
        st.caption(
            "These networks are made by the Music Technology Group, not for commercial ends, and are fetched only when"
            " you say so. Nothing that is known is computed again."
        )
        for each in lacks:
            now = "an estimate from tags until now" if each.is_estimate else "not known yet"
            size = f", fetches {each.size}" if each.size else ""
            st.markdown(f"**{plain(each.title)}** · {now}{size}")
            st.code(each.command, language=None, wrap_lines=True)
        to_analysis("library.lacking.go")


def _troubles(here: Collection) -> None:
    """List what could not be read and what is there twice."""
    found = here.keep("troubles", lambda: troubles(here.library))
    if found.failed:
        title = f"Could not be read or measured: {len(found.failed):,}"
        with st.expander(title, icon=":material/error:", key="library.failed"):
            show_failures(found.failed, key="library.failed.files")
            st.code("essentialist analyze --retry-failed", language=None, wrap_lines=True)
            to_analysis("library.failed.go")
    if found.n_gone:
        with st.expander(f"Gone since they were listened to: {found.n_gone:,}", icon=":material/link_off:"):
            st.write(
                "These files were not there at the latest analysis. What was heard of them is kept: connect their disk,"
                " or analyse the folder that they moved to, and they are here again."
            )
            st.code("essentialist analyze", language=None, wrap_lines=True)
            to_analysis("library.gone.go")
    if found.copies:
        _copies(found.copies)


def _copies(copies: Sequence[Copies]) -> None:
    """List them, a row a file."""
    spare = sum(each.spare_mb for each in copies)
    with st.expander(f"There more than once: {len(copies):,}", icon=":material/content_copy:", key="library.copies"):
        size = f"{spare:,.0f} MB" if spare >= 10 else f"{spare:.1f} MB"
        st.caption(f"Files with the same samples; all but one of each take {size}. Nothing is deleted.")
        rows = [(each.title, each.artist, file) for each in copies[:N_COPIES] for file in each.files]
        titles, artists, files = map(list, zip(*rows, strict=True))
        st.dataframe({"title": titles, "artist": artists, "file": files}, hide_index=True, key="library.copies.files")
        st.caption("All of them, and those that are likely the same recording:")
        st.code("essentialist duplicates --likely", language=None, wrap_lines=True)


def _latest(studio: Studio) -> None:
    latest = studio.library.tracks(sort="-added", limit=N_LATEST)
    show_tracks(table("Added last", latest, studio.library.fields()), key="library.added")


PAGE = Page("library", "Library", ":material/library_music:", 1, show)
