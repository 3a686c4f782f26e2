"""Artists apart: no two neighbours by the same artist wherever that is possible, and as even as possible elsewhere.

It is possible exactly when no artist has more than half of the tracks, rounded up: his tracks then fit into every other
place. `apart` keeps the order it is given and delays only what would repeat an artist, so it can follow any ordering.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from essentialist.versions import artist_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from essentialist.track import Track


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


def _delayed(artists: Sequence[Hashable], tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Take the first track by another artist each time, unless one artist must come now to come apart at all.

    With an odd number of tracks left, an artist who has more than half of them has to take every other place from here.
    """
    left = list(zip(artists, tracks, strict=True))
    counts = Counter(artists)
    most = max(counts.values())
    placed: list[Track] = []
    last: Hashable = None
    while left:
        forced = None
        if 2 * most > len(left):
            artist, most = counts.most_common(1)[0]
            forced = artist if 2 * most > len(left) else None
        turn = next(i for i, (artist, _) in enumerate(left) if artist == forced or (forced is None and artist != last))
        last, track = left.pop(turn)
        counts[last] -= 1
        placed.append(track)
    return tuple(placed)


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
