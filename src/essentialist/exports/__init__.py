"""What playlists and tables can be written as: one file a format, and here the contracts that they keep.

A playlist format is a module with an `EXPORTER`: it names files as `locations` has them and can be read back. A table
has a `TABLE`: one row a track, as `rows` has it, made piece by piece so that a collection of any size can be written
to a file or a pipe. Dropping a file with one of them in this folder adds its suffix everywhere.
"""

from __future__ import annotations

import itertools
import os
import stat
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from essentialist import registry
from essentialist.atomic import replacement
from essentialist.descriptors import Descriptor
from essentialist.errors import ExportError
from essentialist.exports._covers import with_covers
from essentialist.spelling import USUAL, Spelling

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from essentialist.locations import Locations
    from essentialist.playlist import Playlist
    from essentialist.track import Track


class Skipped(NamedTuple):
    """A file that the format cannot name, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A playlist as bytes, the files it could not name, and those that `auto` named by URI."""

    content: bytes
    skipped: tuple[Skipped, ...] = ()
    downgraded: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a playlist says of one track; a text that it does not say is "", a `duration` in s that it does not None.

    The one type of entry, from every reader. `location` is a path, one of Windows as it stands, or a URI, or "". The
    readers here follow it as players do, to an absolute path where it names a file of this machine; those of
    `playlist_files` leave it as written, for `places` to find out what it may mean. It may lead anywhere: who opens it
    looks first.
    """

    location: str
    title: str = ""
    artist: str = ""
    album: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class Exporter:
    """A playlist format.

    `suffix` with its dot, in lower case. `signature` matches the start of every file of the format: another file is
    not overwritten. `render` and `read` are pure: `read` takes bytes and the folder that relative paths start from, and
    raises ExportError for bytes that are no such playlist. `places` says which of the bytes are the URI of each entry,
    in a format of URIs where another can be put in its place, and () where that cannot be told. `is_plain_text` where
    encoding and line ends are free; with `has_covers`, `render` gets those that lie beside the tracks.
    """

    suffix: str
    title: str
    mime: str
    signature: re.Pattern[bytes]
    render: Callable[[Playlist, Locations], Rendered]
    read: Callable[[bytes, Path], tuple[Entry, ...]]
    places: Callable[[bytes], tuple[slice | None, ...]] | None = None
    is_plain_text: bool = False
    has_covers: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table format; `chunks` makes the bytes of one row a track, a few rows at a time."""

    suffix: str
    title: str
    mime: str
    signature: re.Pattern[bytes]
    chunks: Callable[[Iterable[Track], Sequence[Descriptor]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What became of each track: written, or left out because the format cannot name it or the file is not there.

    `written` are so many tracks, or None where rules stand for them.
    `downgraded` are among those written: named by a URI, which holds on this machine only. `notes` say what the player
    that it was written for may not like.
    """

    path: Path
    written: int | None
    skipped: tuple[Skipped, ...] = ()
    downgraded: tuple[Path, ...] = ()
    missing: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every track is in the file."""
        return not (self.skipped or self.missing)


RULES: Final = ".nsp"  # of smart playlists, which are made of a recipe and not of its tracks: `recipes.nsp`
WHY: Final = Descriptor("why", "Why it is there", "label", "", None, "What the track was chosen for")


def with_reasons(playlist: Playlist) -> tuple[Track, ...]:
    """The tracks with their reasons among their values, so that a table has them in a column."""
    return tuple(
        replace(track, values={**track.values, WHY.name: playlist.reasons[track.id]})
        if track.id in playlist.reasons
        else track
        for track in playlist.tracks
    )


@cache
def exporters() -> tuple[Exporter, ...]:
    """Every playlist format of this folder."""
    return tuple(registry.entries(sys.modules[__name__], "EXPORTER", Exporter))


@cache
def tables() -> tuple[Table, ...]:
    """Every table format of this folder."""
    return tuple(registry.entries(sys.modules[__name__], "TABLE", Table))


def exporter_for(path: Path) -> Exporter | Table:
    """Find the format that the file's suffix names; raises ExportError, naming those there are."""
    known: dict[str, Exporter | Table] = {exporter.suffix: exporter for exporter in exporters()}
    known.update((table.suffix, table) for table in tables())
    suffix = path.suffix.lower()
    if suffix == RULES:
        raise ExportError(f"{RULES} holds a query, not these tracks: `essentialist playlist QUERY -o FILE{RULES}`")
    if suffix not in known:
        raise ExportError(f"{path.name!r} names no format; let it end in one of {', '.join(sorted((*known, RULES)))}")
    return known[suffix]


def table_for(name: str) -> Table:
    """Find the table of this name (`csv`, `json`, …); raises ExportError, naming those there are."""
    for table in tables():
        if table.suffix == f".{name.lower()}":
            return table
    raise ExportError(f"there is no table format {name!r}; use one of {_table_names()}")


def _table_names() -> str:
    return ", ".join(table.suffix.removeprefix(".") for table in tables())


def export(
    playlist: Playlist,
    path: Path,
    *,
    spelling: Spelling = USUAL,
    descriptors: Sequence[Descriptor] = (),
    force: bool = False,
) -> ExportReport:
    """Write a playlist in the format that the suffix of `path` names; `descriptors` are the columns of a table.

    The list is read back before it takes its place: every entry must open the file of its track. (Paths for another
    machine, made with mappings, cannot be opened here and are only counted.)

    Raises
    ------
    ExportError
        Where nothing could be written; an existing file then stays as it was. A file of another format is not
        overwritten without `force`.
    """
    exporter = exporter_for(path)
    if isinstance(exporter, Table):
        if spelling != USUAL:
            raise ExportError(f"a {exporter.title} table holds absolute paths of this machine; leave out path options")
        return export_table(with_reasons(playlist), path, (WHY, *descriptors), force=force)
    if spelling.has_own_text and not exporter.is_plain_text:
        raise ExportError(f"{exporter.suffix} files are always UTF-8; leave out the encoding, or write .m3u")
    path = path.absolute()
    keep_foreign(path, exporter.signature, force=force)
    files = _files(playlist.tracks)
    present = replace(playlist, tracks=tuple(track for track in playlist.tracks if track.path in files))
    present = with_covers(present) if exporter.has_covers else present
    missing = tuple(track.path for track in playlist.tracks if track.path not in files)
    if missing and not present.tracks:
        raise ExportError(f"none of the {len(missing)} files is there; is the drive with the music connected?")
    locations = _settled(exporter, present, files, spelling.locations(Path(os.path.abspath(path.parent))))
    rendered = exporter.render(present, locations)
    written = _written(present, rendered)
    if rendered.skipped and not written:
        raise ExportError(f"no file of the playlist can be named: {rendered.skipped[0].reason}")
    with replacement(path) as file:
        file.write(spelling.encoded(rendered.content) if spelling.has_own_text else rendered.content)
        file.seek(0)
        content = spelling.decoded(file.read()) if spelling.has_own_text else file.read()
        entries = exporter.read(content, locations.playlist_folder)
        if not _opens(entries, written, files, mapped=bool(spelling.mappings)):
            raise ExportError(f"the entries of {path.name} do not open their files; please report this as a bug")
    return ExportReport(path, len(written), rendered.skipped, rendered.downgraded, missing)


def export_table(
    tracks: Iterable[Track], path: Path, descriptors: Sequence[Descriptor], *, force: bool = False
) -> ExportReport:
    """Write a table in the format that the suffix of `path` names; raises ExportError as `export` does."""
    table = exporter_for(path)
    if not isinstance(table, Table):
        raise ExportError(f"{path.suffix} is a playlist, not a table; use one of {_table_names()}")
    path = path.absolute()
    keep_foreign(path, table.signature, force=force)
    numbers = itertools.count()
    counted = (track for track, _ in zip(tracks, numbers, strict=False))  # takes a number only with a track
    with replacement(path) as file:
        file.writelines(table.chunks(counted, descriptors))
    return ExportReport(path, next(numbers))


def keep_foreign(path: Path, signature: re.Pattern[bytes], *, force: bool) -> None:
    """Refuse to overwrite what is not of the same format: somebody made it, and not with us."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ExportError(f"{path} is not a file; choose another name")
        with path.open("rb") as file:
            start = file.read(64)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ExportError(f"cannot read {path}, which is in the way: {error.strerror}; choose another name") from error
    if start and not force and not signature.match(start):
        raise ExportError(f"{path} holds something else than its suffix says; choose another name, or force it")


def _files(tracks: Iterable[Track]) -> dict[Path, os.stat_result]:
    """Look up which files are there."""
    files = {}
    for track in tracks:
        try:
            file = track.path.stat()
        except OSError:
            continue
        if stat.S_ISREG(file.st_mode):
            files[track.path] = file
    return files


def _settled(
    exporter: Exporter, playlist: Playlist, files: Mapping[Path, os.stat_result], locations: Locations
) -> Locations:
    """Choose from which name of the playlist's folder relative paths start.

    Its plain name, as a rule. Where `..` crosses a symbolic link it leads elsewhere: then the folder's real name.
    """
    real = replace(locations, playlist_folder=Path(os.path.realpath(locations.playlist_folder)))
    if locations.mappings or real == locations:
        return locations
    rendered = exporter.render(playlist, locations)
    entries = exporter.read(rendered.content, locations.playlist_folder)
    return locations if _opens(entries, _written(playlist, rendered), files, mapped=False) else real


def _written(playlist: Playlist, rendered: Rendered) -> list[Path]:
    skipped = {path for path, _ in rendered.skipped}
    return [track.path for track in playlist.tracks if track.path not in skipped]


def _opens(
    entries: Sequence[Entry], paths: Sequence[Path], files: Mapping[Path, os.stat_result], *, mapped: bool
) -> bool:
    """Whether the entries are as many as the paths and each opens its file."""
    if len(entries) != len(paths):
        return False
    try:
        return mapped or all(
            os.path.samestat(os.stat(entry.location), files[path]) for entry, path in zip(entries, paths, strict=True)
        )
    except OSError:
        return False
