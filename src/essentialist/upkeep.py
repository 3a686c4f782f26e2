"""What is done to a catalogue besides listening and choosing: a part of the Python API, see `library`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.catalogue import columns_file
from essentialist.catalogue.duplicates import likely_same, same_samples
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.catalogue.holding import Holding
from essentialist.catalogue.merging import merge
from essentialist.catalogue.relocating import relocate
from essentialist.catalogue.rereading import reread

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from essentialist.catalogue.catalog import Catalog
    from essentialist.catalogue.duplicates import Group
    from essentialist.catalogue.merging import Merged, Progress
    from essentialist.catalogue.relocating import Relocation
    from essentialist.catalogue.rereading import Reread


class Upkeep:
    """A catalogue that is kept true to the music and to what other machines know of it."""

    catalog: Catalog
    _holding: Holding | None

    def merge(
        self,
        other: str | os.PathLike[str],
        *,
        roots: Mapping[str, str | os.PathLike[str]] | None = None,
        progress: Progress | None = None,
    ) -> Merged:
        """Take over what another machine's catalogue has and this one lacks, by the sound of the recordings.

        `roots` maps folders there to folders here, whose files of the same size are then entered too. Raises
        CatalogError where the other cannot be read; it is never written to.
        """
        here = {there: Path(folder).expanduser() for there, folder in (roots or {}).items()}
        return merge(self.catalog, Path(other).expanduser(), here, progress)

    def relocate(
        self,
        old: str | os.PathLike[str],
        new: str | os.PathLike[str],
        *,
        split: bool = False,
        dry_run: bool = False,
    ) -> Relocation:
        """Tell where a folder moved, without listening again; see `relocating.relocate`."""
        before, after = (Path(folder).expanduser() for folder in (old, new))
        return relocate(self.catalog, before, after, split=split, dry_run=dry_run)

    def reread(
        self, *folders: str | os.PathLike[str], everything: bool = False, progress: Progress | None = None
    ) -> Reread:
        """Read tags again of files that changed, or of `everything`, without listening; in all roots or in folders."""
        chosen = [Path(folder).expanduser() for folder in folders]
        return reread(self.catalog, chosen, everything=everything, progress=progress)

    def duplicates(self, *, likely: bool = False, progress: Progress | None = None) -> list[Group]:
        """Files with the same samples, in groups; or all that are `likely` the same recording, these among them."""
        same = same_samples(self.catalog)
        if not likely:
            return same
        alike = likely_same(self.catalog, EMBEDDING, progress)
        within = {file.track_id for group in alike for file in group.files}
        return [*(group for group in same if group.files[0].track_id not in within), *alike]

    def keep_columns(self) -> None:
        """Keep what `Library.hold` holds in a file beside the catalogue: the next program then has it at once."""
        if self._holding is not None:
            self._holding.keep()

    def renew_columns(self) -> None:
        """Keep the columns anew where they were kept before and have changed: the next studio starts with them.

        Where no studio ever kept them, they are not wanted.
        """
        if columns_file.is_outdated(self.catalog.path, self.catalog.state()):
            now = Holding(self.catalog)
            now.columns()
            now.keep()
