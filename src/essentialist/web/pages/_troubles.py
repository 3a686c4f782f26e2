"""What in a library is not as it should be: files that could not be read, that are gone, and that are there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from essentialist.web.pages._empty import to_analysis
from essentialist.web.pages._tables import show_failures
from essentialist.web.views.troubles import troubles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.web.collection import Collection
    from essentialist.web.views.troubles import Copies

N_COPIES: Final = 50


def show_troubles(here: Collection) -> None:
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
