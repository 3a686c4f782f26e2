"""Mend a playlist: entries that do not open are pointed to the tracks that they mean; all else stays as it is.

A name keeps its style (URI, absolute or relative path) and its encoding, and no other byte of the file changes. Before
it takes its place it is read back: every mended entry must open its file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist.atomic import replacement
from essentialist.errors import ExportError, Inexpressible, PlaylistError
from essentialist.locations import Locations, PathStyle, file_uri
from essentialist.playlist_files.checking import Finding, check, regular
from essentialist.playlist_files.places import place_of
from essentialist.playlist_files.reading import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from essentialist.exports import Entry
    from essentialist.playlist_files import PlaylistFile
    from essentialist.playlist_files.matching import By, Collection

LOCALHOST: Final = b"file://localhost"  # how rekordbox and iTunes begin a URI
MENDABLE = frozenset({"missing", "outside", "elsewhere", "misread"})


@dataclass(frozen=True, slots=True)
class Mended:
    """An entry, the file that it names now, what it was known by, and the line."""

    entry: Entry
    path: str
    by: By
    location: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """What became of a playlist: what was mended, what is still wrong, and where the old file is kept."""

    path: Path
    mended: tuple[Mended, ...]
    wrong: tuple[Finding, ...]
    backup: Path | None = None


def repair(file: PlaylistFile, collection: Collection, *, dry_run: bool = False) -> Repaired:
    """Mend a playlist and keep the old file beside it.

    Raises
    ------
    PlaylistError
        For a format in which names of files cannot be replaced.
    ExportError
        Where it cannot be written; the old file then stays.
    """
    if not file.places and file.entries:
        raise PlaylistError(
            f"{file.path} has a format whose text cannot be kept; write the list anew: `essentialist import` with -o."
        )
    checked = check(file, collection)
    mended = dict(_mended(file, checked.findings, collection))
    wrong = tuple(
        finding for number, finding in enumerate(checked.findings) if finding.is_wrong and number not in mended
    )
    done = Repaired(file.path, tuple(mended.values()), wrong)
    if dry_run or not mended:
        return done
    content = _rewritten(file, mended)
    _check_again(content, file, mended)
    real = Path(os.path.realpath(file.path))  # a link to a list stays one
    backup = _keep(real)
    with replacement(real) as target:
        target.write(content)
    return Repaired(done.path, done.mended, done.wrong, backup)


def _mended(file: PlaylistFile, findings: tuple[Finding, ...], collection: Collection) -> Iterator[tuple[int, Mended]]:
    """What can be mended, by the entry's number."""
    numbers = [number for number, finding in enumerate(findings) if finding.state in MENDABLE]
    matches = collection.matches([findings[number].entry for number in numbers], file.folder)
    for number, match in zip(numbers, matches, strict=True):
        finding = findings[number]
        path = finding.path or (str(match.track.path) if match.track else None)
        place = file.places[number]
        if path is None or place is None or regular(path) is None:
            continue
        written = file.content[place]
        location = location_of(written, path, file)
        if _encoded(location, file) != written:
            yield number, Mended(finding.entry, path, match.by or "path", location)


def location_of(written: bytes, path: str, file: PlaylistFile) -> str:
    """Name a file in the style of what is written; by a URI where that style, or the file's encoding, cannot say it."""
    if written.lower().startswith(LOCALHOST):
        return LOCALHOST.decode() + file_uri(path).removeprefix("file://")
    locations = Locations(_style_of(written), file.folder)
    if locations.style == "relative" and not _is_same(
        os.path.join(file.folder, os.path.relpath(path, file.folder)), path
    ):
        return file_uri(path)  # `..` leads elsewhere where it crosses a symbolic link
    try:
        location = locations.line(Path(path)) if file.lines else locations.reference(Path(path))
        _encoded(location, file)
    except (Inexpressible, UnicodeEncodeError):
        return file_uri(path)
    return location


def _style_of(written: bytes) -> PathStyle:
    """The path style of a name as it is written in whatever encoding."""
    plain = written.replace(b"\0", b"").lstrip().lower()
    return "uri" if plain.startswith(b"file:") else "absolute" if plain.startswith(b"/") else "relative"


def _is_same(path: str, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def _encoded(location: str, file: PlaylistFile) -> bytes:
    return file.lines.encoded(location) if file.lines else location.encode("ascii")


def _rewritten(file: PlaylistFile, mended: Mapping[int, Mended]) -> bytes:
    """The bytes with the new names of files in the place of the old ones."""
    names = {
        place.start: (place, _encoded(mended[number].location, file))
        for number, place in enumerate(file.places)
        if place is not None and number in mended
    }
    parts, done = [], 0
    for _, (place, name) in sorted(names.items()):
        parts += [file.content[done : place.start], name]
        done = place.stop
    return b"".join((*parts, file.content[done:]))


def _check_again(content: bytes, file: PlaylistFile, mended: Mapping[int, Mended]) -> None:
    """Read the new bytes: as many entries as before, and every mended one opens its file as the file is encoded."""
    again = parse(content, file.path)
    opens = len(again.entries) == len(file.entries)
    for number, each in mended.items() if opens else ():
        location = again.entries[number].location
        paths = place_of(again.lines.readable(location) if again.lines else location, file.folder).paths
        opens = opens and bool(paths) and _is_same(paths[0], each.path)
    if not opens:
        raise ExportError(
            f"the mended entries of {file.path.name} do not open their files; please report this as a bug"
        )


def _keep(path: Path) -> Path:
    """Copy the old file to a name beside it that is free; its bytes and nothing else."""
    for number in range(1, 1000):
        backup = path.with_name(f"{path.name}.bak" if number == 1 else f"{path.name}.bak{number}")
        try:
            with backup.open("xb") as file:
                file.write(path.read_bytes())
        except FileExistsError:
            continue
        except OSError as error:
            raise ExportError(f"cannot keep the old list as {backup}: {error.strerror}; make room there") from error
        return backup
    raise ExportError(f"there are a thousand old copies beside {path}; delete some")
