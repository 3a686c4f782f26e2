"""What stands in a zip beside the sound: the entry of a file, and the list that names them all."""

from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist.exports import m3u8
from essentialist.locations import Locations
from essentialist.playlist import Playlist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.copying import Item

EARLIEST: Final = 315_619_200.0  # s since 1970: 1980-01-02, for zips know no time before 1980


def entry_of(item: Item) -> zipfile.ZipInfo:
    """A file's name and time in the zip; nothing is packed."""
    return zipfile.ZipInfo(item.target, time.localtime(max(EARLIEST, item.mtime_ns / 1e9))[:6])


def list_of(title: str, items: Sequence[Item]) -> bytes:
    """The list as it lies beside the files."""
    here = Path("/")
    tracks = tuple(replace(item.track, path=here / item.target) for item in items)
    return m3u8.render(Playlist(title, tracks), Locations("relative", here)).content
