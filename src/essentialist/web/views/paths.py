"""A path from the track on show to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from essentialist.choosing.wishes import Length, Wishes
from essentialist.library import path_between
from essentialist.query.tree import And, Words

if TYPE_CHECKING:
    from essentialist.library import Library
    from essentialist.playlist import Playlist
    from essentialist.track import Track

MOST_FOUND: Final = 20


def found(library: Library, text: str, besides: int) -> tuple[Track, ...]:
    """Tracks that have all these words in title, artist, album or path; plain words, whatever they look like."""
    words = tuple(Words(each) for each in text.split()[:20])
    if not words:
        return ()
    query = str(words[0] if len(words) == 1 else And(words))
    return tuple(track for track in library.tracks(query, limit=MOST_FOUND + 1) if track.id != besides)[:MOST_FOUND]


def path(library: Library, start: Track, end: Track, n_tracks: int) -> Playlist:
    """So many tracks from one to the other, both of them included.

    Raises UnknownTrack or PlaylistError where one cannot be compared.
    """
    title = f"From {start.title} to {end.title}"
    return library.playlist(title=title, choose=path_between(start, end), wishes=Wishes(Length(tracks=n_tracks)))
