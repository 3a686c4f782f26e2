"""Just these tracks, such as those of a playlist of elsewhere.

What the query does not let through is left out. Weak where it is all that is wished for: nothing is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.choosing.wishes import Pick, Wishes
from essentialist.errors import PlaylistError
from essentialist.playlists import Candidates, Seed, Way, param

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Listed:
    """Which tracks."""

    tracks: tuple[Seed, ...] = param("seeds", (), "just these, in this order")


def choose(candidates: Candidates, parameters: Listed, wishes: Wishes) -> Iterator[Pick]:
    """Take what is listed and lets itself be taken."""
    if not parameters.tracks:
        raise PlaylistError("No track is listed. Name at least one with --tracks.")
    allowed = {track.id for track in candidates.tracks}
    for seed in parameters.tracks:
        if seed.track.id in allowed:
            yield Pick(seed.track, "listed", asked=True)


WAY = Way("listed", "These tracks", Listed, choose, order="as-is")
