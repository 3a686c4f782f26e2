"""What the collection is made of: tracks, their tags and the files that play them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

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
    unknown. `duration` in seconds. `values` holds what could be computed; what could not is not in it.
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

    def number(self, name: str) -> float | None:
        """The value of a numeric descriptor, or None where there is none."""
        value = self.values.get(name)
        return float(value) if isinstance(value, float | int) else None

    def label(self, name: str) -> str | None:
        """The value of a label descriptor (such as `key`), or None."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def distribution(self, name: str) -> Mapping[str, float]:
        """The probabilities of a distribution (such as `tags`), empty where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, Mapping) else {}
