"""The cover of a track."""

from __future__ import annotations

from essentialist.web.components import component

_cover = component("cover")


def cover(track_id: int, album: str, *, key: str) -> None:
    """Show it, or a note where there is none."""
    _cover(key=key, data={"id": track_id, "label": f"Cover of {album}" if album else "Cover"}, width="content")
