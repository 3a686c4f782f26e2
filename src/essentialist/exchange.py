"""Playlist files of anybody: a part of the Python API, see `library`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.playlist_files.checking import Checked, check
from essentialist.playlist_files.matching import Collection, Matched
from essentialist.playlist_files.mending import Repaired, repair
from essentialist.playlist_files.reading import read_playlist

if TYPE_CHECKING:
    import os

    from essentialist.catalogue.catalog import Catalog
    from essentialist.track import Track


class Exchange:
    """A catalogue that understands playlists of elsewhere."""

    catalog: Catalog

    def match(self, *playlists: str | os.PathLike[str]) -> tuple[Matched, ...]:
        """Find the tracks that the entries of playlist files mean, see `playlist_files.matching`.

        Raises PlaylistError for a file that cannot be read as a playlist.
        """
        files = [read_playlist(Path(each).expanduser()) for each in playlists]
        collection = Collection(self.catalog)
        return tuple(collection.match(file) for file in files)

    def listed(self, playlist: str | os.PathLike[str]) -> tuple[Track, ...]:
        """The tracks that a playlist file means, once each; what is not in the collection is left out.

        Raises PlaylistError for a file that cannot be read as a playlist.
        """
        (matched,) = self.match(playlist)
        return matched.tracks

    def check(self, *playlists: str | os.PathLike[str]) -> tuple[Checked, ...]:
        """Follow every entry of playlist files, whoever wrote them; see `playlist_files.checking`.

        Raises PlaylistError for a file that cannot be read as a playlist.
        """
        files = [read_playlist(Path(each).expanduser()) for each in playlists]
        collection = Collection(self.catalog)
        return tuple(check(file, collection) for file in files)

    def repair(self, *playlists: str | os.PathLike[str], dry_run: bool = False) -> tuple[Repaired, ...]:
        """Point entries that do not open to the tracks that they mean; see `playlist_files.mending`.

        Raises PlaylistError for a file that cannot be read or kept as it is, ExportError where one cannot be written.
        """
        files = [read_playlist(Path(each).expanduser()) for each in playlists]
        collection = Collection(self.catalog)
        return tuple(repair(file, collection, dry_run=dry_run) for file in files)
