"""Playlists of files that are there, made without looking at every file of the collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.playlist import Playlist
    from essentialist.playlists import Candidates

ROUNDS: Final = 3  # in which a playlist is made again without files that are gone


def gone(candidates: Candidates) -> frozenset[int]:
    """The ids of the candidates whose files are not there; each is looked at."""
    return frozenset(track.id for track in candidates.tracks if not track.path.is_file())


def existing(candidates: Candidates) -> Candidates:
    """The candidates whose files are there; each is looked at."""
    return candidates.without(gone(candidates))


def with_files(made: Callable[..., Playlist], candidates: Candidates) -> Playlist:
    """A playlist of tracks whose files are there.

    What was chosen is looked at, and chosen again without what is gone; where too much is gone, all are looked at.
    """
    for _ in range(ROUNDS):
        playlist = made(candidates=candidates)
        left = candidates.without({track.id for track in playlist.tracks if not track.path.is_file()})
        if len(left.tracks) == len(candidates.tracks):  # nothing is gone, or only what was asked for by name
            return playlist
        candidates = left
    return made(candidates=existing(candidates))
