"""One track: how it sounds, what is like it, where it leads, and where the numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.errors import PlaylistError, UnknownTrack
from essentialist.web.components import charts
from essentialist.web.pages import Page
from essentialist.web.pages._head import show_head
from essentialist.web.pages._origins import show_origins
from essentialist.web.pages._starts import begin_from
from essentialist.web.pages._tables import show_tracks
from essentialist.web.studio import current
from essentialist.web.views import likeness, sounding
from essentialist.web.views.tables import table
from essentialist.web.views.texts import plain
from essentialist.web.views.track import find, glance, versions
from essentialist.web.visiting import go

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.track import Track
    from essentialist.web.studio import Studio

N_SIMILAR = 10
WAYS_ON = {  # ways of choosing that begin from a track
    "similar": ("More like this", ":material/graphic_eq:"),
    "path": ("A path from here", ":material/route:"),
    "flow": ("A flow from here", ":material/air:"),
}


def show() -> None:
    """Show the track that the address names."""
    studio = current()
    track = find(studio.library, st.query_params.get("id"))
    if track is None:
        _nothing()
        return
    show_head(studio, track)
    query = _sound(studio, track)
    if query is not None:
        go("Explore", q=query)
    _similar(studio, track)
    show_origins(studio, track)


def _nothing() -> None:
    st.title("No such track")
    st.write("The address names no track of this library; it may have been deleted or moved since.")
    if st.button("Look for it in Explore", key="track.explore", icon=":material/explore:"):
        go("Explore")


def _sound(studio: Studio, track: Track) -> str | None:
    """Show how it sounds; the query of what was clicked."""
    here, descriptors = studio.collection(), studio.library.descriptors()
    traits = sounding.traits(track, here.columns, here.fields, descriptors)
    told = sounding.labels(track, here.fields, descriptors)
    asked = charts.figures(glance(track, here.fields, told), key="track.figures")
    st.header("How it sounds", help="Each bar is the place among all tracks of this library.")
    if not track.values:
        st.write("Nothing was measured of it. What failed, if anything, is told at the end of this page.")
    return charts.sounding(traits, told, key="track.sounding") or asked


def _similar(studio: Studio, track: Track) -> None:
    st.header("Similar tracks")
    by = st.segmented_control(
        "Alike in", list(likeness.WAYS), default="sound", format_func=likeness.WAYS.__getitem__, key="track.by"
    )
    try:
        near = likeness.similar(studio.collection(), track.id, by or "sound", N_SIMILAR)
    except (UnknownTrack, PlaylistError) as error:
        st.caption(plain(str(error)))
    else:
        _table(studio, "Similar tracks", [each.track for each in near], key="track.similar")
    with st.container(horizontal=True):
        for way, (label, icon) in WAYS_ON.items():
            if st.button(
                label, key=f"track.build.{way}", icon=icon, help="Goes to the page Build, beginning from this track"
            ):
                begin_from(studio, way, track)
    others = versions(studio.library, studio.columns(), track)
    if others:
        st.header("Other versions of it")
        _table(studio, "Other versions", others, key="track.versions")


def _table(studio: Studio, label: str, shown: Sequence[Track], *, key: str) -> None:
    show_tracks(table(label, shown, studio.library.fields()), key=key)


PAGE = Page("track", "Track", ":material/music_note:", 9, show, in_menu=False)
