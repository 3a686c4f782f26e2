"""A playlist: chosen tracks in their order, and why each of them is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from essentialist.track import Track


@dataclass(frozen=True, slots=True)
class Playlist:
    """Tracks to hear one after the other.

    `reasons` says why a track was chosen (track id -> one sentence); `notes` are wishes that could not be met; `covers`
    are pictures that lie beside the tracks (folder -> file), as far as they were looked for.
    """

    title: str
    tracks: tuple[Track, ...]
    reasons: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    covers: Mapping[str, Path] = field(default_factory=dict)

    @property
    def duration(self) -> float:
        """Length in s, of the tracks whose length is known."""
        return sum(track.duration for track in self.tracks if track.duration is not None)
