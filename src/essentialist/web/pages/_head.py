"""What stands above the page of a track: its cover and texts, what can be done with it, and its outline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from essentialist.web.components.cover import cover
from essentialist.web.components.outline import outline
from essentialist.web.drafts import add_to_draft
from essentialist.web.views.texts import plain
from essentialist.web.views.track import judge, masthead

if TYPE_CHECKING:
    from essentialist.track import Track
    from essentialist.web.studio import Studio

JUDGEMENTS: Final = (
    (True, "Like", "Liked", ":material/thumb_up:", "The query liked:yes finds it."),
    (False, "Dislike", "Disliked", ":material/thumb_down:", "No playlist takes it any more."),
)


def show_head(studio: Studio, track: Track) -> None:
    """Show it."""
    head, previews = masthead(studio.library, track), studio.options.previews
    with st.container(horizontal=True, key="track.head"):
        cover(track.id, track.album, key="track.cover")
        with st.container(width="stretch", gap="xsmall"):
            st.title(plain(head.title), anchor=False)
            st.caption(plain(head.line))
            with st.container(horizontal=True):
                icon = ":material/add:"
                st.button("Add to the draft", key="track.add", icon=icon, on_click=add_to_draft, args=([track.id],))
                if not studio.options.read_only:
                    _judging(studio, track)
    outline(head.song, has_outline=head.has_outline, previews=previews, key="track.outline")
    if previews == "clips":
        st.caption("The outline is of the whole track, of which a part is heard here.")


def _judging(studio: Studio, track: Track) -> None:
    """Like or dislike; pressed again, it is taken back."""
    for liked, offer, done, icon, effect in JUDGEMENTS:
        is_so = track.liked == ("yes" if liked else "no")
        st.button(
            done if is_so else offer,
            key=f"track.{offer.lower()}",
            icon=icon,
            type="primary" if is_so else "secondary",
            help=f"{effect} Press again to take it back." if is_so else effect,
            on_click=judge,
            args=(studio, track, None if is_so else liked),
        )
