"""Tracks by the names of their files and by their tags, to be found by what somebody else says of them.

A wrong track is worse than none: a name that fits two recordings equally well fits none, a bare file name has to be
the only one of its kind and of something like the length that is said, and "Track 01" is no name at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist.files.sniff import has_audio_extension
from essentialist.text import fold
from essentialist.track import Track
from essentialist.versions import recording_key

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

    from essentialist.exports import Entry
    from essentialist.track import Tags

CLOSE_S: Final = 3.0  # by which two lengths of one recording differ at most
_NAMELESS: Final = re.compile(r"(?:audio|track|title|untitled|unknown)?[\W\d_]*")


@dataclass(frozen=True, slots=True)
class _Named:
    """A file that is there, as it is looked for by name."""

    track_id: int
    names: tuple[str, ...]
    suffix: str


class Index:
    """Tracks by id, and the paths of their files with the ids of what they hold; laid out when first asked."""

    def __init__(self, tracks: Mapping[int, Track], paths: Collection[tuple[str, int]]) -> None:
        self._tracks = tracks
        self._paths = paths

    def named(self, names: Sequence[str], entry: Entry, least: int = 1) -> Track | None:
        """The track whose file has the most names in common, from the file upwards, and at least so many."""
        sought = _named(0, names)
        alike = [(_in_common(sought.names, each.names), each) for each in self._names.get(sought.names[:1], ())]
        most = max((n for n, _ in alike), default=0)
        best = [each for n, each in alike if n == most]
        ids = {each.track_id for each in best}
        if len(ids) > 1:
            ids = {each.track_id for each in best if each.suffix == sought.suffix}
        if len(ids) != 1 or most < least:
            return None
        track = self._tracks[ids.pop()]
        return track if most > 1 or _is_likely(entry, sought.names[0], track) else None

    def tagged(self, tags: Tags) -> Sequence[Track]:
        """The tracks with this artist and title, else those that are versions of this recording."""
        meant = Track(0, Path(), tags.title or "", tags.artist or "", album=tags.album or "")
        if not meant.artist or not meant.title:
            return ()
        exact, versions = self._tags
        return exact.get((fold(meant.artist), fold(meant.title))) or versions.get(recording_key(meant), [])

    @cached_property
    def _names(self) -> Mapping[tuple[str, ...], Sequence[_Named]]:
        """The files that are there by the folded stem of their names."""
        known: defaultdict[tuple[str, ...], list[_Named]] = defaultdict(list)
        for path, track_id in self._paths:
            if track_id in self._tracks:
                named = _named(track_id, path.split("/"))
                known[named.names[:1]].append(named)
        return known

    @cached_property
    def _tags(self) -> tuple[Mapping[tuple[str, str], list[Track]], Mapping[Hashable, list[Track]]]:
        """The tracks by artist and title, as they are and as versions."""
        exact: defaultdict[tuple[str, str], list[Track]] = defaultdict(list)
        versions: defaultdict[Hashable, list[Track]] = defaultdict(list)
        for track in self._tracks.values():
            exact[fold(track.artist), fold(track.title)].append(track)
            versions[recording_key(track)].append(track)
        return exact, versions


def differ(seconds: float | None, other: float | None) -> bool:
    """Whether two lengths are those of different recordings; not where one is unknown."""
    return seconds is not None and other is not None and abs(seconds - other) > CLOSE_S


def unlike(track: Track, album: str, seconds: float | None) -> tuple[bool, float]:
    """How badly a track of the right tags fits: the same album first, then the nearest length."""
    apart = 0.0 if seconds is None or track.duration is None else abs(seconds - track.duration)
    return fold(track.album) != fold(album), apart


def _is_likely(entry: Entry, stem: str, track: Track) -> bool:
    """Whether a track is meant with which only the file's name is in common."""
    if _NAMELESS.fullmatch(stem) or differ(entry.duration, track.duration):
        return False
    return not entry.title or fold(entry.title) == fold(track.title) or fold(entry.title) in fold(stem)


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
