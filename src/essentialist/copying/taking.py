"""Copy a playlist of a collection to a folder or into a zip; the one function of this package that others need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist.copying import Copied, Progress, Wanted
from essentialist.copying.archive import archive
from essentialist.copying.folder import check_outside, copy_to
from essentialist.copying.forms import check
from essentialist.copying.planning import plan

if TYPE_CHECKING:
    import os

    from essentialist.catalogue.catalog import Catalog
    from essentialist.playlist import Playlist

AS_THEY_ARE: Final = Wanted()


def copy(
    catalog: Catalog,
    playlist: Playlist,
    target: str | os.PathLike[str],
    wanted: Wanted = AS_THEY_ARE,
    *,
    progress: Progress | None = None,
) -> Copied:
    """Copy a playlist's files and the list to a folder, or into `target` where it ends in .zip.

    Raises ExportError for impossible wishes, where there is no room, or where nothing could be copied.
    """
    check(wanted.form, wanted.kbit_s)
    path, roots = Path(target).expanduser(), catalog.roots()
    if path.suffix.lower() == ".zip":
        return archive(path, plan(playlist, roots, wanted), wanted, progress)
    check_outside(path, roots)
    return copy_to(path, plan(playlist, roots, wanted), wanted, progress)
