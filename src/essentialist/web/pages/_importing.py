"""A playlist file of elsewhere: what of it is in the library, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.errors import EssentialistError
from essentialist.playlist_files.reading import suffixes
from essentialist.web import drafts
from essentialist.web.options import MOST_MEGABYTES
from essentialist.web.telling import tell
from essentialist.web.views import importing as files
from essentialist.web.views import shelf
from essentialist.web.views.texts import readable

if TYPE_CHECKING:
    from essentialist.playlist_files.matching import Matched
    from essentialist.web.studio import Studio


def importing(studio: Studio) -> None:
    """Take a file, and show what it means here."""
    with st.expander("Bring in a playlist file", key="importing", icon=":material/upload_file:"):
        file = st.file_uploader(
            "A playlist of any player",
            type=list(suffixes()),
            max_upload_size=MOST_MEGABYTES,
            key="importing.file",
        )
        if file is None:
            return
        try:
            _found(studio, files.matched(studio, file.name, file.getvalue()))
        except EssentialistError as error:
            tell(error)


def _found(studio: Studio, matched: Matched) -> None:
    st.write(f"{len(matched.matches) - len(matched.unknown):,} of {len(matched.matches):,} entries are in the library.")
    if matched.unknown:
        st.caption("Not in the library:")
        st.dataframe(
            {"entry": [readable(text) for text in files.unknown(matched)]}, hide_index=True, key="importing.unknown"
        )
    if not matched.tracks:
        return
    with st.container(horizontal=True):
        ids, icon = [track.id for track in matched.tracks], ":material/playlist_add:"
        st.button("Add to the draft", key="importing.add", icon=icon, on_click=drafts.add_to_draft, args=(ids,))
        if st.button("Save as a playlist", key="importing.save", icon=":material/save:"):
            shelf.keep(studio, matched.title, shelf.listed(matched.title, matched.tracks), files.playlist(matched))
            st.rerun()
