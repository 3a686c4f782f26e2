"""Give files the tags back that they had before a run.

A file that nobody touched since becomes what it was, byte by byte. In one that others wrote to meanwhile, those tags
go back that still say what we wrote; what somebody else said since stays.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from essentialist.catalogue.refiling import FiledFile, refile, sounding
from essentialist.catalogue.tag_journal import Change, TagJournal, TagRun, is_kept
from essentialist.errors import RecordingError, TaggingError, Untaggable
from essentialist.runs.stopping import stop_asked_for
from essentialist.tagging.delta import restored
from essentialist.tagging.opening import open_tags
from essentialist.tagging.planning import Row
from essentialist.tagging.rewriting import GONE, Target, contents, copied, digest, dress, take_place, target_of
from essentialist.tagging.writing import Tagged, put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.catalogue.catalog import Catalog
    from essentialist.tagging import Values
    from essentialist.tagging.writing import Progress

OTHERS: Final = "says something else by now: it stays as it is"
UNDO: Final = "undo"  # what a run is called that gave back single tags
NOTHING: Final = "No tags were written that could be taken back; `essentialist tag --list` shows all runs."


def tag_runs(catalog: Catalog) -> tuple[TagRun, ...]:
    """Earlier runs that wrote tags, the latest first. Raises TaggingError while another program writes."""
    if not is_kept(catalog.path):
        return ()
    with TagJournal(catalog.path) as journal:
        return journal.runs()


def undo_tags(
    catalog: Catalog,
    run: int | None = None,
    *,
    apply: bool = False,
    keep_time: bool = False,
    progress: Progress | None = None,
) -> Tagged:
    """Take back what a run wrote, or the last one that was not taken back; without `apply` only tell what would be.

    `keep_time`: with the time that the files had before, too.

    Raises TaggingError where there is no such run or another program writes.
    """
    if not is_kept(catalog.path):
        raise TaggingError(NOTHING)
    with TagJournal(catalog.path) as journal, stop_asked_for() as stop:
        number = which(journal.runs(), run)
        undoer = Undoer(catalog, journal, keep_time=keep_time)
        n_all, rows = journal.n_changes(number), []
        for change in journal.changes(number):
            if stop:
                break
            rows.append(undoer.row(change, apply=apply))
            if progress is not None:
                progress(len(rows), n_all)
        return Tagged(tuple(rows), number, stop.by)


def which(runs: Sequence[TagRun], run: int | None) -> int:
    """The run that is meant. Raises TaggingError where there is none."""
    for each in runs:
        if each.id == run or (run is None and each.n_undone < each.n_files and each.said != UNDO):
            return each.id
    if run is None:
        raise TaggingError(NOTHING)
    raise TaggingError(f"There is no run {run}; `essentialist tag --list` shows all runs.")


class Undoer:
    """Gives one file after the other what it had."""

    def __init__(self, catalog: Catalog, journal: TagJournal, *, keep_time: bool) -> None:
        self.catalog = catalog
        self.journal = journal
        self.keep_time = keep_time
        self.roots = catalog.roots()
        self.run: int | None = None

    def row(self, change: Change, *, apply: bool) -> Row:
        """What is to be done, or was done, with one file."""
        row = Row(change.path, "written" if apply else "to write", puts=change.old)
        try:
            file, present = self._found(change)
            row = replace(row, path=file.path)
            if present == change.back.old_digest:
                row = replace(row, fate="same")
            else:
                target = target_of(file.path, self.roots)
                puts = {} if present == change.back.new_digest else still_ours(target, change)
                if apply:
                    self._give_back(change, file, target, puts)
        except Untaggable as reason:
            return row.left(str(reason))
        except OSError as error:
            return row.left(f"cannot be read: {error.strerror or error}")
        if apply:
            self.journal.undone(change)
            with suppress(OSError, RecordingError):  # it is done; the next analysis finds out what became of it since
                refile(self.catalog, file)
        return row

    def _found(self, change: Change) -> tuple[FiledFile, bytes]:
        """The file, wherever it is by now, and its digest."""
        candidates = sounding(self.catalog, change.fingerprint)
        for file in candidates:
            if file.path == change.path:
                return file, digest(file.path)
        for file in candidates:
            if digest(file.path) == change.back.new_digest:
                return file, change.back.new_digest
        raise Untaggable(GONE)

    def _give_back(self, change: Change, file: FiledFile, target: Target, puts: dict[str, Values]) -> None:
        mtime_ns = change.back.old_mtime_ns if self.keep_time else None
        if puts:
            if self.run is None:
                self.run = self.journal.start(UNDO)
            put(self.journal, target, file, puts, mtime_ns)
            return
        with copied(target, self.journal) as copy:
            with contents(target.path) as present, copy.open("wb") as old:
                old.writelines(restored(present, change.back.delta))
            if digest(copy) != change.back.old_digest:
                raise Untaggable("cannot be made what it was: the journal does not fit it")
            dress(copy, target, mtime_ns)
            take_place(copy, target)


def still_ours(target: Target, change: Change) -> dict[str, Values]:
    """The old texts of those tags that say what we wrote. Raises Untaggable where none does."""
    tags = open_tags(target.path)
    puts = {name: change.old[name] for name, values in change.new.items() if tags.get(name) == values}
    if not puts:
        raise Untaggable(OTHERS)
    return puts
