"""XSPF 1: a playlist in XML, whose URIs can say every name, for VLC, Audacious, Kodi, Strawberry and totem.

In path style `relative` it is the only list that moves with its library and has `#` and `?` in names for VLC. MPD reads
it but decodes no URI; mpv does not read it. See https://xspf.org/spec.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from essentialist.exports import Entry, Exporter, Rendered
from essentialist.exports._entries import known_seconds, milliseconds, named, text, uri_location
from essentialist.exports._xml import records

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist
    from essentialist.track import Track

NAMESPACE: Final = "http://xspf.org/ns/0/"


def render(playlist: Playlist, locations: Locations) -> Rendered:
    """Write the document; a text that is not known is no element."""
    root = Element("playlist", {"version": "1", "xmlns": NAMESPACE})
    add(root, "title", text(playlist.title))
    tracks = named(playlist, locations.reference)
    track_list = SubElement(root, "trackList")
    for track, uri in tracks.lines:
        describe(SubElement(track_list, "track"), track, uri)
    indent(root, "")
    return tracks.rendered(tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n")


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
        for _, said in records(content, "playlist", "track")
        if said.get("location") or said.get("title")
    )


def describe(element: Element, track: Track, uri: str) -> None:
    """Put a track's children in the order of the specification's examples."""
    add(element, "location", uri)
    add(element, "title", text(track.title))
    add(element, "creator", text(track.artist))
    add(element, "album", text(track.album))
    number, duration = track.track_number, milliseconds(track)
    add(element, "trackNum", "" if number is None or number < 0 else str(number))
    add(element, "duration", "" if duration is None else str(duration))


def add(element: Element, name: str, content: str) -> None:
    """Add a child unless it would be empty."""
    if content:
        SubElement(element, name).text = content


EXPORTER = Exporter(
    suffix=".xspf",
    title="XSPF playlist",
    mime="application/xspf+xml",
    signature=re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?<playlist\b"),
    render=render,
    read=read,
)
