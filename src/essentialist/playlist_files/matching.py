"""Find the tracks that the entries of a playlist mean: by path, else by the tail of the path, else by tags.

    path    a file of the collection
    sound   a file that is not there any more, whose recording moved to another one
    name    the most folder names in common, from the file upwards; case, Unicode forms and the suffix do not count
    tags    artist and title, first as they are, then as versions of one recording (`versions`)

A wrong track is worse than none, see `index`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from essentialist.files.naming import complete
from essentialist.playlist_files.index import Index, unlike
from essentialist.playlist_files.places import Place, place_of
from essentialist.track import Tags, Track

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from essentialist.catalogue.catalog import Catalog
    from essentialist.exports import Entry
    from essentialist.playlist_files import PlaylistFile

By = Literal["path", "sound", "name", "tags"]

FILES: Final = (
    "SELECT root.path AS root, file.path, track_id FROM file JOIN root ON root.id = root_id"
    " WHERE NOT missing AND track_id IN (SELECT id FROM listing)"
)
FORMER: Final = (
    "SELECT path, track.id FROM former JOIN track USING (fingerprint) WHERE track.id IN (SELECT id FROM listing)"
)
TAGGED: Final = "SELECT id, title, artist, album, duration FROM listing"


@dataclass(frozen=True, slots=True)
class Meant:
    """The id of the track that an entry means, and by what it was found."""

    track_id: int
    by: By


@dataclass(frozen=True, slots=True)
class Match:
    """An entry, and the track that it means and by what; neither where the collection has none."""

    entry: Entry
    track: Track | None = None
    by: By | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """A playlist file, and what each of its entries means."""

    file: PlaylistFile
    matches: tuple[Match, ...]

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that were found, in order, once each."""
        found = [match.track for match in self.matches if match.track]
        return tuple({track.id: track for track in found}.values())

    @property
    def unknown(self) -> tuple[Entry, ...]:
        """The entries that mean no track of the collection."""
        return tuple(match.entry for match in self.matches if match.track is None)

    @property
    def title(self) -> str:
        """What the list calls itself, else the name of its file."""
        return self.file.title or self.file.path.stem


class Collection:
    """The tracks of a catalogue, as entries of playlists name them: paths first, tags when they are not enough."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._at: dict[str, int] = {}
        self._former: dict[str, int] = {}
        with catalog.reading() as db:
            self.roots = tuple(os.fsdecode(row["path"]) for row in db.execute("SELECT path FROM root ORDER BY path"))
            real = {root: os.path.realpath(root) for root in self.roots}
            for row in db.execute(FILES):
                root, path = os.fsdecode(row["root"]), os.fsdecode(row["path"])
                self._at[os.path.join(root, path)] = self._at[os.path.join(real[root], path)] = row["track_id"]
            for row in db.execute(FORMER):
                self._former[os.fsdecode(row["path"])] = row["id"]

    def match(self, file: PlaylistFile) -> Matched:
        """What each entry of a playlist means."""
        return Matched(file, self.matches(file.entries, file.folder))

    def matches(self, entries: Sequence[Entry], folder: Path = Path("/")) -> tuple[Match, ...]:
        """What entries of a playlist in this folder mean, with the tracks as they are in the catalogue now."""
        found = [self.meant(entry, folder) for entry in entries]
        tracks = self._catalog.with_ids(list({meant.track_id for meant in found if meant}))
        return tuple(
            Match(entry, tracks[meant.track_id], meant.by) if meant and meant.track_id in tracks else Match(entry)
            for entry, meant in zip(entries, found, strict=True)
        )

    def meant(self, entry: Entry, folder: Path = Path("/")) -> Meant | None:
        """What an entry means, None for no track; no file is looked at, only the links in its path."""
        place = place_of(entry.location, folder) if entry.location else None
        ways = self._ways(entry, place)
        return next((Meant(track_id, by) for by, track_id in ways if track_id is not None), None)

    def at(self, path: str) -> int | None:
        """The id of the track that a file holds, also when symbolic links lead to it."""
        plain = os.path.realpath(path) if ".." in path.split("/") else os.path.normpath(path)
        track_id = self._at.get(plain)
        return self._at.get(os.path.realpath(path)) if track_id is None else track_id

    @cached_property
    def _index(self) -> Index:
        """The tracks by names and tags; of 100,000 it takes a second, and most lists are found by path."""
        with self._catalog.reading() as db:
            tracks = {
                track_id: Track(track_id, Path(), title, artist, album=album, duration=duration)
                for track_id, title, artist, album, duration in db.execute(TAGGED)
            }
        return Index(tracks, self._at.items())

    def _ways(self, entry: Entry, place: Place | None) -> Iterable[tuple[By, int | None]]:
        """The ways to find it, one after the other, each tried when those before found nothing."""
        if place is not None:
            for path in place.paths:
                yield "path", self.at(path)
            for path in place.paths:
                yield "sound", self._former.get(os.path.normpath(path))
            for names in place.tails:
                named = self._index.named(names, entry, least=2 if place.kind == "address" else 1)
                yield "name", named.id if named else None
        yield "tags", self._by_tags(entry, place)

    def _by_tags(self, entry: Entry, place: Place | None) -> int | None:
        """By what the entry says; what it does not say, its path may."""
        names = "/".join(place.tails[-1][-3:]) if place and place.tails else ""
        said = Tags(entry.title or None, entry.artist or None, album=entry.album or None)
        for tags in (said, complete(said, names)) if names else (said,):
            found = self._index.tagged(tags)
            if found:
                return min(found, key=lambda track: unlike(track, tags.album or "", entry.duration)).id
        return None
