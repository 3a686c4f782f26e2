"""Playlists that are there already: which files they name, whoever wrote them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from essentialist.errors import ExportError, PlaylistError
from essentialist.exports import Exporter, exporter_for, exporters

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 64 * 1024 * 1024


def read_playlist(path: Path) -> tuple[str, ...]:
    """List what the entries of a playlist name: paths, relative ones from its folder, and addresses of the web.

    Raises PlaylistError for a file that cannot be read or is no playlist.
    """
    exporter = _format(path)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise PlaylistError(f"Cannot read the playlist {path}: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise PlaylistError(f"{path} is far too long for a playlist. Name another file.")
    try:
        return tuple(entry.location for entry in exporter.read(content, path.absolute().parent))
    except ExportError as error:
        raise PlaylistError(f"{path} cannot be read as a playlist: {error}.") from error


def _format(path: Path) -> Exporter:
    try:
        exporter = exporter_for(path)
    except ExportError:
        exporter = None
    if not isinstance(exporter, Exporter):
        suffixes = ", ".join(sorted(each.suffix for each in exporters()))
        raise PlaylistError(f"{os.fspath(path)} is no playlist that can be read. Give one that ends in {suffixes}.")
    return exporter
