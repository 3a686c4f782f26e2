"""XSPF 1: a playlist in XML, whose URIs can say every name, for VLC, Audacious, Kodi, Strawberry and totem.

In path style `relative` it is the only list that moves with its library and has `#` and `?` in names for VLC. MPD reads
it but decodes no URI; mpv does not read it. See https://xspf.org/spec.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from essentialist.exports import Entry, Exporter, Rendered
from essentialist.exports._entries import image, known_seconds, milliseconds, named, text, uri_location
from essentialist.exports._xml import DECLARATION, Record, element, records, text_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist
    from essentialist.track import Track

NAMESPACE: Final = "http://xspf.org/ns/0/"


def render(playlist: Playlist, locations: Locations) -> Rendered:
    """Write the document; a text that is not known is no element."""
    tracks = named(playlist, locations.reference)
    parts = [f'{DECLARATION}\n<playlist version="1" xmlns="{NAMESPACE}">\n', element("title", text(playlist.title))]
    parts += [
        "<trackList>\n",
        *(described(track, uri, image(playlist, track, locations)) for track, uri in tracks.lines),
        "</trackList>\n</playlist>\n",
    ]
    return tracks.rendered("".join(parts).encode())


def read(content: bytes, folder: Path) -> tuple[Entry, ...]:
    """List the tracks by the first location of each; lists of streaming services often have titles only."""
    return tuple(
        Entry(
            uri_location(said["location"], folder) if said.get("location") else "",
            said.get("title", ""),
            said.get("creator", ""),
            said.get("album", ""),
            known_seconds(said.get("duration"), per_second=1000),
        )
        for said in (record.said for record in listed(content))
    )


def places(content: bytes) -> tuple[slice | None, ...]:
    """Which bytes are the URI of each entry, None for one that has none; () in UTF-16."""
    if b"\0" in content:
        return ()
    found = (record.places.get("location") for record in listed(content))
    return tuple(place and text_in(content, place) for place in found)


def listed(content: bytes) -> Iterator[Record]:
    """The tracks that say what they are."""
    found = records(content, "playlist", "track")
    return (record for record in found if record.said.get("location") or record.said.get("title"))


def described(track: Track, uri: str, cover: str = "") -> str:
    """A track's element, its children in the order of the specification's examples."""
    number, duration = track.track_number, milliseconds(track)
    children = {
        "location": uri,
        "title": text(track.title),
        "creator": text(track.artist),
        "image": cover,
        "album": text(track.album),
        "trackNum": "" if number is None or number < 0 else str(number),
        "duration": "" if duration is None else str(duration),
    }
    return f"<track>\n{''.join(element(name, value) for name, value in children.items())}</track>\n"


EXPORTER = Exporter(
    suffix=".xspf",
    title="XSPF playlist",
    mime="application/xspf+xml",
    signature=re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?<playlist\b"),
    render=render,
    read=read,
    places=places,
    has_covers=True,
)
