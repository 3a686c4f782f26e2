"""A track as the browser gets it: hostile texts stay texts, and there is no path in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.track import Track


class Song(TypedDict):
    """What the player, the tables and the map need of a track; `seconds` None where unknown."""

    id: int
    title: str
    artist: str
    album: str
    seconds: float | None
    bpm: float | None
    key: str


def song(track: Track) -> Song:
    """One track."""
    bpm = track.number("bpm")
    return Song(
        id=track.id,
        title=track.title,
        artist=track.artist,
        album=track.album,
        seconds=track.duration,
        bpm=None if bpm is None else round(bpm, 1),
        key=track.label("camelot") or "",
    )


def songs(tracks: Iterable[Track]) -> list[Song]:
    """Many, in their order."""
    return [song(track) for track in tracks]
