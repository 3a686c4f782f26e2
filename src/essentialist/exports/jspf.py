"""JSPF: XSPF's contents as JSON, as ListenBrainz and programs of the web have them. See https://xspf.org/jspf."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from essentialist.errors import ExportError
from essentialist.exports import Entry, Exporter, Rendered
from essentialist.exports._entries import MAX_BYTES, known_seconds, milliseconds, named, text, uri_location

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist
    from essentialist.track import Track


def render(playlist: Playlist, locations: Locations) -> Rendered:
    """Write the document; what is not known is no member."""
    tracks = named(playlist, locations.reference)
    document = {"title": text(playlist.title), "track": [described(track, uri) for track, uri in tracks.lines]}
    return tracks.rendered(json.dumps({"playlist": document}, ensure_ascii=False, indent=1).encode() + b"\n")


def read(content: bytes, folder: Path) -> tuple[Entry, ...]:
    """List the tracks by the first location of each; lists of ListenBrainz have titles and no files."""
    if len(content) > MAX_BYTES:
        raise ExportError("this is no playlist: it is far too long; choose another file")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ExportError("this is no playlist: its JSON is damaged; choose another file") from error
    try:
        tracks = document["playlist"]["track"]
        said = [(location(track), track) for track in tracks]
    except (TypeError, KeyError, AttributeError) as error:
        raise ExportError("this is no JSPF playlist: it has no list of tracks; choose another file") from error
    return tuple(
        Entry(
            uri_location(uri, folder) if uri else "",
            known_text(track.get("title")),
            known_text(track.get("creator")),
            known_text(track.get("album")),
            known_seconds(track.get("duration"), per_second=1000),
        )
        for uri, track in said
        if uri or known_text(track.get("title"))
    )


def described(track: Track, uri: str) -> dict[str, object]:
    """A track's members, in the order of XSPF."""
    members = {
        "location": [uri],
        "title": text(track.title),
        "creator": text(track.artist),
        "album": text(track.album),
        "trackNum": track.track_number,
        "duration": milliseconds(track),
    }
    return {name: value for name, value in members.items() if value not in ("", None)}


def location(track: dict[str, object]) -> str:
    """The first location of a track; some write one text instead of a list, or none."""
    given = track.get("location")
    if isinstance(given, list) and given:
        given = given[0]
    return known_text(given)


def known_text(value: object) -> str:
    """A text, or "" for anything else."""
    return value if isinstance(value, str) else ""


EXPORTER = Exporter(
    suffix=".jspf",
    title="JSPF playlist",
    mime="application/jspf+json",
    signature=re.compile(rb'\s*\{\s*"playlist"\s*:'),
    render=render,
    read=read,
)
