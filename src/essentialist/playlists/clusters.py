"""One of the kinds of music that the collection has, found by its sound: daily mixes.

The kinds are the same whatever the seed of chance, which draws the tracks: so tomorrow's mix of a kind is another one.
Weak where the music has no groups but shades off: the borders then lie anywhere, and move with the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from essentialist import measures
from essentialist.choosing.cluster_names import names
from essentialist.choosing.clustering import clusters
from essentialist.choosing.wishes import Pick, Wishes
from essentialist.errors import PlaylistError
from essentialist.playlists import Candidates, Way, make_playlist, param

if TYPE_CHECKING:
    from essentialist.playlist import Playlist
    from essentialist.track import Track


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which kind, and how many there are."""

    cluster: int = param("count", 1, "which kind of music, 1 for the largest", minimum=1)
    n_clusters: int = param(
        "count", 0, "how many kinds to tell apart; 0 for as many as there seem to be", minimum=0, maximum=100
    )
    alike: str = param("measure", measures.USUAL, "in what they should be alike, such as mood or 'sound:2, tempo:1'")


@dataclass(frozen=True, slots=True)
class Kind:
    """Tracks that are alike, by what sets them apart; `typical` are their cosines to what they have in common."""

    name: str
    tracks: tuple[Track, ...]
    typical: tuple[float, ...]


def choose(candidates: Candidates, parameters: Clusters, wishes: Wishes) -> list[Pick]:
    """Draw from one kind."""
    found = kinds(candidates, parameters)
    if parameters.cluster > len(found):
        there = "is 1 kind" if len(found) == 1 else f"are {len(found)} kinds"
        raise PlaylistError(f"There {there} of music among these tracks. Give a cluster from 1 to {len(found)}.")
    return _drawn(found[parameters.cluster - 1], wishes.seed)


def kinds(candidates: Candidates, parameters: Clusters) -> tuple[Kind, ...]:
    """Tell the kinds apart, the largest first. Tracks of which nothing is known are in none."""
    space = candidates.space(parameters.alike)
    known = space.known([track.id for track in candidates.tracks]).tolist()
    tracks = [track for track, is_known in zip(candidates.tracks, known, strict=True) if is_known]
    if not tracks:
        raise PlaylistError("None of these tracks can be compared. Widen the query or analyse more music.")
    found = clusters(space.placed([track.id for track in tracks]), parameters.n_clusters or None)
    rows = [np.flatnonzero(found.labels == label).tolist() for label in range(len(found.centres))]
    groups = [tuple(tracks[row] for row in each) for each in rows]
    likeness = found.likeness.tolist()
    return tuple(
        Kind(name, group, tuple(likeness[row] for row in each))
        for name, group, each in zip(names(groups), groups, rows, strict=True)
    )


def mixes(candidates: Candidates, parameters: Clusters, wishes: Wishes, order: str | None = None) -> list[Playlist]:
    """Make a playlist of each kind; what is excluded is in none, and changes no kind."""
    allowed = candidates.without(wishes.excluded)
    made = []
    for kind in kinds(candidates, parameters):
        way = replace(WAY, choose=lambda *_, kind=kind: _drawn(kind, wishes.seed))
        if any(track.id not in wishes.excluded for track in kind.tracks):
            made.append(make_playlist(kind.name, way, candidates=allowed, wishes=wishes, order=order))
    if not made:
        raise PlaylistError("None of these tracks can be taken: they are excluded, or their files are gone.")
    return made


def _drawn(kind: Kind, seed: int) -> list[Pick]:
    order = np.random.default_rng(seed).permutation(len(kind.tracks)).tolist()
    said = f'of the kind "{kind.name}"'
    return [Pick(kind.tracks[row], f"{said}, {kind.typical[row]:.2f} to its centre") for row in order]


WAY = Way("clusters", "One kind of music", Clusters, choose)
