"""Covers that lie beside tracks, for formats that can name a picture; none is taken out of a file or asked for."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.files.covers import beside

if TYPE_CHECKING:
    from essentialist.playlist import Playlist


def with_covers(playlist: Playlist) -> Playlist:
    """Note the likeliest cover in each folder of the tracks."""
    one_of_each = {os.path.dirname(track.path): track.path for track in playlist.tracks}
    found = ((folder, next(filter(Path.is_file, beside(path)), None)) for folder, path in one_of_each.items())
    return replace(playlist, covers={folder: cover for folder, cover in found if cover is not None})
