"""rekordbox XML: a collection with tempo and key of each track, and one playlist of them by number.

After Pioneer DJ's "rekordbox XML format list". Files are named by `file://localhost/` URIs only. It has no beat grid:
rekordbox makes its own when it analyses a track.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from essentialist.errors import ExportError, Inexpressible
from essentialist.exports import Entry, Exporter, Rendered
from essentialist.exports._entries import MAX_BYTES, known_seconds, named, text, uri_location, whole_seconds
from essentialist.exports._xml import DECLARATION, Record, attribute_in, attributes, records
from essentialist.locations import file_uri

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist
    from essentialist.track import Track

BY_ID: Final = "0"  # a playlist's KeyType: its keys are TrackIDs, not locations


def render(playlist: Playlist, locations: Locations) -> Rendered:
    """Write the document, each track once in the collection and as often as it is played in the playlist."""
    if locations.style == "relative":
        raise ExportError("rekordbox XML names files by absolute URIs; leave out the path style, or map the folder")
    tracks = named(playlist, partial(location, locations))
    different = {track.id: (track, uri) for track, uri in tracks.lines}
    entries = "".join(f"<TRACK{attributes(described(track, uri))}/>\n" for track, uri in different.values())
    keys = "".join(f"<TRACK{attributes({'Key': str(track.id)})}/>\n" for track, _ in tracks.lines)
    node = {"Type": "1", "Name": text(playlist.title), "KeyType": BY_ID, "Entries": str(len(tracks.lines))}
    document = (
        f'{DECLARATION}\n<DJ_PLAYLISTS Version="1.0.0">\n<PRODUCT Name="essentialist"/>\n'
        f'<COLLECTION Entries="{len(different)}">\n{entries}</COLLECTION>\n'
        f'<PLAYLISTS>\n<NODE Type="0" Name="ROOT" Count="1">\n'
        f"<NODE{attributes(node)}>\n{keys}</NODE>\n</NODE>\n</PLAYLISTS>\n</DJ_PLAYLISTS>\n"
    )
    return tracks.rendered(document.encode())


def read(content: bytes, folder: Path) -> tuple[Entry, ...]:
    """List the tracks of its playlists, one after the other, or those of the collection where it has none."""
    found = listed(content)
    if sum(len(track.said["Location"]) for track in found) > MAX_BYTES:  # a few bytes list a long name once more
        raise ExportError("this is no playlist: it is far too long; choose another file")
    entries = {start: entry(said, folder) for start, said in {track.start: track.said for track in found}.items()}
    return tuple(entries[track.start] for track in found)


def places(content: bytes) -> tuple[slice | None, ...]:
    """Which bytes are the URI of each entry; () in UTF-16."""
    return () if b"\0" in content else tuple(attribute_in(content, each.start, "Location") for each in listed(content))


def listed(content: bytes) -> list[Record]:
    """The tracks of the collection that are entries, in the order of the playlists."""
    tracks = records(content, "DJ_PLAYLISTS", "TRACK")
    collection = [track for track in tracks if track.said.get("Location")]
    keys = [track.said["Key"] for track in tracks if "Key" in track.said]
    known = {track.said[name]: track for name in ("Location", "TrackID") for track in collection if name in track.said}
    return [known[key] for key in keys if key in known] if keys else collection


def location(locations: Locations, path: Path) -> str:
    """The URI of a file as rekordbox writes it."""
    uri = file_uri(locations.target(path))
    if not uri.startswith("file:///"):
        raise Inexpressible("rekordbox XML knows no network address; map the folder to a drive")
    return f"file://localhost/{uri.removeprefix('file:///')}"


def described(track: Track, uri: str) -> dict[str, str]:
    """What is known of a track under rekordbox's names; what is not is left out."""
    seconds, bpm = whole_seconds(track), track.number("bpm")
    return {
        "TrackID": str(track.id),
        "Name": text(track.title),
        "Artist": text(track.artist),
        "Album": text(track.album),
        "Genre": text(track.genre),
        "TotalTime": "" if seconds < 0 else str(seconds),
        "TrackNumber": "" if track.track_number is None else str(track.track_number),
        "Year": "" if track.year is None else str(track.year),
        "AverageBpm": "" if bpm is None else f"{bpm:.2f}",
        "Tonality": tonality(track),
        "Location": uri,
    }


def tonality(track: Track) -> str:
    """The key as DJs write it, such as F#m; "" where it is not known."""
    key, scale = track.label("key"), track.label("scale")
    return text(f"{key}{'m' if scale == 'minor' else ''}") if key and scale else ""


def entry(said: Mapping[str, str], folder: Path) -> Entry:
    """What the collection says of a track."""
    return Entry(
        uri_location(said["Location"], folder),
        said.get("Name", ""),
        said.get("Artist", ""),
        said.get("Album", ""),
        known_seconds(said.get("TotalTime")),
    )


EXPORTER = Exporter(
    suffix=".xml",
    title="rekordbox XML",
    mime="application/xml",
    signature=re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?<DJ_PLAYLISTS\b"),
    render=render,
    read=read,
    places=places,
)
