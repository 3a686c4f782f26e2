"""JSPF: XSPF's contents as JSON, as ListenBrainz and programs of the web have them. See https://xspf.org/jspf."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from essentialist.errors import ExportError
from essentialist.exports import Entry, Exporter, Rendered
from essentialist.exports._entries import MAX_BYTES, image, known_seconds, milliseconds, named, text, uri_location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist
    from essentialist.track import Track

MAX_PARTS: Final = 5_000_000  # of a document; each takes some 70 bytes of memory, however short it is

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],]')


def render(playlist: Playlist, locations: Locations) -> Rendered:
    """Write the document; what is not known is no member."""
    tracks = named(playlist, locations.reference)
    members = [described(track, uri, image(playlist, track, locations)) for track, uri in tracks.lines]
    document = {"title": text(playlist.title), "track": members}
    return tracks.rendered(json.dumps({"playlist": document}, ensure_ascii=False, indent=1).encode() + b"\n")


def read(content: bytes, folder: Path) -> tuple[Entry, ...]:
    """List the tracks by the first location of each; lists of ListenBrainz have titles and no files."""
    return tuple(
        Entry(
            uri_location(location(track), folder) if location(track) else "",
            known_text(track.get("title")),
            known_text(track.get("creator")),
            known_text(track.get("album")),
            known_seconds(track.get("duration"), per_second=1000),
        )
        for _, track in listed(content)
    )


def places(content: bytes) -> tuple[slice | None, ...]:
    """Which bytes, between quotes, are the first location of each entry, None for one that has none; () in UTF-16."""
    if b"\0" in content:
        return ()
    texts = dict(texts_in(content))
    found = (("playlist", "track", number, "location") for number, _ in listed(content))
    return tuple(texts.get((*path, 0)) or texts.get(path) for path in found)


def texts_in(content: bytes) -> Iterator[tuple[tuple[str | int | None, ...], slice]]:
    """Every text of a JSON document that is in order: the names and numbers that lead to it, and its bytes."""
    path: list[str | int | None] = []  # None where a name comes next
    for token in _TOKEN.finditer(content):
        match token[0]:
            case b"{":
                path.append(None)
            case b"[":
                path.append(0)
            case b"}" | b"]":
                path.pop()
            case b",":
                path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
            case text if path and path[-1] is None:
                path[-1] = json.loads(text)
            case _:
                yield tuple(path), slice(token.start() + 1, token.end() - 1)


def listed(content: bytes) -> list[tuple[int, dict[str, object]]]:
    """The tracks that say what they are, each with its number in the document."""
    if len(content) > MAX_BYTES or sum(map(content.count, b"[{,")) > MAX_PARTS:
        raise ExportError("this is no playlist: it is far too long; choose another file")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ExportError("this is no playlist: its JSON is damaged; choose another file") from error
    try:
        tracks = document["playlist"]["track"]
        return [(n, track) for n, track in enumerate(tracks) if location(track) or known_text(track.get("title"))]
    except (TypeError, KeyError, AttributeError) as error:
        raise ExportError("this is no JSPF playlist: it has no list of tracks; choose another file") from error


def described(track: Track, uri: str, cover: str = "") -> dict[str, object]:
    """A track's members, in the order of XSPF."""
    members = {
        "location": [uri],
        "title": text(track.title),
        "creator": text(track.artist),
        "image": cover,
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
    places=places,
    has_covers=True,
)
