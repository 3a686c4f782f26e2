"""One track: how it sounds, what is like it, a way from it to another, and where the numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.errors import PlaylistError, UnknownTrack
from essentialist.web.components.player import play
from essentialist.web.drafts import add_to_draft
from essentialist.web.pages import Page
from essentialist.web.pages._tables import show_tracks
from essentialist.web.studio import current
from essentialist.web.views import likeness, origins, paths, sounding
from essentialist.web.views.songs import song, songs
from essentialist.web.views.tables import table
from essentialist.web.views.texts import plain
from essentialist.web.views.track import find, masthead, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.track import Track
    from essentialist.web.studio import Studio

N_SIMILAR = 10
LENGTHS = (5, 40, 12)  # tracks of a path: least, most, usual


def show() -> None:
    """Show the track that the address names."""
    studio = current()
    track = find(studio.library, st.query_params.get("id"))
    if track is None:
        st.title("No such track")
        st.write("The address names no track of this library; it may have been deleted since.")
        return
    _masthead(studio, track)
    _sound(studio, track)
    _similar(studio, track)
    _path(studio, track)
    _origins(studio, track)


def _masthead(studio: Studio, track: Track) -> None:
    head = masthead(studio.library, track)
    st.title(plain(track.title), anchor=False)
    st.caption(plain(" · ".join(text for text in (track.artist, head.line) if text)))
    with st.container(horizontal=True):
        if st.button("Play", key="track.play", type="primary", icon=":material/play_arrow:"):
            play([song(track)])
        if st.button("Add to the draft", key="track.add", icon=":material/add:"):
            add_to_draft([track.id])
        if not studio.options.read_only:
            for label, liked in (("Like", True), ("Dislike", False)):
                if st.button(label, key=f"track.{label.lower()}", disabled=track.liked == ("yes" if liked else "no")):
                    studio.options.check_changes()
                    studio.library.judge(track, liked=liked)
                    st.rerun()


def _sound(studio: Studio, track: Track) -> None:
    columns, fields = studio.columns(), studio.library.fields()
    descriptors = studio.library.descriptors()
    st.header("How it sounds", help="Each bar is the place among all tracks of this library.")
    places = st.columns(2, gap="large")
    for number, trait in enumerate(sounding.traits(track, columns, fields, descriptors)):
        estimate = ", an estimate" if trait.is_estimate else ""
        words = f"**{plain(trait.title)}** · {plain(trait.value)} · {trait.words}{estimate}"
        places[number % 2].progress(trait.percentile / 100, text=words)
    for told in sounding.labels(track, fields, descriptors):
        chips = " · ".join(f"{plain(each.name)} {each.probability:.0%}" for each in told.labels)
        st.markdown(f"**{plain(told.title)}**{' (estimates)' if told.is_estimate else ''}: {chips}")


def _similar(studio: Studio, track: Track) -> None:
    st.header("Similar tracks")
    by = st.segmented_control(
        "Alike in", list(likeness.WAYS), default="sound", format_func=likeness.WAYS.__getitem__, key="track.by"
    )
    try:
        near = likeness.similar(studio.collection(), track.id, by or "sound", N_SIMILAR)
    except (UnknownTrack, PlaylistError) as error:
        st.caption(plain(str(error)))
        return
    _table(studio, "Similar tracks", [each.track for each in near], key="track.similar")
    others = versions(studio.library, studio.columns(), track)
    if others:
        st.caption("Other versions of it")
        _table(studio, "Other versions", others, key="track.versions")


def _path(studio: Studio, track: Track) -> None:
    st.header("A path from here")
    text = st.text_input("To a track", placeholder="Words of its title or artist", key="track.to")
    ends = paths.found(studio.library, text, track.id) if text else ()
    if text and not ends:
        st.caption("No track has these words.")
    if not ends:
        return
    end = st.selectbox("Which one", ends, format_func=lambda each: f"{each.title} · {each.artist}", key="track.end")
    n_tracks = st.slider("Tracks", *LENGTHS, key="track.steps")
    try:
        made = paths.path(studio.library, track, end, n_tracks)
    except (UnknownTrack, PlaylistError) as error:
        st.caption(plain(str(error)))
        return
    if st.button("Play the path", key="track.path.play", icon=":material/play_arrow:"):
        play(songs(made.tracks))
    _table(studio, "The path", made.tracks, key="track.path")


def _origins(studio: Studio, track: Track) -> None:
    with st.expander("Where the numbers come from", key="track.origins"):
        for each in origins.sources(studio.library.catalog, track.id, studio.library.descriptors()):
            parts = [each.source, each.heard, each.remark]
            st.markdown(f"**{plain(each.titles)}**: {plain('; '.join(part for part in parts if part))}")
        for place in origins.places(studio.library.catalog, track.id, track.duration):
            st.caption(plain(" · ".join(part for part in (place.folder, place.name, place.format, place.size) if part)))


def _table(studio: Studio, label: str, shown: Sequence[Track], *, key: str) -> None:
    show_tracks(table(label, shown, studio.library.fields()), key=key)


PAGE = Page("track", "Track", ":material/music_note:", 9, show, in_menu=False)
