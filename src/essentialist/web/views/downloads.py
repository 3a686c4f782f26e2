"""Found tracks as a file to take along: a playlist with relative paths, or a table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.exports import exporter_for, table_for
from essentialist.locations import Locations
from essentialist.playlist import Playlist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.descriptors import Descriptor
    from essentialist.track import Track


def playlist_file(title: str, tracks: Sequence[Track]) -> bytes:
    """M3U8 that lies at the top of the music: the folder that all its tracks are in."""
    if not tracks:
        return b"#EXTM3U\n"
    folder = Path(os.path.commonpath([track.path.parent for track in tracks]))
    exporter = exporter_for(Path("list.m3u8"))
    return exporter.render(Playlist(title, tuple(tracks)), Locations("relative", folder)).content  # type: ignore[union-attr]


def table_file(tracks: Sequence[Track], descriptors: Sequence[Descriptor]) -> bytes:
    """CSV of all that is known."""
    return b"".join(table_for("csv").chunks(tracks, descriptors))
