"""Copy a plan into a folder: each file whole or not at all, and none that is there already."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from essentialist.atomic import replacement
from essentialist.catalogue.roots import root_of
from essentialist.copying import Copied, Item, Plan, Progress, Wanted
from essentialist.copying.names import safe
from essentialist.copying.transcoding import carry_cover, transcode
from essentialist.errors import ExportError, FileChanged, RecordingError
from essentialist.exports import export
from essentialist.playlist import Playlist
from essentialist.playlist_files.checking import regular
from essentialist.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Sequence

APART_NS: Final = 2_000_000_000  # FAT keeps times to two seconds
SPARE: Final = 1_000_000  # bytes for the list and the folders


def copy_to(folder: Path, plan: Plan, wanted: Wanted, progress: Progress | None = None) -> Copied:
    """Copy what is not there yet and write the list, with relative paths, beside it.

    A file counts as there if it has the size and the time of the original; one that is transcoded, its time. What
    cannot be copied is told, and not in the list.

    Raises ExportError where the folder cannot be made or has no room for what is missing, or nothing could be copied.
    """
    make(folder)
    waiting = [item for item in plan.items if not is_there(folder / item.target, item)]
    check_room(folder, waiting)
    whole, done = sum(item.size for item in waiting), 0
    failed: dict[str, str] = {}
    for item in waiting:
        target = folder / item.target
        try:
            make(target.parent)
            check_inside(target.parent, folder)
            with replacement(target) as file:
                write(item, file, wanted)
            os.utime(target, ns=(item.mtime_ns, item.mtime_ns))
        except (OSError, ExportError, RecordingError) as error:
            failed[item.target] = str(error)
        done += item.size
        if progress is not None:
            progress(done, whole)
    kept = plan.without(failed)
    tracks = tuple(replace(item.track, path=Path(os.path.abspath(folder)) / item.target) for item in kept)
    listed = folder / safe(plan.title, ".m3u8")
    report = export(Playlist(plan.title, tracks), listed, spelling=Spelling("relative"))
    return Copied(
        report.path,
        n_copied=len(waiting) - len(failed),
        n_there=len(plan.items) - len(waiting),
        n_bytes=sum((folder / item.target).stat().st_size for item in waiting if item.target not in failed),
        failed=tuple((item.track.path, failed[item.target]) for item in plan.items if item.target in failed),
        plan=plan,
    )


def write(item: Item, file: BinaryIO, wanted: Wanted) -> None:
    """Write a track's file, as it is or transcoded. Raises RecordingError where it cannot be read."""
    if item.transcoded and wanted.form is not None:
        transcode(item.track.path, file, wanted.form, wanted.kbit_s)
        carry_cover(item.track.path, file, wanted.form)
        return
    try:
        source = item.track.path.open("rb")
    except OSError as error:
        raise FileChanged(f"{error.strerror}: make it readable, or analyse its folder again") from error
    with source:
        shutil.copyfileobj(source, file, 1 << 20)


def is_there(target: Path, item: Item) -> bool:
    """Whether a file was copied before and has not changed since."""
    status = regular(str(target))
    if status is None or abs(status.st_mtime_ns - item.mtime_ns) > APART_NS:
        return False
    return status.st_size > 0 if item.transcoded else status.st_size == item.size


def check_room(folder: Path, waiting: list[Item]) -> None:
    """Raise ExportError where the files that wait are more than the disk has room for."""
    needed = sum(item.size for item in waiting) + SPARE
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise ExportError(
            f"{needed / 1e9:.1f} GB are to be copied and {free / 1e9:.1f} GB are free in {folder}; make room there, or"
            " give a --limit or a smaller --format"
        )


def check_outside(folder: Path, roots: Sequence[str]) -> None:
    """Raise ExportError for a folder within the collection, whose files a copy could overwrite."""
    root = root_of(folder, roots)
    if root is not None:
        raise ExportError(f"{folder} is a part of the collection; copy to a folder outside of {root}")


def check_inside(place: Path, folder: Path) -> None:
    """Raise ExportError for a place within a folder from where a link leads out of it, perhaps into the collection."""
    if root_of(place, (str(folder),)) is None:
        raise ExportError(f"a link at {place} leads out of {folder}; remove it, or choose another folder")


def make(folder: Path) -> None:
    """Make a folder where there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"cannot make the folder {folder}: {error.strerror}; choose another place") from error
