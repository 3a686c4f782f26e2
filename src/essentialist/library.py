"""The Python API: a collection that is listened to once, then asked, explored and made playlists of.

    from essentialist import Length, Library, Wishes, similar_to

    library = Library.open()
    library.analyze("~/Music")
    calm = library.tracks("arousal:..p25 -tag:metal")
    evening = library.playlist(choose=similar_to(calm[0]), wishes=Wishes(Length.parse("60 min")))
    library.export(evening, "evening.m3u8")

The command line is a thin layer over this. Worker processes import the main module again: in a script, call `analyze`
under `if __name__ == "__main__":`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from essentialist import models, similarity
from essentialist.catalog import EVERYTHING, Catalog
from essentialist.collection import EVERYTHING as ALL_FILES
from essentialist.descriptors import lacking
from essentialist.duplicates import likely_same, same_samples
from essentialist.errors import PlaylistError, QueryError
from essentialist.exports import export, export_table
from essentialist.merging import merge
from essentialist.planning import Wanted
from essentialist.playlists import Candidates, Seed, make_playlist, ways
from essentialist.playlists.filter import Filter
from essentialist.playlists.path import Path as Between
from essentialist.playlists.similar import Similar
from essentialist.query import Clause, Field, field_named, fields_of, parse, sql
from essentialist.relocating import relocate
from essentialist.rereading import reread
from essentialist.runner import analyze
from essentialist.settings import read_settings
from essentialist.track import Track

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from essentialist.collection import Selection
    from essentialist.descriptors import Descriptor, Lack
    from essentialist.duplicates import Group
    from essentialist.exports import ExportReport
    from essentialist.ledger import Ledger
    from essentialist.locations import PathMapping, PathStyle
    from essentialist.merging import Merged, Progress
    from essentialist.playlist import Playlist
    from essentialist.playlists import Way
    from essentialist.relocating import Relocation
    from essentialist.rereading import Reread
    from essentialist.runner import Observer
    from essentialist.settings import Settings
    from essentialist.wishes import Wishes

ROUNDS = 3  # in which a playlist is made again without files that are gone
EMBEDDING = "msd-musicnn-1"
"""The network whose embeddings say what sounds alike."""

TrackRef: TypeAlias = "Track | int | str | os.PathLike[str]"
"""A track, its id, or the path of a file that plays it."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A track, and how much it sounds like the one asked about: cosine of their embeddings, -1 to 1."""

    track: Track
    similarity: float


