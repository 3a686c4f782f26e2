"""Wishes that hold for every way of choosing, and the one place that keeps them.

A way ranks tracks without a thought for length, artists or versions; `constrain` goes down its ranking and takes what
the wishes allow. A wish that cannot be met is met as far as possible, and a note says so.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist.errors import PlaylistError
from essentialist.versions import album_key, artist_key, recording_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from essentialist.track import Track

USUAL_PER_ARTIST: Final = 3
TOLERANCE: Final = 0.02  # of a length in time
LOOK_AHEAD: Final = 300  # tracks too long for the rest of the time, kept to swap in

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
    length; a number is kept even then. `one_version` keeps one version of a recording (see `versions`). `excluded` are
    ids never to take. All chance comes from `seed`.
    """

    length: Length = Length(tracks=25)
    max_per_artist: int | None = None
    max_per_album: int | None = None
    one_version: bool = True
    excluded: frozenset[int] = frozenset()
    seed: int = 0

    def __post_init__(self) -> None:
        if any(limit is not None and limit < 1 for limit in (self.max_per_artist, self.max_per_album)):
            raise PlaylistError("At most how many tracks an artist or album? Give a number of at least 1.")


@dataclass(frozen=True, slots=True)
class Pick:
    """A track and why it was chosen. One that is `asked` for by name is taken whatever the limits."""

    track: Track
    reason: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What the wishes allow of a ranking, in its order. `refused` are ids that stood in it and were not allowed."""

    picks: tuple[Pick, ...]
    refused: frozenset[int]
    notes: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """Length in s, of the tracks whose length is known."""
        return sum(pick.track.duration or 0 for pick in self.picks)


def constrain(ranking: Iterable[Pick], wishes: Wishes, *, whole: bool = False) -> Selection:
    """Take the best of a ranking that the wishes allow, until the length is reached.

    A `whole` ranking stands in the order of play, not of merit: what is asked for takes its place before the others.
    """
    room = _Room(wishes)
    ranked: Iterable[tuple[int, Pick]] = enumerate(ranking)
    if whole:
        ranked = sorted(ranked, key=lambda place: not place[1].asked)
    for rank, pick in ranked:
        if room.full or len(room.too_long) >= LOOK_AHEAD:
            break
        room.offer(rank, pick)
    if wishes.max_per_artist is None:
        room.lift()
    room.fit()
    return room.selection()


def fits(seconds: float, wished: float) -> bool:
    """Whether a length in time is near enough to the wished one."""
    return abs(seconds - wished) <= TOLERANCE * wished


def time_note(seconds: float, wished: float) -> str:
    """Say that a length in time could not be met."""
    return f"{seconds / 60:.1f} min instead of {wished / 60:g}: no choice comes nearer."


class _Room:
    """The places of a playlist while they are filled."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.everything = wishes.length.tracks is None and wishes.length.seconds is None
        # Whoever asks for everything gets it: the usual limit an artist is for a choice.
        self.per_artist = wishes.max_per_artist or (None if self.everything else USUAL_PER_ARTIST)
        self.taken: dict[int, Pick] = {}  # by rank
        self.waiting: list[tuple[int, int, Pick]] = []  # how many of its artist wait before it, rank, pick
        self.too_long: list[tuple[int, Pick]] = []
        self.refused: set[int] = set()
        self.seconds = 0.0
        self.n_unknown = 0
        self.counts: Counter[tuple[str, Hashable]] = Counter()
        self.n_waiting: Counter[Hashable] = Counter()

    @property
    def full(self) -> bool:
        tracks, seconds = self.wishes.length.tracks, self.wishes.length.seconds
        if tracks is not None:
            return len(self.taken) >= tracks
        return seconds is not None and self.seconds >= seconds * (1 - TOLERANCE)

    def offer(self, rank: int, pick: Pick) -> None:
        """Take the pick, or note what keeps it out."""
        if self._barred(pick):
            self.refused.add(pick.track.id)
        elif not pick.asked and self._artist_has_enough(pick.track):
            artist = artist_key(pick.track)
            self.waiting.append((self.n_waiting[artist], rank, pick))
            self.n_waiting[artist] += 1
            self.refused.add(pick.track.id)
        elif self.wishes.length.seconds is not None and not pick.track.duration:
            self.n_unknown += 1
        elif self._overruns(pick.track.duration or 0):
            self.too_long.append((rank, pick))
        else:
            self._take(rank, pick)

    def lift(self) -> None:
        """Give every artist one more track at a time, best first, until the length is reached."""
        for _, rank, pick in sorted(self.waiting, key=lambda waiting: waiting[:2]):
            if self.full:
                return
            if not self._barred(pick):
                self.per_artist = None
                self.offer(rank, pick)
                if rank in self.taken:
                    self.refused.discard(pick.track.id)

    def fit(self) -> None:
        """Swap one taken track, the last possible, for one that was too long if that meets the time."""
        wished = self.wishes.length.seconds
        if wished is None or self.full:
            return
        for rank in sorted(self.taken, reverse=True):
            out = self.taken[rank]
            if out.asked:
                continue
            self._release(rank)
            for other, pick in self.too_long:
                fitting = fits(self.seconds + (pick.track.duration or 0), wished)
                if fitting and not self._barred(pick) and not self._artist_has_enough(pick.track):
                    self._take(other, pick)
                    return
            self._take(rank, out)

    def selection(self) -> Selection:
        picks = tuple(self.taken[rank] for rank in sorted(self.taken))
        return Selection(picks, frozenset(self.refused), tuple(self._notes()))

    def _notes(self) -> Iterable[str]:
        length = self.wishes.length
        artists = [count for (kind, _), count in self.counts.items() if kind == "artist"]
        most = max(artists, default=0)
        if self.wishes.max_per_artist is None and not self.everything and most > USUAL_PER_ARTIST:
            yield f"Up to {most} tracks an artist instead of {USUAL_PER_ARTIST}: there are too few others."
        if length.tracks is not None and len(self.taken) < length.tracks:
            yield f"{len(self.taken)} tracks instead of {length.tracks}: no more fit the wishes."
        if length.seconds is not None and not fits(self.seconds, length.seconds):
            yield time_note(self.seconds, length.seconds)
        if self.n_unknown:
            yield f"{self.n_unknown} of unknown length left out."

    def _barred(self, pick: Pick) -> bool:
        """Whether no lifting of limits lets the track in."""
        track, album = pick.track, self.wishes.max_per_album
        if self.counts["track", track.id] or (not pick.asked and track.id in self.wishes.excluded):
            return True
        if pick.asked:
            return False
        again = self.wishes.one_version and self.counts["recording", recording_key(track)] > 0
        return again or (album is not None and self.counts["album", album_key(track)] >= album)

    def _artist_has_enough(self, track: Track) -> bool:
        return self.per_artist is not None and self.counts["artist", artist_key(track)] >= self.per_artist

    def _overruns(self, duration: float) -> bool:
        wished = self.wishes.length.seconds
        return wished is not None and self.seconds + duration > wished * (1 + TOLERANCE)

    def _take(self, rank: int, pick: Pick) -> None:
        self.taken[rank] = pick
        self.seconds += pick.track.duration or 0
        self.counts.update(self._keys(pick.track))

    def _release(self, rank: int) -> None:
        pick = self.taken.pop(rank)
        self.seconds -= pick.track.duration or 0
        self.counts.subtract(self._keys(pick.track))

    @staticmethod
    def _keys(track: Track) -> Iterable[tuple[str, Hashable]]:
        yield "track", track.id
        yield "recording", recording_key(track)
        yield "artist", artist_key(track)
        yield "album", album_key(track)
