"""How a file names a track so that it is found again: by its sound, which survives a move, then by its path."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.errors import UnknownTrack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from essentialist.catalogue.catalog import Catalog
    from essentialist.track import Track


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """A track in a file. `fingerprint` in hexadecimal; `title` is for people; the path as it was on that machine."""

    fingerprint: str = ""
    path: str = ""
    title: str = ""
    weight: float = 1.0

    def __str__(self) -> str:
        return self.title or self.path or self.fingerprint


def fingerprints(catalog: Catalog, ids: Iterable[int]) -> Mapping[int, bytes]:
    """The fingerprints of tracks, by id."""
    with catalog.reading() as db:
        found = {each: db.execute("SELECT fingerprint FROM track WHERE id = ?", (each,)).fetchone() for each in ids}
    return {track_id: bytes(row["fingerprint"]) for track_id, row in found.items() if row}


def named(catalog: Catalog, tracks: Sequence[Track]) -> list[NamedTrack]:
    """The names of tracks, looked up together. A path that is not UTF-8 cannot stand in a file and is left out."""
    known = fingerprints(catalog, (track.id for track in tracks))
    paths = (os.fspath(track.path) for track in tracks)
    return [
        NamedTrack(known.get(track.id, b"").hex(), path if writable(path) else "", shown(track))
        for track, path in zip(tracks, paths, strict=True)
    ]


def with_fingerprints(catalog: Catalog, sought: Iterable[str]) -> Mapping[str, Track]:
    """Tracks by their fingerprints in hexadecimal, all looked up together; those that are not there are left out."""
    with catalog.reading() as db:
        query = "SELECT id FROM track WHERE fingerprint = ?"
        rows = {each: db.execute(query, (bytes.fromhex(each),)).fetchone() for each in sought}
    ids = {each: row["id"] for each, row in rows.items() if row}
    tracks = catalog.with_ids(list(ids.values()))
    return {each: tracks[track_id] for each, track_id in ids.items() if track_id in tracks}


def at_path(catalog: Catalog, name: NamedTrack) -> Track | None:
    """The track at the path that is named, or None where there is none."""
    try:
        return catalog.track(os.path.expanduser(name.path)) if name.path else None
    except UnknownTrack:
        return None


def shown(track: Track) -> str:
    """A track for people, in a line: "Nina Simone - Sinnerman"."""
    text = f"{track.artist} - {track.title}" if track.artist else track.title
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def writable(text: str) -> bool:
    """Whether a text can stand in a file in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean(text: str) -> str:
    """A text that can stand in a file: halves of characters, the bytes of undecodable names, become question marks."""
    return text.encode(errors="replace").decode()
