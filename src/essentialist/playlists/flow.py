"""From a track onward, a radio that drifts: each track is near a place that moves with the music.

The place begins at the first track. After each track it moves part of the way there: with a drift of 0 it stays, and
the first track's neighbours come in turn; with 1 it is the last track, and the music leads where it likes. Of the
nearest few one is taken by chance, so that another seed of chance is another hour of radio, and an artist heard before
has to be nearer to come again. Weak in a collection with a dense middle: from there a walk seldom comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist import measures
from essentialist.choosing.wishes import Pick, Wishes
from essentialist.errors import PlaylistError
from essentialist.playlists import Candidates, Way, param
from essentialist.versions import artist_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from numpy.typing import NDArray

    from essentialist.choosing.similarity import Embeddings
    from essentialist.track import Track

AMONG: Final = 4  # the nearest, of which one is taken by chance
HEARD_ARTIST: Final = 0.15  # of similarity, taken off for each of the artist's tracks that came before
POOL: Final = 10_000  # tracks nearest to the seed that are looked at: what bounds the time of a step


@dataclass(frozen=True, slots=True)
class Flow:
    """Where it begins, and how fast it goes."""

    start: Track | None = param("track", None, "the first track")
    drift: float = param("number", 0.3, "how fast to move on: 0 stays near the first track", minimum=0, maximum=1)
    alike: str = param("measure", measures.USUAL, "in what they should be alike, such as mood or 'sound:2, tempo:1'")


def choose(candidates: Candidates, parameters: Flow, wishes: Wishes) -> Iterator[Pick]:
    """Walk on from the first track, as far as it is read."""
    start = parameters.start
    if start is None:
        raise PlaylistError("A flow needs a track to begin with. Name one.")
    space = candidates.space(parameters.alike, (start,))
    tracks = [start, *_nearest(candidates, space, start)]
    vectors = space.vectors[space.rows([track.id for track in tracks])]
    return _flow(tracks, vectors, parameters.drift, np.random.default_rng(wishes.seed))


def _nearest(candidates: Candidates, space: Embeddings, start: Track) -> list[Track]:
    """The tracks that are looked at, those nearest to the first."""
    ids = np.fromiter((track.id for track in candidates.tracks), np.int64, len(candidates.tracks))
    places = np.flatnonzero(space.known(ids) & (ids != start.id))
    (seed,) = space.rows([start.id])
    if len(places) > POOL:
        nearness = (space.vectors @ space.vectors[seed])[space.rows(ids[places])]
        places = np.sort(places[np.argpartition(-nearness, POOL)[:POOL]])
    return [candidates.tracks[place] for place in places.tolist()]


def _flow(
    tracks: list[Track], vectors: NDArray[np.float32], drift: float, chance: np.random.Generator
) -> Iterator[Pick]:
    """Begin with the first of these tracks and go on until all have come."""
    numbers: dict[Hashable, int] = {}
    artists = np.array([numbers.setdefault(artist_key(track), len(numbers)) for track in tracks])
    n_heard = np.zeros(len(numbers), np.float32)
    free = np.ones(len(tracks), bool)
    place, row, title = vectors[0], 0, tracks[0].title
    yield Pick(tracks[0], "where the flow begins", asked=True)
    for _ in tracks[1:]:
        free[row] = False
        n_heard[artists[row]] += 1
        place = _moved(place, vectors[row], drift)
        nearness = np.where(free, vectors @ place - HEARD_ARTIST * n_heard[artists], -np.inf)
        row = _one_of_the_nearest(nearness, chance)
        yield Pick(tracks[row], f"likeness {float(vectors[row] @ vectors[0]):.2f} to {title}")


def _moved(place: NDArray[np.float32], to: NDArray[np.float32], drift: float) -> NDArray[np.float32]:
    """Go part of the way, and stay at distance 1 from the middle of the space."""
    between = (1 - drift) * place + drift * to
    length = np.linalg.norm(between)
    return np.asarray(between / length if length > 0 else to, np.float32)


def _one_of_the_nearest(nearness: NDArray[np.floating], chance: np.random.Generator) -> int:
    """A row by chance among the few with the most, none of those at -inf."""
    n = min(AMONG, int(np.count_nonzero(nearness > -np.inf)))
    return int(chance.choice(np.sort(np.argpartition(-nearness, n - 1)[:n])))


WAY = Way("flow", "On from a track", Flow, choose, order="as-is", linked=True)
