"""Covers that lie beside tracks, for formats that can name a picture; none is taken out of a file or asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from essentialist.files.covers import beside

if TYPE_CHECKING:
    from essentialist.playlist import Playlist


def with_covers(playlist: Playlist) -> Playlist:
    """Note the likeliest cover in each folder of the tracks."""
    one_of_each = {track.path.parent: track.path for track in playlist.tracks}
    found = {
        folder: next((each for each in beside(path) if each.is_file()), None) for folder, path in one_of_each.items()
    }
    return replace(playlist, covers={folder: cover for folder, cover in found.items() if cover is not None})
