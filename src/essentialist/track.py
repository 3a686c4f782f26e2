"""What the collection is made of: tracks, their tags and the files that play them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, TypeAlias

Value: TypeAlias = float | str | Mapping[str, float]
"""A descriptor's value: a number, a label, or a distribution (label -> probability)."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says of itself. An absent tag is None; `bpm` and `key` are hints, not measurements."""

    title: str | None = None
    artist: str | None = None
    album_artist: str | None = None
    album: str | None = None
    track_number: int | None = None
    year: int | None = None
    genre: str | None = None
    bpm: float | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A file on disk as the walk found it.

    `path` is relative to `root`, with the names exactly as on disk (undecodable bytes as surrogate escapes,
    see `os.fsdecode`). `size` in bytes and `mtime_ns` decide whether it has changed since it was analysed.
    """

    root: str
    path: str
    size: int
    mtime_ns: int

    @property
    def absolute(self) -> Path:
        """Where the file lies."""
        return Path(self.root, self.path)


@dataclass(frozen=True, slots=True)
class Track:
    """One recording of the collection: the first file that plays it, its tags, and what was measured.

    `title` is never empty (without a tag it is made from the file name); `artist` and `album` are "" where
    unknown. `duration` in seconds; `added` and `played` (the last time) in seconds since 1970; `plays` as far as the
    history knows; `liked` is "yes", "no" or "". `values` holds what could be computed; what could not is not in it.
    """

    id: int
    path: Path
    title: str
    artist: str = ""
    album_artist: str = ""
    album: str = ""
    track_number: int | None = None
    year: int | None = None
    genre: str = ""
    duration: float | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    tag_bpm: float | None = None
    tag_key: str = ""
    added: float | None = None
    plays: int = field(default=0, compare=False)  # a track is the same one when it was played since
    played: float | None = field(default=None, compare=False)
    liked: str = field(default="", compare=False)

    def value(self, name: str) -> Value | Path | None:
        """What is known of the track by the name of one of its fields or of a descriptor; None for nothing."""
        return getattr(self, name) if name in FIELDS else self.values.get(name)

    def number(self, name: str) -> float | None:
        """A number that is known of the track, a descriptor's or a field's, or None where there is none."""
        value = self.value(name)
        return float(value) if isinstance(value, float | int) else None

    def label(self, name: str) -> str | None:
        """The value of a label descriptor (such as `key`), or None."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def distribution(self, name: str) -> Mapping[str, float]:
        """The probabilities of a distribution (such as `tags`), empty where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, Mapping) else {}


FIELDS: Final = frozenset(each.name for each in fields(Track)) - {"values"}
"""What is known of a track besides its descriptors."""


class OnDemand(Mapping[str, Value]):
    """Values that are fetched when they are first looked at."""

    __slots__ = ()

    @abstractmethod
    def fetch(self, tracks: Sequence[Track]) -> None:
        """Fetch those of all these tracks together."""


def look_ahead(tracks: Sequence[Track]) -> None:
    """Say which tracks' distributions are looked at next: fetched together they cost a fraction of one by one."""
    first = next((track.values for track in tracks if isinstance(track.values, OnDemand)), None)
    if first is not None:
        first.fetch(tracks)
