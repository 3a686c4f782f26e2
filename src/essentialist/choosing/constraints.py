"""The one place that keeps the wishes.

A way ranks tracks without a thought for length, artists or versions; `constrain` goes down its ranking and takes what
the wishes allow. A wish that cannot be met is met as far as possible, and a note says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist.choosing.fitting import Gap, fitting
from essentialist.choosing.wishes import TOLERANCE, USUAL_PER_ARTIST, Pick, Wishes
from essentialist.versions import album_key, artist_key, recording_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from essentialist.track import Track

LOOK_AHEAD: Final = 300  # tracks too long for the rest of the time, kept to swap in
MOST_GIVEN_UP: Final = 12  # tracks taken, for others that meet the time


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

    What is asked for comes first in a ranking. A `whole` one stands in the order of play, not of merit: what is asked
    for takes its place before the others there.
    """
    room = _Room(wishes)
    ranked: Iterable[tuple[int, Pick]] = enumerate(ranking)
    if whole:
        ranked = sorted(ranked, key=lambda place: not place[1].asked)
    for rank, pick in ranked:
        if not pick.asked and (room.full or len(room.too_long) >= LOOK_AHEAD):
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
        # Whoever asks for everything gets it: the usual limit an artist is for a choice.
        self.per_artist = wishes.max_per_artist or (None if wishes.length.is_everything else USUAL_PER_ARTIST)
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
        elif pick.asked:
            self._take(rank, pick)
        elif self._artist_has_enough(pick.track):
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

    def fit(self) -> None:
        """Meet the time: give up taken tracks, from the last one on, until some others fill the gap."""
        wished = self.wishes.length.seconds
        if wished is None or self.full:
            return
        best, best_s = dict(self.taken), self.seconds
        waiting = {rank: pick for _, rank, pick in self.waiting if pick.track.duration and rank not in self.taken}
        spare = waiting | dict(self.too_long)
        for rank in sorted((rank for rank, pick in best.items() if not pick.asked), reverse=True)[:MOST_GIVEN_UP]:
            spare[rank] = self._release(rank)
            for better in self._fitting(spare, wished):
                self._take(better, spare[better])
            if self.seconds > best_s:
                best, best_s = dict(self.taken), self.seconds
            if fits(self.seconds, wished):
                return
            for other in self.taken.keys() & spare.keys():
                self._release(other)
        for rank in best.keys() - self.taken.keys():
            self._take(rank, best[rank])

    def _fitting(self, spare: dict[int, Pick], wished: float) -> list[int]:
        """Ranks of the spare picks that fill the rest of the time."""
        ranks = sorted(spare)[:LOOK_AHEAD]
        gap = Gap(wished * (1 - TOLERANCE) - self.seconds, wished * (1 + TOLERANCE) - self.seconds)

        def enter(row: int) -> bool:
            pick = spare[ranks[row]]
            if self._barred(pick) or self._artist_has_enough(pick.track):
                return False
            self._take(ranks[row], pick)
            return True

        def leave(row: int) -> None:
            self._release(ranks[row])

        return [ranks[row] for row in fitting([spare[rank].track.duration or 0 for rank in ranks], gap, enter, leave)]

    def selection(self) -> Selection:
        picks = tuple(self.taken[rank] for rank in sorted(self.taken))
        return Selection(picks, frozenset(self.refused), tuple(self._notes()))

    def _notes(self) -> Iterable[str]:
        length = self.wishes.length
        artists = [count for (kind, _), count in self.counts.items() if kind == "artist"]
        most = max(artists, default=0)
        if self.wishes.max_per_artist is None and not length.is_everything and most > USUAL_PER_ARTIST:
            yield f"Up to {most} tracks an artist instead of {USUAL_PER_ARTIST}: there are too few others."
        if length.tracks is not None and len(self.taken) < length.tracks:
            yield f"{len(self.taken)} tracks instead of {length.tracks}: no more fit the wishes."
        if length.tracks is not None and len(self.taken) > length.tracks:
            yield f"{len(self.taken)} tracks instead of {length.tracks}: all of them were asked for."
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
        self.refused.discard(pick.track.id)
        self.seconds += pick.track.duration or 0
        self.counts.update(self._keys(pick.track))

    def _release(self, rank: int) -> Pick:
        pick = self.taken.pop(rank)
        self.seconds -= pick.track.duration or 0
        self.counts.subtract(self._keys(pick.track))
        return pick

    @staticmethod
    def _keys(track: Track) -> Iterable[tuple[str, Hashable]]:
        yield "track", track.id
        yield "recording", recording_key(track)
        yield "artist", artist_key(track)
        yield "album", album_key(track)
