"""The dialog that takes a playlist along: format, player, paths, a look at the first lines, and the way to a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from essentialist.human import counted
from essentialist.profiles import GENERIC, PROFILES
from essentialist.web.components.link import link
from essentialist.web.components.memo import memo
from essentialist.web.studio import current
from essentialist.web.telling import telling
from essentialist.web.views import copies, folders, taking
from essentialist.web.views.texts import plain, readable

if TYPE_CHECKING:
    from essentialist.playlist import Playlist
    from essentialist.web.studio import Studio
    from essentialist.web.views.taking import Take

LOOKED_AT = 1_000  # tracks of what was found, which may be everything
_MAPS = "taking.maps"


@st.dialog("Export", width="medium")
@telling()
def taking_along(take: Take) -> None:
    """Show what can be taken along, and how."""
    studio = current()
    playlist = taking.playlist_of(studio, take, most=LOOKED_AT)
    n_tracks = taking.number_of(studio, take, playlist)
    st.caption(plain(f"{playlist.title}: {counted(n_tracks, 'track')}"))
    as_list, as_files = st.tabs(["The list", "With the audio files"])
    with as_list, telling():
        _list(studio, take, playlist)
    with as_files, telling():
        if n_tracks > len(playlist.tracks):
            st.caption(f"At most {LOOKED_AT:,} files are taken along at once. Find fewer of them.")
        else:
            _files(studio, take, playlist)


def _list(studio: Studio, take: Take, playlist: Playlist) -> None:
    take = _without_places(studio, take) if studio.options.read_only else _spelled(studio, take)
    found = taking.taken(studio, take, playlist)
    st.code(found.first_lines, language=None, wrap_lines=True)
    for each in found.left_out[:5]:
        st.caption(plain(f"left out: {each}"))
    link(f"Download {take.file_name}", take.address, key="taking.download")


def _without_places(studio: Studio, take: Take) -> Take:
    st.caption("Paths start from the music folder.")
    return replace(take, suffix=_format(studio, take))


def _spelled(studio: Studio, take: Take) -> Take:
    left, right = st.columns(2)
    names = {each.name: f"{each.name}: {each.about}" for each in PROFILES.values()}
    player = left.selectbox("For", list(names), format_func=lambda each: names[each], key="taking.player")
    paths = right.selectbox(
        "Paths", list(taking.PATHS), format_func=lambda each: taking.PATHS[each], key="taking.paths"
    )
    suffix = _format(studio, take) if player == GENERIC else PROFILES[player].suffix
    return replace(take, player=player, suffix=suffix, paths=paths, maps=_maps(studio))


def _format(studio: Studio, take: Take) -> str:
    formats = taking.formats(studio)
    usual = list(formats).index(take.suffix)
    return st.selectbox(
        "Format",
        list(formats),
        usual,
        format_func=lambda each: f"{formats[each]} ({each})",
        key="taking.format",
    )


def _maps(studio: Studio) -> tuple[str, ...]:
    """Where the music folders are on the visitor's device; the browser remembers it."""
    names = [f"{number} {Path(each).name}" for number, each in enumerate(studio.library.catalog.roots())]
    keys = {name: f"taking.map.{name}" for name in names}
    told = memo("maps", st.session_state.get(_MAPS))
    if _MAPS not in st.session_state and told:
        st.session_state[_MAPS] = told
        st.session_state.update({keys[name]: told[name] for name in names if name in told})

    def store() -> None:
        st.session_state[_MAPS] = {name: st.session_state[key].strip() for name, key in keys.items()}

    with st.expander("Where is this library on your device?", key="taking.where"):
        st.caption("Leave empty where the list is used on this computer, or lies in the music folder.")
        for name, key in keys.items():
            label = plain(name.partition(" ")[2])
            st.text_input(label, placeholder=r"D:\Music or /sdcard/Music", max_chars=500, key=key, on_change=store)
    given = {name: str(st.session_state[key]).strip() for name, key in keys.items()}
    return tuple(f"{number}={given[name]}" for number, name in enumerate(names) if given[name])


def _files(studio: Studio, take: Take, playlist: Playlist) -> None:
    packed = taking.packing(studio, playlist)
    size = sum(item.size for item in packed.items)
    st.write(f"{counted(len(packed.items), 'file')}, {copies.bytes_in_words(size)}, numbered in the order of play.")
    if packed.missing:
        st.caption(f"{len(packed.missing):,} files are not there any more and are left out.")
    if packed.outside:
        st.caption(f"{len(packed.outside):,} files lead out of the music folders and are left out.")
    link("Download as a zip", replace(take, suffix=".zip").address, key="taking.zip")
    if not studio.options.copies:
        st.caption("To copy to a folder of this computer, start the studio with `--copy-to FOLDER`.")
        return
    allowed = folders.allowed(studio.options.copies, ())
    root = st.selectbox("Folder", allowed, format_func=lambda each: readable(each.name), key="taking.root")
    inside = folders.within(folders.below(root, []))
    name = st.selectbox(
        "In it", inside, index=None, placeholder="the folder itself", format_func=readable, key="taking.below"
    )
    if st.button("Copy", key="taking.copy", icon=":material/folder_copy:"):
        copies.start(studio, playlist, root, [name] if name else [])
        st.toast("It is being copied; the page Analysis shows when it ends.")
