"""At the end of a track's page: the files that hold it, and what its numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from essentialist.web.views import origins
from essentialist.web.views.texts import plain

if TYPE_CHECKING:
    from essentialist.track import Track
    from essentialist.web.studio import Studio


def show_origins(studio: Studio, track: Track) -> None:
    """Show both, folded away."""
    catalog = studio.library.catalog
    files = origins.places(catalog, track.id, track.duration)
    with st.expander(f"Files of this recording: {len(files)}", icon=":material/audio_file:", key="track.files"):
        if len(files) > 1:
            st.caption("They hold the same samples, so they are one track here. The first is the one that is played.")
        for each in files:
            st.markdown(
                f"**{plain(each.name)}**  \n{plain(' · '.join(filter(None, (each.folder, each.format, each.size))))}"
            )
    sources = origins.sources(catalog, track.id, studio.library.descriptors())
    with st.expander("Where the numbers come from", icon=":material/science:", key="track.origins"):
        if not sources:
            st.write("Nothing was computed of it yet: analyse its folder.")
            st.code("essentialist analyze", language=None, wrap_lines=True)
        for source in sources:
            heard = f"heard {source.heard}" if source.heard else ""
            said = "; ".join(filter(None, (source.source, heard, source.remark)))
            st.markdown(f"**{plain(source.titles)}**  \n{plain(said)}")
