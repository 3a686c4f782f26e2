"""Write tags: each file whole or not at all, with what takes it back on the disk first, and nothing else changed."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from essentialist.catalogue.refiling import FiledFile, playing, refile
from essentialist.catalogue.tag_journal import Change, TagJournal, WayBack
from essentialist.errors import RecordingError, Untaggable
from essentialist.files.tags import DAMAGE
from essentialist.runs.stopping import stop_asked_for
from essentialist.sound import audio
from essentialist.tagging.delta import delta, restored
from essentialist.tagging.opening import open_tags, said
from essentialist.tagging.planning import Planner, Row, unchanged
from essentialist.tagging.rewriting import Target, contents, copied, digest, dress, hashed, take_place
from essentialist.tagging.wanting import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from signal import Signals

    from essentialist.catalogue.catalog import Catalog
    from essentialist.tagging import Values
    from essentialist.track import Track

    Progress: TypeAlias = Callable[[int, int], None]
    """Told how many files are done, and of how many."""

USUAL = Wanted()


@dataclass(frozen=True, slots=True)
class Tagged:
    """What became of the files. `run`: the number by which it is undone, None where nothing was written.

    `stopped_by`: the signal that ended it between two files.
    """

    rows: tuple[Row, ...]
    run: int | None = None
    stopped_by: Signals | None = None

    def count(self, fate: str) -> int:
        """How many files had this fate."""
        return sum(row.fate == fate for row in self.rows)


def write_tags(
    catalog: Catalog,
    tracks: Sequence[Track],
    wanted: Wanted = USUAL,
    *,
    apply: bool = False,
    progress: Progress | None = None,
) -> Tagged:
    """Say what was measured in the files of these tracks; without `apply` only tell what would be written.

    Raises TaggingError where another program writes tags for this catalogue, CatalogError where the journal or the
    catalogue cannot be written.
    """
    estimated = frozenset(each.name for each in catalog.descriptors() if each.estimate)
    planner = Planner(wanted, catalog.roots(), estimated)
    if not apply:
        return each_of(catalog, tracks, planner, None, progress)
    with TagJournal(catalog.path) as journal:
        return each_of(catalog, tracks, planner, Writer(catalog, journal, planner), progress)


def each_of(
    catalog: Catalog, tracks: Sequence[Track], planner: Planner, writer: Writer | None, progress: Progress | None
) -> Tagged:
    """One file after the other, until all are done or somebody asks for the end."""
    files = playing(catalog, [track.id for track in tracks])
    rows: list[Row] = []
    with stop_asked_for() as stop:
        for track in tracks:
            if stop:
                break
            file = files.get(track.id)
            row = planner.row(track, file)
            if writer is not None and file is not None and row.fate == "to write":
                row = writer.write(row, file)
            rows.append(row)
            if progress is not None:
                progress(len(rows), len(tracks))
    run = writer.run if writer and any(row.fate == "written" for row in rows) else None
    return Tagged(tuple(rows), run, stop.by)


class Writer:
    """Writes what was planned; the run begins with the first file."""

    def __init__(self, catalog: Catalog, journal: TagJournal, planner: Planner) -> None:
        self.catalog = catalog
        self.journal = journal
        self.planner = planner
        self.run: int | None = None

    def write(self, row: Row, file: FiledFile) -> Row:
        """Write one file; what stands against it is an answer, not an error."""
        if self.run is None:
            self.run = self.journal.start(", ".join(self.planner.wanted.fields))
        try:
            target = unchanged(file, self.planner.roots)
            keep_time = self.planner.wanted.keep_time
            put(self.journal, target, file, row.puts, file.mtime_ns if keep_time else None)
        except Untaggable as reason:
            return row.left(str(reason))
        with suppress(OSError, RecordingError):  # it is written; the next analysis finds out what became of it since
            refile(self.catalog, file)
        return replace(row, fate="written")


def put(journal: TagJournal, target: Target, file: FiledFile, puts: Mapping[str, Values], mtime_ns: int | None) -> None:
    """Put texts into a file, by name of tag. Raises Untaggable, and the file is as it was, where that cannot be."""
    with copied(target, journal) as copy:
        shutil.copyfile(target.path, copy)
        old = edit(copy, puts)
        check_sound(copy, target.path, file.fingerprint)
        dress(copy, target, mtime_ns)
        with journal.kept(Change(file.path, file.fingerprint, old, puts, way_back(target, copy))):
            take_place(copy, target)


def way_back(target: Target, copy: Path) -> WayBack:
    """What makes the file of the copy again; tried, before anybody relies on it."""
    with contents(target.path) as before, contents(copy) as after:
        packed = delta(before, after)
        again = hashed(restored(after, packed))
    way = WayBack(digest(target.path), digest(copy), target.status.st_mtime_ns, packed)
    if again != way.old_digest:
        raise Untaggable("changed while it was read: analyse it again")
    return way


def edit(copy: Path, puts: Mapping[str, Values]) -> dict[str, Values]:
    """Write tags into a copy and read it again; what they were before.

    Raises Untaggable where it does not then say just what it should, or anything else in it has changed.
    """
    tags = open_tags(copy)
    others, old = tags.others(), {name: tags.get(name) for name in puts}
    for name, values in puts.items():
        tags.put(name, values)
    try:
        tags.save(copy)
    except DAMAGE as error:
        raise Untaggable(f"has tags that cannot be written ({said(error)}): have a tagger mend them") from error
    again = open_tags(copy)
    if again.others() != others:
        raise Untaggable("has other tags that would not stay as they are: have a tagger write them anew")
    if any(again.get(name) != values for name, values in puts.items()):
        raise Untaggable("does not give back what was written to it")
    return old


def check_sound(copy: Path, original: Path, fingerprint: bytes) -> None:
    """Raise Untaggable unless the copy sounds as the file did when it was analysed."""
    try:
        heard = audio.fingerprint(copy)
        if heard == fingerprint:
            return
        is_ours = heard != audio.fingerprint(original)
    except RecordingError as error:
        raise Untaggable(f"cannot be read back: {error}") from error
    if is_ours:
        raise Untaggable("would not sound the same afterwards: have a tagger mend it")
    raise Untaggable("does not sound as it did when it was analysed: analyse it again")
