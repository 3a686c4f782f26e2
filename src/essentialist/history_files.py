"""Files of what was played: exports of ListenBrainz and Last.fm in their common forms, and M3U playlists.

    ListenBrainz    the zipped export, its JSON Lines, or JSON as its interface gives it
    Last.fm         CSV with or without a heading, JSON of recent or top tracks
    M3U             each entry counts as played when the file was written

What a file is shows in its content. Times are seconds since 1970; texts without a zone are UTC, as Last.fm has them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import time
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist.errors import EssentialistError, HistoryError
from essentialist.exports import m3u8
from essentialist.playlist_files.places import place_of
from essentialist.playlist_files.reading import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from essentialist.playlist_files import PlaylistFile

LARGEST: Final = 1 << 30  # bytes unpacked; some five million listens
MOST_PLAYS: Final = 1_000_000  # of one track; more is no count
MILLISECONDS: Final = 1e11  # from here on a time is in ms: as seconds it would be the year 5138
DAY_S: Final = 86_400

ARTIST: Final = ("artist_name", "artist", "artistname", "artist name")
TITLE: Final = ("track_name", "track", "title", "name", "trackname", "track name", "song")
ALBUM: Final = ("release_name", "album", "albumname", "album name")
WHEN: Final = ("listened_at", "uts", "timestamp", "date", "played_at", "utc_time", "time")
PLAYS: Final = ("playcount", "plays", "play_count", "listen_count")
NOT_TRACKS: Final = frozenset({"album", "albums", "topalbums", "artist", "artists", "topartists", "additional_info"})
FORMATS: Final = ("%d %b %Y %H:%M", "%d %b %Y, %H:%M", "%d %b %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
CLOCK: Final = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")


@dataclass(frozen=True, slots=True)
class Listen:
    """A track that was played, by what the file says of it. `at` in s since 1970, 0 where it is not known."""

    artist: str = ""
    title: str = ""
    album: str = ""
    path: str = ""
    at: float = 0.0
    plays: int = 1
    duration: float | None = None

    def __str__(self) -> str:
        return " - ".join(part for part in (self.artist, self.title) if part) or self.path


def read(path: Path) -> Iterator[Listen]:
    """Every listen of a file. Raises HistoryError for one that cannot be read or is none of those above."""
    n_listens = 0
    try:
        for content in contents(path):
            for listen in listens_of(content, path):
                n_listens += 1
                yield listen
    except HistoryError:
        raise
    except OSError as error:
        raise HistoryError(f"Cannot read {path}: {error.strerror or error}. Name another file.") from error
    except (EssentialistError, ValueError, RecursionError, RuntimeError, zipfile.BadZipFile, csv.Error) as error:
        raise HistoryError(f"{path} is damaged or of another kind: {error}. Export it again.") from error
    if not n_listens:
        raise HistoryError(
            f"{path} tells of nothing played: give an export of ListenBrainz (zip, JSON, JSON Lines) or Last.fm (CSV,"
            " JSON), or an M3U playlist."
        )


def contents(path: Path) -> Iterator[bytes]:
    """The file's content, or that of each file in a zip."""
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > LARGEST:
            raise HistoryError(f"{path} is larger than {LARGEST >> 30} GB; cut it in parts.")
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        files = [each for each in archive.infolist() if each.filename.lower().endswith((".json", ".jsonl", ".csv"))]
        if sum(each.file_size for each in files) > LARGEST:
            raise HistoryError(f"{path} unpacks to more than {LARGEST >> 30} GB; unpack it and give its parts.")
        for each in files:
            yield archive.read(each)


def listens_of(content: bytes, path: Path) -> Iterator[Listen]:
    """What a content tells, whatever its form."""
    if m3u8.EXPORTER.signature.match(content) or path.suffix.lower() in {".m3u", ".m3u8"}:
        return listens_in_playlist(parse(content, path.absolute().with_suffix(".m3u8")), moment(path.stat().st_mtime))
    text = content.decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] in {"{", "["}:
        return (listen for document in documents(text) for listen in listens_within(document))
    return listens_in_rows(text)