class Library:
    """A catalogue, and what one can ask of it."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> Library:
        """Open the catalogue at this path, or the usual one; it is made where there is none.

        Raises CatalogError where that cannot be.
        """
        settings = read_settings({"catalog": path})
        return cls(Catalog.create(settings.catalog))

    def analyze(
        self,
        *folders: str | os.PathLike[str],
        selection: Selection = ALL_FILES,
        settings: Settings | None = None,
        observer: Observer | None = None,
        retry_failed: bool = False,
    ) -> Ledger:
        """Listen to what is new in these folders, or in all that were analysed before.

        Raises CollectionError for folders that cannot be used, CatalogError when the catalogue cannot be written; what
        was finished before stays.
        """
        chosen = tuple(Path(folder).expanduser() for folder in folders)
        wanted = Wanted(chosen, selection, retry_failed)
        return analyze(self.catalog, wanted, settings or read_settings(), observer)

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
        folders = (Path(folder).expanduser() for folder in (old, new))
        return relocate(self.catalog, *folders, split=split, dry_run=dry_run)

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

    def descriptors(self) -> tuple[Descriptor, ...]:
        """What was measured, in the order of display."""
        return self.catalog.descriptors()

    def lacking(self) -> Lack:
        """What cannot be computed, or only estimated, for want of networks."""
        return lacking(models.installed())

    def fields(self) -> Mapping[str, Field]:
        """What a query can ask about, by name."""
        return fields_of(self.descriptors())

    def clause(self, query: str) -> Clause:
        """A query as a condition on tracks; QueryError where it cannot be understood."""
        return sql(parse(query, self.fields())) if query.strip() else EVERYTHING

    def tracks(self, query: str = "", *, sort: str | None = None, limit: int | None = None) -> tuple[Track, ...]:
        """The tracks that a query holds for, in the order of a field ("bpm", "-added") or of the catalogue.

        Raises QueryError for a query or a field that does not exist.
        """
        order_by = None if sort is None else sortable(self.fields(), sort)
        return self.catalog.tracks(self.clause(query), order_by=order_by, limit=limit)

    def each(self, query: str = "", *, sort: str | None = None) -> Iterator[Track]:
        """The same tracks one after the other, for collections larger than memory."""
        order_by = None if sort is None else sortable(self.fields(), sort)
        return self.catalog.each(self.clause(query), order_by=order_by)

    def track(self, which: TrackRef) -> Track:
        """One track; UnknownTrack where there is none."""
        return which if isinstance(which, Track) else self.catalog.track(which)

    def similar(self, which: TrackRef, *, limit: int = 10) -> tuple[Neighbour, ...]:
        """The tracks that sound most like one, the nearest first.

        Raises UnknownTrack for a track that is not there or was too short or silent to be compared.
        """
        seed = self.track(which)
        near = similarity.nearest(self.catalog.embeddings(EMBEDDING), seed.id, limit)
        tracks = self.catalog.with_ids(near.ids.tolist())
        return tuple(
            Neighbour(tracks[track_id], value)
            for track_id, value in zip(near.ids.tolist(), near.similarities.tolist(), strict=True)
        )

    def playlist(
        self,
        query: str = "",
        *,
        title: str = "Playlist",
        choose: object | None = None,
        wishes: Wishes | None = None,
        order: str | None = None,
    ) -> Playlist:
        """Choose among the tracks that a query holds for.

        `choose` says how, see `similar_to`, `path_between` and `ranked_by`, or holds the parameters of another way;
        without it tracks are taken by chance, with the same `wishes.seed` the same ones. `order` is one of
        `ordering.ORDERS` or a field.

        Raises QueryError, PlaylistError where nothing can be chosen, UnknownTrack for seeds without an embedding.
        """
        parameters = Filter() if choose is None else choose
        candidates = Candidates(self.tracks(query), self.catalog.embeddings(EMBEDDING))
        way = way_of(parameters)

        def made(among: Candidates) -> Playlist:
            return make_playlist(title, way, candidates=among, parameters=parameters, wishes=wishes, order=order)

        return with_files(made, candidates)

    def export(
        self,
        playlist: Playlist,
        path: str | os.PathLike[str],
        *,
        style: PathStyle = "auto",
        mappings: Sequence[PathMapping] = (),
        force: bool = False,
    ) -> ExportReport:
        """Write a playlist in the format that the suffix names, and read it back; ExportError where that fails."""
        descriptors = self.descriptors()
        return export(playlist, Path(path), style=style, mappings=mappings, descriptors=descriptors, force=force)

    def export_table(self, path: str | os.PathLike[str], query: str = "", *, force: bool = False) -> ExportReport:
        """Write all descriptors of the tracks that a query holds for to a table, one row a track."""
        return export_table(self.each(query), Path(path), self.descriptors(), force=force)


def with_files(made: Callable[[Candidates], Playlist], candidates: Candidates) -> Playlist:
    """A playlist of tracks whose files are there, made without looking at every file of the collection.

    What was chosen is looked at, and chosen again without what is gone; where too much is gone, all are looked at.
    """
    for _ in range(ROUNDS):
        playlist = made(candidates)
        gone = {track.id for track in playlist.tracks if not track.path.is_file()}
        left = candidates.without(gone)
        if len(left.tracks) == len(candidates.tracks):  # nothing is gone, or what was asked for by name
            return playlist
        candidates = left
    return made(replace(candidates, tracks=tuple(track for track in candidates.tracks if track.path.is_file())))


def similar_to(*tracks: Track, unlike: Sequence[Track] = ()) -> Similar:
    """Choose tracks that sound like these, and unlike others."""
    return Similar(like=tuple(Seed(track) for track in tracks), unlike=tuple(Seed(track) for track in unlike))


def path_between(start: Track, end: Track) -> Between:
    """Choose tracks that lead from one to another in small steps."""
    return Between(start, end)


def ranked_by(field: str) -> Filter:
    """Choose the tracks with the least of a field ("bpm"), or the most ("-bpm")."""
    return Filter(by=field)


def way_of(parameters: object) -> Way:
    """The way that takes parameters of this kind."""
    for way in ways().values():
        if isinstance(parameters, way.parameters):
            return way
    kinds = ", ".join(way.parameters.__name__ for way in ways().values())
    raise PlaylistError(f"No way of choosing takes {type(parameters).__name__}: give one of {kinds}.")


def sortable(fields: Mapping[str, Field], sort: str) -> str:
    """The name of the field to sort by, with its "-" for the other way round, however it was written.

    Raises QueryError for a field that does not exist or has many values a track.
    """
    direction = "-" if sort.startswith("-") else ""
    field = field_named(fields, sort.removeprefix("-"))
    if field.kind == "distribution":
        raise QueryError(f"{field.name} has many values a track: sort by a number or a text, such as bpm or title.")
    return direction + field.name
