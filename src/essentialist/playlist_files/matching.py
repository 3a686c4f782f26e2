"""Find the tracks that the entries of a playlist mean: by path, else by the tail of the path, else by tags.

    path    a file of the collection
    sound   a file that is not there any more, whose recording moved to another one
    name    the most folder names in common, from the file upwards; case, Unicode forms and the suffix do not count
    tags    artist and title, first as they are, then as versions of one recording (`versions`)

A wrong track is worse than none: a name that fits two recordings equally well fits none, a bare file name has to be
the only one of its kind and of something like the length that the entry gives, and "Track 01" is no name at all.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from essentialist.files.naming import complete
from essentialist.files.sniff import has_audio_extension
from essentialist.playlist_files.places import Place, place_of
from essentialist.text import fold
from essentialist.track import Tags, Track
from essentialist.versions import recording_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from essentialist.catalogue.catalog import Catalog
    from essentialist.exports import Entry
    from essentialist.playlist_files import PlaylistFile

By = Literal["path", "sound", "name", "tags"]

FILES: Final = (
    "SELECT root.path AS root, file.path, track_id FROM file JOIN root ON root.id = root_id WHERE NOT missing"
)
CLOSE_S: Final = 3.0  # by which two lengths of one recording differ at most
_NAMELESS: Final = re.compile(r"(?:audio|track|title|untitled|unknown)?[\W\d_]*")


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


@dataclass(frozen=True, slots=True)
class _Named:
    """A file that is there, as it is looked for by name."""

    track_id: int
    names: tuple[str, ...]
    suffix: str


class Collection:
    """The tracks of a catalogue, as entries of playlists name them."""

    def __init__(self, catalog: Catalog) -> None:
        self.tracks: Mapping[int, Track] = {track.id: track for track in catalog.tracks()}
        self._at: dict[str, int] = {}
        self._former: dict[str, int] = {}
        with catalog.reading() as db:
            self.roots = tuple(os.fsdecode(row["path"]) for row in db.execute("SELECT path FROM root ORDER BY path"))
            real = {root: os.path.realpath(root) for root in self.roots}
            for row in db.execute(FILES):
                root, path = os.fsdecode(row["root"]), os.fsdecode(row["path"])
                self._at[os.path.join(root, path)] = self._at[os.path.join(real[root], path)] = row["track_id"]
            for row in db.execute("SELECT path, track.id FROM former JOIN track USING (fingerprint)"):
                self._former[os.fsdecode(row["path"])] = row["id"]

    def match(self, file: PlaylistFile) -> Matched:
        """What each entry of a playlist means."""
        return Matched(file, tuple(self.find(entry, file.folder) for entry in file.entries))

    def find(self, entry: Entry, folder: Path = Path("/")) -> Match:
        """What an entry means; no file is looked at, only the links in its path."""
        place = place_of(entry.location, folder) if entry.location else None
        for by, track_id in self._ways(entry, place):
            track = self.tracks.get(track_id) if track_id is not None else None
            if track is not None:
                return Match(entry, track, by)
        return Match(entry)

    def at(self, path: str) -> Track | None:
        """The track that a file holds, also when symbolic links lead to it."""
        plain = os.path.realpath(path) if ".." in path.split("/") else os.path.normpath(path)
        track_id = self._at.get(plain)
        if track_id is None:
            track_id = self._at.get(os.path.realpath(path))
        return None if track_id is None else self.tracks.get(track_id)

    def _ways(self, entry: Entry, place: Place | None) -> Iterable[tuple[By, int | None]]:
        """The ways to find it, one after the other, each tried when those before found nothing."""
        if place is not None:
            for path in place.paths:
                found = self.at(path)
                yield "path", found.id if found else None
            for path in place.paths:
                yield "sound", self._former.get(os.path.normpath(path))
            for names in place.tails:
                yield "name", self._by_name(names, entry, least=2 if place.kind == "address" else 1)
        yield "tags", self._by_tags(entry, place)

    def _by_name(self, names: Sequence[str], entry: Entry, least: int) -> int | None:
        sought = _named(0, names)
        alike = [(_in_common(sought.names, each.names), each) for each in self._names.get(sought.names[:1], ())]
        most = max((n for n, _ in alike), default=0)
        best = [each for n, each in alike if n == most]
        ids = {each.track_id for each in best}
        if len(ids) > 1:
            ids = {each.track_id for each in best if each.suffix == sought.suffix}
        if len(ids) != 1 or most < least:
            return None
        (track_id,) = ids
        if most == 1 and not self._is_likely(entry, sought.names[0], self.tracks[track_id]):
            return None
        return track_id

    def _is_likely(self, entry: Entry, stem: str, track: Track) -> bool:
        """Whether a track is meant with which only the file's name is in common."""
        if _NAMELESS.fullmatch(stem) or _differ(entry.duration, track.duration):
            return False
        return not entry.title or fold(entry.title) == fold(track.title) or fold(entry.title) in fold(stem)

    def _by_tags(self, entry: Entry, place: Place | None) -> int | None:
        """By what the entry says; what it does not say, its path may."""
        names = "/".join(place.tails[-1][-3:]) if place and place.tails else ""
        said = Tags(entry.title or None, entry.artist or None, album=entry.album or None)
        for tags in (said, complete(said, names)) if names else (said,):
            meant = Track(0, Path(), tags.title or "", tags.artist or "", album=tags.album or "")
            if not meant.artist or not meant.title:
                continue
            exact, versions = self._tags
            found = exact.get((fold(meant.artist), fold(meant.title))) or versions.get(recording_key(meant), [])
            if found:
                return min(found, key=lambda track: _unlike(track, meant, entry.duration)).id
        return None

    @cached_property
    def _names(self) -> Mapping[tuple[str, ...], Sequence[_Named]]:
        """The files that are there by the folded stem of their names."""
        known: defaultdict[tuple[str, ...], list[_Named]] = defaultdict(list)
        for path, track_id in self._at.items():
            if track_id in self.tracks:
                named = _named(track_id, path.split("/"))
                known[named.names[:1]].append(named)
        return known

    @cached_property
    def _tags(self) -> tuple[Mapping[tuple[str, str], list[Track]], Mapping[Hashable, list[Track]]]:
        """The tracks by artist and title, as they are and as versions."""
        exact: defaultdict[tuple[str, str], list[Track]] = defaultdict(list)
        versions: defaultdict[Hashable, list[Track]] = defaultdict(list)
        for track in self.tracks.values():
            exact[fold(track.artist), fold(track.title)].append(track)
            versions[recording_key(track)].append(track)
        return exact, versions


def _named(track_id: int, path: Sequence[str]) -> _Named:
    """A path's names from the file upwards, folded; the file's without a suffix of audio."""
    *folders, file = path or ("",)
    stem, dot, suffix = file.rpartition(".")
    if not (stem and dot and has_audio_extension(file)):
        stem, suffix = file, ""
    return _Named(track_id, tuple(map(_folded, (stem, *reversed(folders)))), suffix.lower())


def _folded(name: str) -> str:
    """A name without case and Unicode form."""
    return (
        name.lower() if name.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
    )


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _differ(seconds: float | None, other: float | None) -> bool:
    return seconds is not None and other is not None and abs(seconds - other) > CLOSE_S


def _unlike(track: Track, meant: Track, seconds: float | None) -> tuple[bool, float]:
    """How badly a track of the right tags fits: the same album first, then the nearest length."""
    apart = 0.0 if seconds is None or track.duration is None else abs(seconds - track.duration)
    return fold(track.album) != fold(meant.album), apart
