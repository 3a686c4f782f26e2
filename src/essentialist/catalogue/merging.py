"""Another machine's work brought home: what it computed of a recording is entered here, by fingerprint.

A value is taken where it is what an analysis would compute here (the same extractor's version, weights of the same
hash) and nothing as good is here: absent, of another version, or of the profile `balanced` where the other is `full`.
So merging twice is merging once, in any order, and older work never overwrites newer.

A recording whose file is not known here is entered all the same and awaits it: the next analysis that meets its sound
takes a fingerprint and does not listen. With mapped roots the files are entered too, where they are here in the same
size, and the next analysis has nothing to do. OTHER is only read. What is entered stays when a merge is interrupted.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeAlias

from essentialist import models
from essentialist.analysis import Analysis, Heard, Sound, kept, provenance
from essentialist.catalogue import foreign, inventory
from essentialist.catalogue.filing import await_file, file_track, track_of, write_values
from essentialist.catalogue.recorder import Recorder, located
from essentialist.catalogue.remembering import is_network
from essentialist.descriptors import extractors, usable
from essentialist.errors import CatalogError, ModelError
from essentialist.files.naming import complete
from essentialist.track import AudioFile, Tags

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from essentialist.catalogue.catalog import Catalog
    from essentialist.catalogue.foreign import ForeignCatalog, ForeignTrack
    from essentialist.catalogue.patch_store import KeptPatches
    from essentialist.descriptors import Extractor

Progress: TypeAlias = "Callable[[int, int], None]"
"""Told how many recordings are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the recordings of another catalogue: `found` is the sum of the four that follow it.

    `added`: not known here before. `completed`: known, and something better was taken over. `unchanged`: all that is
    there is here. `refused`: damaged, or computed by other versions than those here. Of those added or known, so many
    `files` were entered and so many recordings are `waiting` for theirs. `patches`: recordings whose patch embeddings
    were taken over. `lacking`: by extractor, of how many recordings its values could not be taken and are not here.
    """

    found: int = 0
    added: int = 0
    completed: int = 0
    unchanged: int = 0
    refused: int = 0
    files: int = 0
    waiting: int = 0
    patches: int = 0
    lacking: Mapping[str, int] | None = None

    def as_row(self) -> dict[str, object]:
        """For JSON."""
        return {**asdict(self), "lacking": dict(self.lacking or {})}


def merge(
    catalog: Catalog, other: Path, roots: Mapping[str, Path] | None = None, progress: Progress | None = None
) -> Merged:
    """Take over what another catalogue has and this one lacks.

    Parameters
    ----------
    roots : folders here by the folders there that they are, for taking over files too

    Raises
    ------
    CatalogError
        OTHER is this catalogue, cannot be read, or has no file in a folder of `roots`; or this one cannot be written.
    """
    if other.exists() and os.path.samefile(other, catalog.path):
        raise CatalogError(f"{other} is the catalogue that is merged into: give another machine's.")
    with foreign.opened(other) as theirs, Recorder(catalog) as recorder:
        known = theirs.roots()
        for there in roots or {}:
            if not any(_overlap(there, root) for root in known):
                raise CatalogError(f"{other} knows no folder {there}: it has {', '.join(known) or 'none'}.")
        merger = _Merger(recorder, theirs, roots or {})
        n_tracks = theirs.n_tracks()
        for chunk in theirs.chunks():
            merger.take(chunk)
            if progress:
                progress(merger.n_seen, n_tracks)
        return merger.summary(n_tracks)


def acceptable(installed: frozenset[str]) -> dict[str, tuple[Extractor, ...]]:
    """By name, the extractors whose values are good here: the one that an analysis runs, else any that is known."""
    usual = {extractor.name: (extractor,) for extractor in usable(installed)}
    others: dict[str, tuple[Extractor, ...]] = {}
    for extractor in extractors():
        if extractor.name not in usual and all(_has_hash(name) for name in extractor.models):
            others[extractor.name] = (*others.get(extractor.name, ()), extractor)
    return usual | others


class _Merger:
    """A merge under way."""

    def __init__(self, recorder: Recorder, theirs: ForeignCatalog, roots: Mapping[str, Path]) -> None:
        self.recorder = recorder
        self.theirs = theirs
        self.roots = {there: str(here.absolute()) for there, here in roots.items()}
        self.extractors = acceptable(models.installed())
        self.known = {extractor.name for extractor in extractors()}
        self.counts: Counter[str] = Counter()
        self.lacking: Counter[str] = Counter()
        self.learned: set[Extractor] = set()

    @property
    def n_seen(self) -> int:
        """How many recordings were looked at."""
        return sum(self.counts[fate] for fate in ("added", "completed", "unchanged", "refused"))

    def summary(self, n_found: int) -> Merged:
        """What was done; recordings that could not be read count as refused."""
        self.counts["refused"] += n_found - self.n_seen
        return Merged(n_found, **self.counts, lacking=dict(self.lacking))

    def take(self, chunk: list[ForeignTrack]) -> None:
        """Take over some recordings: first their patches, as after an analysis, then the rest in one transaction."""
        ours = {track.fingerprint: inventory.sound_values(self.recorder.db, track.fingerprint) for track in chunk}
        better = {track.fingerprint: self._better(track, ours[track.fingerprint] or {}) for track in chunk}
        self._learn({extractor for each in better.values() for extractor in each})
        for track in chunk:
            if ours[track.fingerprint] is not None or better[track.fingerprint]:
                self.counts["patches"] += self._take_patches(track.fingerprint)
        with self.recorder.transaction() as db:
            for track in chunk:
                self.counts[self._enter(db, track, better[track.fingerprint])] += 1

    def _learn(self, taken: set[Extractor]) -> None:
        """Have a column for each value that is taken; the descriptions of what an analysis runs stay first."""
        if taken <= self.learned:
            return
        self.learned |= taken
        usual = usable(models.installed())
        self.recorder.learn([*usual, *sorted(self.learned - set(usual), key=lambda each: each.name)])

    def _better(self, track: ForeignTrack, ours: Mapping[str, str]) -> dict[Extractor, str]:
        """What is better there than here: extractor -> provenance."""
        found = {}
        for name, origin in track.computed.items():
            there, extractor = self._rank(name, origin)
            here, _ = self._rank(name, ours.get(name))
            if extractor and there > here:
                found[extractor] = origin
            elif not there and not here and name in self.known:
                self.lacking[name] += 1
        return found

    def _rank(self, name: str, origin: str | None) -> tuple[int, Extractor | None]:
        """How good a value of this origin is here: 0 for none, 1 for a right one, 2 for a thorough one; and whose."""
        for extractor in self.extractors.get(name, ()):
            if origin == provenance(extractor, "full"):
                return 2, extractor
            if origin == provenance(extractor, "balanced"):
                return 1, extractor
        return 0, None

    def _enter(self, db: sqlite3.Connection, track: ForeignTrack, better: Mapping[Extractor, str]) -> str:
        sound = Sound(track.duration, track.waveform)
        known = db.execute("SELECT id FROM track WHERE fingerprint = ?", (track.fingerprint,)).fetchone()
        if not known and not better:
            return "refused"
        track_id = track_of(db, Heard(Tags(), track.fingerprint, sound))
        if track_id is None:  # what was heard is always entered
            raise AssertionError
        if better:
            write_values(db, track_id, analysis_of(track, better))
        self.counts["files"] += sum(self._file(db, *each) for each in self._places(track))
        self.counts["waiting"] += await_file(db, track_id, track.sizes)
        return "added" if not known else "completed" if better else "unchanged"

    def _places(self, track: ForeignTrack) -> Iterator[tuple[AudioFile, Heard]]:
        """Where files of a recording are on this machine, in the same size as there."""
        for file in track.files:
            for there, here in self.roots.items():
                path = file.within(there)
                status = status_of(os.path.join(here, path)) if path else None
                if path and status and status.st_size == file.size:
                    heard = Heard(complete(file.tags, path), track.fingerprint)
                    yield AudioFile(here, path, status.st_size, status.st_mtime_ns), heard

    def _file(self, db: sqlite3.Connection, file: AudioFile, heard: Heard) -> bool:
        """Enter a file, unless something is known in its place."""
        root_id, placed = located(db, file)
        place = (root_id, os.fsencode(placed.path))
        if db.execute("SELECT 1 FROM file WHERE root_id = ? AND path = ?", place).fetchone():
            return False
        return file_track(db, root_id, placed, heard) is not None

    def _take_patches(self, fingerprint: bytes) -> bool:
        taken = [each for each in self.theirs.kept_patches(fingerprint) if self._wants(fingerprint, each)]
        if taken:
            self.recorder.patches.keep(fingerprint, taken)
        return bool(taken)

    def _wants(self, fingerprint: bytes, patches: KeptPatches) -> bool:
        """Whether patches are of a network as it is here, and better than those that are here."""
        if patches.network not in {each.name for each in models.networks()} or not _has_hash(patches.network):
            return False
        network = models.network(patches.network)
        if patches.weights != network.signature or patches.embeddings.shape[1] != network.n_dims:
            return False
        ours = self.recorder.patches.recall(fingerprint, patches.network)
        return (
            ours is None or ours.weights != patches.weights or (ours.profile, patches.profile) == ("balanced", "full")
        )


def analysis_of(track: ForeignTrack, better: Mapping[Extractor, str]) -> Analysis:
    """What some extractors said there, as far as their descriptors allow it, with the embeddings that they read."""
    values = {}
    for extractor in better:
        values.update(kept(track.values, extractor.outputs))
    networks = {name for extractor in better for name in extractor.models if is_network(name)}
    embeddings = {
        name: each
        for name, each in track.embeddings.items()
        if name in networks and each.shape[1] == models.network(name).n_dims
    }
    return Analysis(values, embeddings, {extractor.name: origin for extractor, origin in better.items()}, {})


def status_of(path: str) -> os.stat_result | None:
    """The status of a regular file; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _overlap(one: str, other: str) -> bool:
    """Whether one of two folders lies in the other."""
    return f"{one.rstrip('/')}/".startswith(f"{other.rstrip('/')}/") or f"{other.rstrip('/')}/".startswith(
        f"{one.rstrip('/')}/"
    )


def _has_hash(name: str) -> bool:
    """Whether it is known which weights a network or head should have."""
    try:
        return bool(models.named(name).signature)
    except ModelError:
        return False
