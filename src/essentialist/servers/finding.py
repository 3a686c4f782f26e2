"""Which of a server's tracks our tracks are: by path, else by the tail of the path, else by tags.

    path    the file as the server sees it: mapped, or below its music folder
    name    the most folder names in common, from the file upwards
    tags    artist and title, first as they are, then as versions of one recording

What is found by name or tags must not differ in length by more than 3 s, nor in both artist and title: some servers
make up paths from tags, and "Best/01 Intro" is in many a collection.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from essentialist.errors import Inexpressible
from essentialist.exports import Entry
from essentialist.playlist_files.index import Index, differ, unlike
from essentialist.playlist_files.places import names
from essentialist.text import fold
from essentialist.track import Tags, Track

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from essentialist.locations import PathMapping
    from essentialist.servers import Held

By = Literal["path", "name", "tags"]


@dataclass(frozen=True, slots=True)
class Found:
    """A track of ours, and the one of the server that it is and by what; neither where the server has none."""

    track: Track
    held: Held | None = None
    by: By | None = None


class Shelves:
    """The tracks of a server, to be found by ours.

    `roots` are the folders of the collection, `mappings` folders of this machine and where the server sees them.
    """

    def __init__(self, tracks: Sequence[Held], roots: Sequence[str], mappings: Sequence[PathMapping] = ()) -> None:
        self._tracks = tracks
        self._roots = roots
        self._mappings = mappings
        self._at: defaultdict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(tracks):
            self._at[each.path].append(place)
        known = {place: as_track(place, each) for place, each in enumerate(tracks)}
        self._index = Index(known, [("/".join(names(each.path)), place) for place, each in enumerate(tracks)])

    def find(self, track: Track) -> Found:
        """The server's track that one of ours is."""
        path = str(track.path)
        for each in self._absolute(path):
            if (held := self._there(each)) is not None:
                return Found(track, held, "path")
        for each in self._below_roots(path):
            held = self._there(each)
            if held is not None and not differ(track.duration, held.duration):
                return Found(track, held, "path")
        entry = Entry(str(track.path), track.title, track.artist, track.album, track.duration)
        named = self._index.named(track.path.parts[1:], entry)
        if named is not None and may_be(track, named):
            return Found(track, self._tracks[named.id], "name")
        alike = [
            each
            for each in self._index.tagged(Tags(track.title, track.artist, album=track.album))
            if not differ(track.duration, each.duration)
        ]
        if not alike:
            return Found(track)
        best = min(alike, key=lambda each: unlike(each, track.album, track.duration))
        return Found(track, self._tracks[best.id], "tags")

    def _there(self, path: str) -> Held | None:
        """The only track at a path; a server with several music folders may have two."""
        places = self._at.get(path, [])
        return self._tracks[places[0]] if len(places) == 1 else None

    def _absolute(self, path: str) -> Iterator[str]:
        """How the server may call a file that it shares with this machine, or that is mapped."""
        for mapping in sorted(self._mappings, key=lambda each: len(each.source), reverse=True):
            with suppress(Inexpressible):
                mapped = mapping.apply(path)
                if mapped is not None:
                    yield from (mapped, mapped.lstrip("/"))
        yield path

    def _below_roots(self, path: str) -> Iterator[str]:
        """How the server may call a file below its music folder, if that is a folder of the collection."""
        for root in sorted(self._roots, key=len, reverse=True):
            folder = root.rstrip("/") + "/"
            if path.startswith(folder):
                yield path.removeprefix(folder)


def as_track(place: int, held: Held) -> Track:
    """A server's track as one of ours, with its place as the id."""
    return Track(place, Path(held.path), held.title, held.artist, album=held.album, duration=held.duration)


def may_be(track: Track, other: Track) -> bool:
    """Whether nothing speaks against two tracks being one."""
    if differ(track.duration, other.duration):
        return False
    unlike_title = bool(track.title and other.title) and fold(track.title) != fold(other.title)
    unlike_artist = bool(track.artist and other.artist) and fold(track.artist) != fold(other.artist)
    return not (unlike_title and unlike_artist)
