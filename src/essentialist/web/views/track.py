"""A track by what the address says, with other versions of it in the collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.human import counted, minutes
from essentialist.versions import recording_key
from essentialist.web.views.ids import read_id
from essentialist.web.views.songs import Song, song

if TYPE_CHECKING:
    from essentialist.library import Library
    from essentialist.query import Columns
    from essentialist.track import Track

MOST_BY_ARTIST: Final = 1_000  # tracks that are looked at for versions


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands above the page of a track: the song to play, a line on its album, and its outline.

    `line` tells album, year, genre and length; `peaks` are up to 400 of 0 to 255, none where unknown.
    """

    song: Song
    line: str
    peaks: tuple[int, ...]


def find(library: Library, asked: str | None) -> Track | None:
    """The track of an id as the address has it; None for whatever is no id of a track."""
    track_id = read_id(asked or "")
    return None if track_id is None else library.catalog.with_ids([track_id]).get(track_id)


def masthead(library: Library, track: Track) -> Masthead:
    """What stands above the page."""
    parts = [
        track.album,
        str(track.year or ""),
        track.genre,
        minutes(track.duration),
        f"played {counted(track.plays, 'time')}" if track.plays else "",
    ]
    line = " · ".join(part for part in parts if part)
    return Masthead(song(track), line, tuple(library.catalog.waveform(track.id)))


def versions(library: Library, columns: Columns, track: Track) -> tuple[Track, ...]:
    """Other tracks that are versions of the same recording by their titles: live, remastered, on another album."""
    if not track.artist:
        return ()
    same_artist = np.flatnonzero(columns.texts["artist"].being(track.artist))[:MOST_BY_ARTIST]
    others = library.catalog.with_ids(columns.ids[same_artist].tolist()).values()
    key = recording_key(track)
    return tuple(other for other in others if other.id != track.id and recording_key(other) == key)
