"""Covers that lie beside tracks, for formats that can name a picture; none is taken out of a file or asked for."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.playlist import Playlist

NAMES: Final = ("cover", "folder", "front", "albumart", "album")  # the likeliest first
PICTURE: Final = re.compile(rf"({'|'.join(NAMES)})\.(?:jpe?g|png|webp)", re.IGNORECASE)


def with_covers(playlist: Playlist) -> Playlist:
    """Note which folders of the tracks have a cover."""
    found = {folder: cover_in(folder) for folder in {track.path.parent for track in playlist.tracks}}
    return replace(playlist, covers={folder: cover for folder, cover in found.items() if cover})


def cover_in(folder: Path) -> Path | None:
    """The likeliest cover of a folder."""
    try:
        with os.scandir(folder) as entries:
            found = [entry.name for entry in entries if PICTURE.fullmatch(entry.name) and entry.is_file()]
    except OSError:
        return None
    return folder / min(found, key=likelihood) if found else None


def likelihood(name: str) -> tuple[int, str]:
    """How early a name comes."""
    return NAMES.index(name.rpartition(".")[0].lower()), name
