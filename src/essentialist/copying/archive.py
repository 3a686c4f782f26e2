"""Copy a plan into a zip, which takes its place whole or not at all; sound does not shrink, so nothing is packed."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from typing import TYPE_CHECKING, Final

from essentialist.atomic import replacement
from essentialist.copying import Copied, Item, Plan, Progress, Wanted
from essentialist.copying.folder import check_room, write
from essentialist.copying.listing import entry_of, list_of
from essentialist.copying.names import safe
from essentialist.errors import ExportError, RecordingError

if TYPE_CHECKING:
    from pathlib import Path

IN_MEMORY: Final = 16 << 20  # bytes of a transcoded file; more of it lies on the disk meanwhile


def archive(path: Path, plan: Plan, wanted: Wanted, progress: Progress | None = None) -> Copied:
    """Write the files and the list, which names them, into a zip.

    Raises ExportError where it cannot be written, or nothing could be copied.
    """
    if not path.parent.is_dir():
        raise ExportError(f"there is no folder {path.parent}; make it first, or choose another")
    keep_foreign(path, plan.title)
    check_room(path.parent, list(plan.items))
    failed: dict[str, str] = {}
    with replacement(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        whole, done = sum(item.size for item in plan.items), 0
        for item in plan.items:
            try:
                _add(packed, item, wanted)
            except RecordingError as error:
                failed[item.target] = str(error)
            done += item.size
            if progress is not None:
                progress(done, whole)
        kept = plan.without(failed)
        packed.writestr(safe(plan.title, ".m3u8"), list_of(plan.title, kept))
    return Copied(
        path,
        n_copied=len(kept),
        n_there=0,
        n_bytes=path.stat().st_size,
        failed=tuple((item.track.path, failed[item.target]) for item in plan.items if item.target in failed),
        plan=plan,
    )


def keep_foreign(path: Path, title: str) -> None:
    """Refuse to overwrite what is no zip of a playlist of this title."""
    if not path.exists():
        return
    try:
        with zipfile.ZipFile(path) as packed:
            is_ours = safe(title, ".m3u8") in packed.namelist()
    except (OSError, zipfile.BadZipFile):
        is_ours = False
    if not is_ours:
        raise ExportError(f"{path} holds something else; choose another name")


def _add(packed: zipfile.ZipFile, item: Item, wanted: Wanted) -> None:
    """Add a file; it is read whole before the zip hears of it, which cannot take a part back."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as whole:
        write(item, whole, wanted)  # type: ignore[arg-type]
        size = whole.seek(0, 2)
        whole.seek(0)
        entry = entry_of(item)
        entry.file_size = size
        with packed.open(entry, "w") as target:
            shutil.copyfileobj(whole, target, 1 << 20)
