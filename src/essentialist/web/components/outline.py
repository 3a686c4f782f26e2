"""The outline of a track's sound, large: ▶, and a click or a key goes to any place of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.web.components import component

if TYPE_CHECKING:
    from essentialist.web.options import Previews
    from essentialist.web.views.songs import Song

_outline = component("outline", "waveform")


def outline(song: Song, *, has_outline: bool, previews: Previews, key: str) -> None:
    """Show it; of clips, and where nothing is heard, it can only be looked at."""
    data = {"song": song, "has_outline": has_outline, "can_hear": previews != "none", "can_seek": previews == "full"}
    _outline(key=key, data=data)
