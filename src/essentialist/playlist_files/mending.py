"""Mend a playlist: entries that do not open are pointed to the tracks that they mean; all else stays as it is.

A line keeps its style (URI, absolute or relative path), the file its encoding, its line ends and its comments. Before
it takes its place it is read back: every mended entry must open its file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.atomic import replacement
from essentialist.errors import ExportError, Inexpressible, PlaylistError
from essentialist.locations import Locations, PathStyle, file_uri
from essentialist.playlist_files import pls
from essentialist.playlist_files.checking import Finding, check, regular
from essentialist.playlist_files.places import place_of
from essentialist.playlist_files.reading import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from essentialist.exports import Entry
    from essentialist.playlist_files import PlaylistFile
    from essentialist.playlist_files.lines import Lines
    from essentialist.playlist_files.matching import By, Collection

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
        For a format that is not made of lines.
    ExportError
        Where it cannot be written; the old file then stays.
    """
    if file.lines is None:
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
    content = _rewritten(file, file.lines, mended).content()
    _check_again(content, file, mended)
    real = Path(os.path.realpath(file.path))  # a link to a list stays one
    backup = _keep(real)
    with replacement(real) as target:
        target.write(content)
    return Repaired(done.path, done.mended, done.wrong, backup)


def _mended(file: PlaylistFile, findings: tuple[Finding, ...], collection: Collection) -> Iterator[tuple[int, Mended]]:
    """What can be mended, by the entry's number."""
    for number, finding in enumerate(findings):
        if finding.state not in MENDABLE:
            continue
        match = collection.find(finding.entry, file.folder)
        path = finding.path or (str(match.track.path) if match.track else None)
        if path is not None and regular(path) is not None:
            yield number, Mended(finding.entry, path, match.by or "path", location_of(finding.entry, path, file))


def location_of(entry: Entry, path: str, file: PlaylistFile) -> str:
    """Name a file in the style of the entry; by a URI where that style cannot say it, or an encoding of old would."""
    kind = place_of(entry.location, file.folder).kind
    style: PathStyle = "uri" if kind == "uri" else "absolute" if entry.location.startswith("/") else "relative"
    try:
        location = Locations(style, file.folder).line(Path(path))
        location.encode("ascii" if file.lines and file.lines.legacy else "utf-8")
    except (Inexpressible, UnicodeEncodeError):
        return file_uri(path)
    return location if _leads_to(place_of(location, file.folder).paths, path) else file_uri(path)


def _leads_to(paths: tuple[str, ...], path: str) -> bool:
    """Whether the plainest reading is a file; `..` leads elsewhere where it crosses a symbolic link."""
    try:
        return os.path.samefile(paths[0], path)
    except (OSError, IndexError):
        return False


def _rewritten(file: PlaylistFile, lines: Lines, mended: Mapping[int, Mended]) -> Lines:
    """The lines with the new names of files."""
    texts = {file.places[number]: each.location for number, each in mended.items()}
    if file.path.suffix.lower() == ".pls":
        texts = {place: pls.line_for(lines.lines[place], location) for place, location in texts.items()}
    return lines.with_lines(texts)


def _check_again(content: bytes, file: PlaylistFile, mended: Mapping[int, Mended]) -> None:
    """Read the new bytes: as many entries as before, and every mended one opens its file."""
    entries = parse(content, file.path).entries
    opens = len(entries) == len(file.entries) and all(
        _leads_to(place_of(entries[number].location, file.folder).paths, each.path) for number, each in mended.items()
    )
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
