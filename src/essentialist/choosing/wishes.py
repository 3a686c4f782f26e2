"""Wishes that hold for every way of choosing: length, artists, versions, diversity. `constraints` keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist.errors import PlaylistError

if TYPE_CHECKING:
    from essentialist.track import Track

USUAL_PER_ARTIST: Final = 3
TOLERANCE: Final = 0.02  # of a length in time

_TIME: Final = re.compile(r"(?:(\d+(?:\.\d+)?)\s*h(?:ours?)?)?\s*(?:(\d+(?:\.\d+)?)\s*m(?:in(?:utes?)?)?)?")


@dataclass(frozen=True, slots=True)
class Length:
    """How long: a number of tracks, or seconds of music, or neither for everything there is."""

    tracks: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        wished = [value for value in (self.tracks, self.seconds) if value is not None]
        if len(wished) > 1 or any(value <= 0 for value in wished):
            raise PlaylistError("A length is a number of tracks or a time, above 0, such as 25 or '90 min'.")

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read "25", "90 min", "1.5 h" or "1h 30m"; "all" for everything. Raises PlaylistError for anything else."""
        plain = text.strip().lower()
        if plain == "all":
            return cls()
        if plain.isdecimal():
            return cls(tracks=int(plain))
        match = _TIME.fullmatch(plain)
        if not plain or match is None:
            raise PlaylistError(f"{text!r} is no length. Write a number of tracks or a time, such as 25 or '90 min'.")
        return cls(seconds=3600 * float(match[1] or 0) + 60 * float(match[2] or 0))

    @property
    def is_everything(self) -> bool:
        """Whether there is no end but that of the tracks."""
        return self.tracks is None and self.seconds is None

    def n_tracks(self, tracks: tuple[Track, ...]) -> int:
        """Estimate how many of these tracks make up the length."""
        if self.tracks is not None:
            return self.tracks
        known = [track.duration for track in tracks if track.duration]
        if self.seconds is None or not known:
            return len(tracks)
        return max(1, round(self.seconds * len(known) / sum(known)))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a playlist should be, however its tracks are chosen.

    `max_per_artist`: None is the usual three, lifted for all artists alike where the candidates cannot fill the
    length; a number is kept even then. `one_version` keeps one version of a recording (see `versions`). `diversity`,
    0 to 1, says how much unlike each other the tracks should be, rather than just the best (see `diversity`).
    `included` are tracks to take whatever else is wished, even if the query does not hold for them; `excluded` are ids
    never to take. All chance comes from `seed`.
    """

    length: Length = Length(tracks=25)
    max_per_artist: int | None = None
    max_per_album: int | None = None
    one_version: bool = True
    diversity: float = 0.0
    included: tuple[Track, ...] = ()
    excluded: frozenset[int] = frozenset()
    seed: int = 0

    def __post_init__(self) -> None:
        if any(limit is not None and limit < 1 for limit in (self.max_per_artist, self.max_per_album)):
            raise PlaylistError("At most how many tracks an artist or album? Give a number of at least 1.")
        if not 0 <= self.diversity <= 1:
            raise PlaylistError(f"A diversity of {self.diversity:g} is none: give a number from 0 (the best) to 1.")


@dataclass(frozen=True, slots=True)
class Pick:
    """A track and why it was chosen. One that is `asked` for by name is taken whatever the limits."""

    track: Track
    reason: str
    asked: bool = False
