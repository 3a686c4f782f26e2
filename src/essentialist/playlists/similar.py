"""Tracks like given ones, and unlike others: in sound, mood, tempo, key, or a blend.

Several seeds take turns by weight, so that each is heard in the result (see `similarity`). Weak where a seed is alone
in the collection: its neighbours are then near to it in rank only, as their reasons show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist import measures
from essentialist.choosing.similarity import ranked
from essentialist.choosing.wishes import Pick, Wishes
from essentialist.errors import PlaylistError
from essentialist.playlists import Candidates, Seed, Way, param

if TYPE_CHECKING:
    from collections.abc import Iterator

    from essentialist.choosing.similarity import Embeddings

CLOSE: Final = 0.25  # cosine; unrelated tracks have 0


@dataclass(frozen=True, slots=True)
class Similar:
    """What to be like, and what not."""

    like: tuple[Seed, ...] = param("seeds", (), "tracks to sound like")
    unlike: tuple[Seed, ...] = param("seeds", (), "tracks to keep away from")
    include: bool = param("flag", True, "begin with the tracks to sound like, where the query lets them through")
    alike: str = param("measure", measures.USUAL, "in what they should be alike, such as mood or 'sound:2, tempo:1'")


def choose(candidates: Candidates, parameters: Similar, wishes: Wishes) -> Iterator[Pick]:
    """Rank by similarity."""
    if not parameters.like and not parameters.unlike:
        raise PlaylistError("There is no track to sound like. Name at least one to be like or unlike.")
    steering = [seed.track for seed in (*parameters.like, *parameters.unlike)]
    return _ranking(candidates, parameters, candidates.space(parameters.alike, steering))


def _ranking(candidates: Candidates, parameters: Similar, space: Embeddings) -> Iterator[Pick]:
    allowed = {track.id: track for track in candidates.tracks}
    if parameters.include:
        for seed in parameters.like:
            if seed.track.id in allowed:
                yield Pick(seed.track, "what the others should be like", asked=True)
    aspect = measures.spoken(parameters.alike)
    titles = {seed.track.id: seed.track.title for seed in parameters.like}
    weights = {seed.track.id: seed.weight for seed in parameters.like}
    away = {seed.track.id: seed.weight for seed in parameters.unlike}
    met: set[int | None] = set()
    for neighbour in ranked(space, weights, unlike=away):
        track = allowed.get(neighbour.id)
        if track is None:
            continue
        if neighbour.seed is None:
            yield Pick(track, f"far in {aspect} from {parameters.unlike[0].track.title}")
        else:
            title, likeness = titles[neighbour.seed], neighbour.similarity
            said = _said(aspect, title, likeness) if neighbour.seed in met else f"closest in {aspect} to {title}"
            met.add(neighbour.seed)
            yield Pick(track, f"{said}, {likeness:.2f}")


def _said(aspect: str, title: str, likeness: float) -> str:
    """How near a track is to a seed, in words; where a ranking is read to its end, not all of it is close."""
    if likeness >= CLOSE:
        return f"close in {aspect} to {title}"
    return f"{'a little like' if likeness > 0 else 'unlike'} {title} in {aspect}"


WAY = Way("similar", "Sounds like", Similar, choose)
