"""A track by what the address says, at a glance, with other versions of it in the collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.human import counted, minutes
from essentialist.query.tree import TextIs
from essentialist.versions import recording_key
from essentialist.web.views.bins import rounded
from essentialist.web.views.figures import Figure
from essentialist.web.views.ids import read_id
from essentialist.web.views.songs import Song, song
from essentialist.web.views.texts import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.library import Library
    from essentialist.query import Columns, Field
    from essentialist.track import Track
    from essentialist.web.studio import Studio
    from essentialist.web.views.sounding import Labels

LONGEST_TITLE: Final = 120  # characters
LONGEST_PART: Final = 60
MOST_BY_ARTIST: Final = 1_000  # tracks that are looked at for versions


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands above the page of a track: the song to play, texts on it, and whether its outline is known.

    `line` tells artist, album, year, genre, length and plays, as far as they are known. What would fill a page is
    shortened.
    """

    song: Song
    title: str
    line: str
    has_outline: bool


def find(library: Library, asked: str | None) -> Track | None:
    """The track of an id as the address has it; None for whatever is no id of a track."""
    track_id = read_id(asked or "")
    return None if track_id is None else library.catalog.with_ids([track_id]).get(track_id)


def masthead(library: Library, track: Track) -> Masthead:
    """What stands above the page."""
    parts = [
        track.artist,
        track.album,
        str(track.year or ""),
        track.genre,
        minutes(track.duration),
        f"played {counted(track.plays, 'time')}" if track.plays else "",
    ]
    line = " · ".join(shortened(part, LONGEST_PART) for part in parts if part)
    return Masthead(song(track), shortened(track.title, LONGEST_TITLE), line, bool(library.catalog.waveform(track.id)))


def judge(studio: Studio, track: Track, liked: bool | None) -> None:
    """Like a track, dislike it, or take either back (None); SettingsError where visitors may change nothing."""
    studio.options.check_changes()
    studio.library.judge(track, liked=liked)


def glance(track: Track, fields: Mapping[str, Field], told: Sequence[Labels]) -> tuple[Figure, ...]:
    """The track in a few figures, as far as they are known: tempo, key, loudness, and what kind of music it is."""
    found = [_number(track, fields, "bpm"), _key(track, fields), _number(track, fields, "loudness")]
    found += [_kind(each) for each in told if each.labels]
    return tuple(each for each in found if each is not None)


def _number(track: Track, fields: Mapping[str, Field], name: str) -> Figure | None:
    value = track.number(name)
    if value is None or name not in fields:
        return None
    other = track.number("bpm_alternative") if name == "bpm" else None
    note = "" if other is None else f"or {rounded(fields[name], other)}"
    return Figure(fields[name].title, rounded(fields[name], value), note)


def _key(track: Track, fields: Mapping[str, Field]) -> Figure | None:
    key, scale, camelot = (track.label(name) for name in ("key", "scale", "camelot"))
    if not key or "camelot" not in fields:
        return None
    query = str(TextIs("camelot", camelot)) if camelot else ""
    return Figure("Key", f"{key} {scale or ''}".rstrip(), f"{camelot} on the Camelot wheel" if camelot else "", query)


def _kind(told: Labels) -> Figure:
    """The most probable label of a distribution."""
    first = told.labels[0]
    return Figure(told.title, first.name, f"{100 * first.probability:.0f} % sure", first.query)


def versions(library: Library, columns: Columns, track: Track) -> tuple[Track, ...]:
    """Other tracks that are versions of the same recording by their titles: live, remastered, on another album."""
    if not track.artist:
        return ()
    same_artist = np.flatnonzero(columns.texts["artist"].being(track.artist))[:MOST_BY_ARTIST]
    others = library.catalog.with_ids(columns.ids[same_artist].tolist()).values()
    key = recording_key(track)
    return tuple(other for other in others if other.id != track.id and recording_key(other) == key)