def listens_in_playlist(playlist: PlaylistFile, at: float) -> Iterator[Listen]:
    """Every entry, as played when the file was written."""
    for entry in playlist.entries:
        paths = place_of(entry.location, playlist.folder).paths
        path = paths[0] if paths else entry.location
        yield Listen(entry.artist, entry.title, entry.album, path, at, duration=entry.duration)


def documents(text: str) -> Iterator[object]:
    """The JSON document, or one a line."""
    lines = text.split("\n")
    first = next(line for line in lines if line.strip())
    try:
        json.loads(first)
    except ValueError:
        yield json.loads(text)
        return
    for line in lines:
        if line.strip():
            yield json.loads(line)


def listens_within(document: object) -> Iterator[Listen]:
    """Every listen anywhere in a JSON document."""
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            listen = listen_of(part)
            if listen:
                yield listen
            else:
                waiting.extend(value for key, value in part.items() if key not in NOT_TRACKS)


def listen_of(part: Mapping[str, object]) -> Listen | None:
    """A listen from an object with an artist and a title; None for another, and for what is only playing now."""
    metadata = part.get("track_metadata")
    known = {**part, **metadata} if isinstance(metadata, dict) else part
    attributes = part.get("@attr")
    if isinstance(attributes, dict) and attributes.get("nowplaying"):
        return None
    artist, title = named(known, ARTIST), named(known, TITLE)
    if not artist or not title:
        return None
    when = next((known[key] for key in WHEN if known.get(key)), 0)
    plays = next((known[key] for key in PLAYS if known.get(key)), 1)
    return Listen(artist, title, named(known, ALBUM), at=moment(when), plays=count(plays))


def named(known: Mapping[str, object], keys: Sequence[str]) -> str:
    """The first text under one of these keys; Last.fm wraps some in an object."""
    for key in keys:
        value = known.get(key)
        if isinstance(value, dict):
            value = value.get("#text") or value.get("name")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def listens_in_rows(text: str) -> Iterator[Listen]:
    """A table with or without a heading. Without, artist and title stand in this order, an album between them."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    heading = [cell.strip().lower().partition("#")[0] for cell in next(rows, [])]
    if set(heading) & {*ARTIST} and set(heading) & {*TITLE}:
        for row in rows:
            listen = listen_of(dict(zip(heading, row, strict=False)))
            if listen:
                yield listen
        return
    for row in csv.reader(io.StringIO(text), delimiter=delimiter):
        listen = listen_in_row(row)
        if listen:
            yield listen


def listen_in_row(row: Sequence[str]) -> Listen | None:
    """A row without a heading: a time somewhere, perhaps in two cells, and the names around it."""
    place = next((place for place, cell in enumerate(row) if moment(cell)), None)
    if place is None:
        return None
    n_cells = 2 if CLOCK.fullmatch((row[place + 1 : place + 2] or [""])[0].strip()) else 1
    when = " ".join(row[place : place + n_cells])
    names = [cell.strip() for cell in (*row[:place], *row[place + n_cells :])]
    if len(names) < 2 or not names[0]:
        return None
    artist, *album, title = names[:3]
    return Listen(artist, title, "".join(album), at=moment(when)) if title else None


def moment(value: object) -> float:
    """A time as s since 1970, from s, ms, an object of Last.fm or a text; 0 for what is none or lies ahead."""
    if isinstance(value, dict):
        return moment(value.get("uts") or value.get("#text"))
    seconds = 0.0
    if isinstance(value, str):
        text = value.strip()
        seconds = float(text) if re.fullmatch(r"\d{9,13}", text) else of_text(text)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(min(value, 1e15))
    seconds = seconds / 1000 if seconds > MILLISECONDS else seconds
    return seconds if 0 < seconds < time.time() + DAY_S else 0.0


def of_text(text: str) -> float:
    """A date with or without a time, in UTC unless it says another zone."""
    for form in ("", *FORMATS):
        try:
            read_as = (
                dt.datetime.strptime(text, form) if form else dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
            )
            return (read_as if read_as.tzinfo else read_as.replace(tzinfo=dt.timezone.utc)).timestamp()
        except (ValueError, OverflowError):
            continue
    return 0.0


def count(value: object) -> int:
    """How often, at least once."""
    try:
        return max(1, min(MOST_PLAYS, int(str(value))))
    except ValueError:
        return 1
