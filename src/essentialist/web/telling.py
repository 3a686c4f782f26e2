"""What goes wrong on a page is told in its place; of what comes from outside, nothing is Markdown."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import streamlit as st

from essentialist.errors import CatalogError, EssentialistError
from essentialist.web.studio import current
from essentialist.web.views.texts import plain

if TYPE_CHECKING:
    from collections.abc import Iterator


UNREADABLE: Final = "The catalogue cannot be read now."


@contextmanager
def telling() -> Iterator[None]:
    """Tell an error of ours; around the page, and around each part that Streamlit runs alone, without the page."""
    try:
        yield
    except EssentialistError as error:
        is_secret = isinstance(error, CatalogError) and current().options.read_only  # where it lies
        st.error(UNREADABLE if is_secret else plain(str(error)), icon=":material/error:")


def tell(problem: object) -> None:
    """Tell what is wrong with a part, beside it."""
    st.caption(f":material/error: {plain(str(problem))}")


def tell_in_passing(problem: object) -> None:
    """Tell it in a toast, for a step that has no place of its own."""
    st.toast(plain(str(problem)), icon=":material/error:")
