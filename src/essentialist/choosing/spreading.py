"""Artists apart: no two neighbours by the same artist wherever that is possible, and as even as possible elsewhere.

It is possible exactly when no artist has more than half of the tracks, rounded up: his tracks then fit into every other
place. `apart` keeps the order it is given and delays only what would repeat an artist, so it can follow any ordering.
Albums of several artists come apart as well, as far as artists leave a choice: for certain where nobody comes twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from essentialist.versions import album_key, artist_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from essentialist.track import Track


class _Waiting(NamedTuple):
    artist: Hashable
    album: Hashable
    track: Track


def apart(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Keep artists apart with few changes to the order. An unknown artist is like no other."""
    artists = [artist_key(track) for track in tracks]
    if not tracks:
        return ()
    artist, count = Counter(artists).most_common(1)[0]
    if count > (len(tracks) + 1) // 2:
        return _around(artist, artists, tracks)
    return _delayed(artists, tracks)


def spread(tracks: Sequence[Track], chance: np.random.Generator) -> tuple[Track, ...]:
    """Shuffle so that each artist's tracks come at even distances, with some play, and never side by side."""
    n_by = Counter(artist_key(track) for track in tracks)
    shelves: defaultdict[Hashable, list[Track]] = defaultdict(list)
    for place in chance.permutation(len(tracks)):
        artist = artist_key(tracks[place])
        shelves[artist if n_by[artist] > 1 else None].append(tracks[place])  # who comes once shares a shelf
    moments = []
    for shelf in shelves.values():
        places = np.arange(len(shelf)) + chance.random() + chance.random(len(shelf)) / 2
        moments += list(zip((places / len(shelf) % 1).tolist(), shelf, strict=True))
    return apart([track for _, track in sorted(moments, key=lambda moment: moment[0])])


class _Due:
    """Who must come now to come apart as far as possible: who has more than half of what is left, and was not last."""

    def __init__(self, keys: Iterable[Hashable]) -> None:
        self.left = Counter(keys)
        self.most = max(self.left.values(), default=0)  # at most so many; found again when it matters

    def now(self, n: int, last: Hashable) -> Hashable:
        """The one who must come when `n` are left, or None."""
        if 2 * self.most <= n:
            return None
        key, self.most = self.left.most_common(1)[0]
        return key if 2 * self.most > n and key != last else None


def _delayed(artists: Sequence[Hashable], tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Take the first track each time that repeats neither artist nor album, unless another must come now.

    An album may be repeated so that an artist is not.
    """
    left = [_Waiting(artist, album_key(track), track) for artist, track in zip(artists, tracks, strict=True)]
    due_artists, due_albums = _Due(artists), _Due(each.album for each in left)
    placed: list[Track] = []
    last = None
    while left:
        artist = due_artists.now(len(left), last and last.artist)
        album = due_albums.now(len(left), last and last.album)
        last = left.pop(_turn(left, last, artist, album))
        due_artists.left[last.artist] -= 1
        due_albums.left[last.album] -= 1
        placed.append(last.track)
    return tuple(placed)


def _turn(left: Sequence[_Waiting], last: _Waiting | None, artist: Hashable, album: Hashable) -> int:
    """Place of the first track by the artist and of the album that are due, or else that the last one was not."""
    second = None
    for place, each in enumerate(left):
        right = last is None or each.artist != last.artist if artist is None else each.artist == artist
        if not right:
            continue
        if last is None or each.album != last.album if album is None else each.album == album:
            return place
        if second is None or (last and left[second].album == last.album != each.album):
            second = place
    return 0 if second is None else second


def _around(artist: Hashable, artists: Sequence[Hashable], tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Put the others one by one between even runs of the artist who has more than half."""
    own = [track for key, track in zip(artists, tracks, strict=True) if key == artist]
    others = [track for key, track in zip(artists, tracks, strict=True) if key != artist]
    runs = len(others) + 1
    bounds = [len(own) * run // runs for run in range(runs + 1)]
    placed = own[: bounds[1]]
    for run, other in enumerate(others, start=1):
        placed += [other, *own[bounds[run] : bounds[run + 1]]]
    return tuple(placed)
