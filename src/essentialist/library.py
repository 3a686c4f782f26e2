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

import itertools
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from essentialist import measures, models
from essentialist.catalogue.catalog import EVERYTHING, Catalog
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.catalogue.holding import Holding
from essentialist.choosing import similarity
from essentialist.choosing.wishes import Wishes
from essentialist.descriptors import lacking
from essentialist.exchange import Exchange
from essentialist.exports import export_table
from essentialist.files.collection import EVERYTHING as ALL_FILES
from essentialist.history import disliked, judge
from essentialist.playlists import Candidates, Seed, networks_of
from essentialist.playlists.clusters import Clusters, mixes
from essentialist.playlists.filter import Filter
from essentialist.playlists.path import Path as Between
from essentialist.playlists.similar import Similar
from essentialist.profiles import export_for, profile
from essentialist.query import Clause, Columns, Field, fields_of, mask, parse, sortable, sql
from essentialist.query.tree import Words, fields_in
from essentialist.recipes.existing import gone
from essentialist.recipes.making import make
from essentialist.recipes.reasons import columns_of
from essentialist.recipes.recipe import Recipe
from essentialist.runs.planning import Wanted
from essentialist.runs.runner import analyze
from essentialist.settings import read_settings
from essentialist.text import fold
from essentialist.track import Track
from essentialist.upkeep import Upkeep
from essentialist.words import Known, Understood, is_query, understand

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from essentialist.descriptors import Descriptor, Lack
    from essentialist.exports import ExportReport
    from essentialist.files.collection import Selection
    from essentialist.playlist import Playlist
    from essentialist.runs.ledger import Ledger
    from essentialist.runs.observing import Observer
    from essentialist.settings import Settings
    from essentialist.spelling import Spelling

TrackRef: TypeAlias = "Track | int | str | os.PathLike[str]"
"""A track, its id, or the path of a file that plays it."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A track, and how alike it is to the one asked about: the cosine in the space of a measure, -1 to 1."""

    track: Track
    similarity: float


class Library(Upkeep, Exchange):
    """A catalogue, and what one can ask of it."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._holding = None

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> Library:
        """Open the catalogue at this path or the usual one, or make it; CatalogError where that cannot be."""
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
        if not query.strip():
            return EVERYTHING
        tree = parse(query, self.fields())
        if self._holding is None:
            return sql(tree)
        columns = self._holding.columns()
        found = columns.ids[mask(tree, columns)].tolist()
        return Clause("id IN (SELECT value FROM json_each(?))", (json.dumps(found),))

    def hold(self) -> Columns:
        """Keep what queries ask about in memory, up to date, from now on; give it as it is now.

        It takes a moment and pays where many queries follow: each then takes milliseconds.
        """
        if self._holding is None:
            self._holding = Holding(self.catalog)
        return self._holding.columns()

    def ids(self, query: str = "") -> tuple[int, ...]:
        """The ids of the tracks that a query holds for; QueryError where it cannot be understood."""
        return self.catalog.ids(self.clause(query))

    def tracks(self, query: str = "", *, sort: str | None = None, limit: int | None = None) -> tuple[Track, ...]:
        """The tracks that a query holds for, in the order of a field ("bpm", "-added") or of the catalogue.

        Raises QueryError for a query or a field that does not exist.
        """
        order_by = None if sort is None else sortable(self.fields(), sort)
        return self.catalog.tracks(self.clause(query), order_by=order_by, limit=limit)

    def track(self, which: TrackRef) -> Track:
        """One track; UnknownTrack where there is none."""
        return which if isinstance(which, Track) else self.catalog.track(which)

    def understand(self, text: str) -> Understood:
        """What a text asks for: itself where it is a query, else what its words mean in the query language."""
        if is_query(text):
            return Understood(text)
        texts = {
            column: {fold(each): each for each in self.catalog.different(column)} for column in ("artist", "genre")
        }
        known = Known(texts["artist"], frozenset(texts["genre"]), self._has)
        return understand(text, self.fields(), known)

    def _has(self, text: str) -> bool:
        return bool(self.catalog.tracks(sql(Words(text)), limit=1, distributions=False))

    def similar(self, which: TrackRef, *, by: str = measures.USUAL, limit: int = 10) -> tuple[Neighbour, ...]:
        """The tracks most like one, the nearest first: `by` sound, or as `measures` has it.

        Raises UnknownTrack for a track that is not there or was too short or silent to be compared, PlaylistError for
        an unknown measure.
        """
        seed = self.track(which)
        networks = {name: self.catalog.embeddings(name) for name in (EMBEDDING, *measures.networks(by))}
        tracks_compared = () if by in networks or by == measures.USUAL else self.tracks()
        space = measures.space(by, tracks_compared, networks[EMBEDDING], networks)
        near = similarity.nearest(space, seed.id, limit)
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
        return self.make(Recipe(title, query=query, choose=parameters, wishes=wishes or Wishes(), order=order))

    def make(self, recipe: Recipe, *, with_files_only: bool = True) -> Playlist:
        """Make the playlist that a recipe describes; every interface and every other way here ends in this one.

        Raises as `playlist` does; the message names tracks of the recipe that are not there.
        """
        return make(self, recipe, with_files_only=with_files_only)

    def judge(self, *which: TrackRef, liked: bool | None) -> None:
        """Like tracks, dislike them so that no playlist takes them any more, or take either back (None)."""
        judge(self.catalog, [self.track(each).id for each in which], liked)

    def heard(self, which: TrackRef, at: float) -> None:
        """Enter that a track was played at a time, in seconds since 1970."""
        (self._holding or Holding(self.catalog)).heard(self.track(which).id, at)

    def mixes(
        self,
        query: str = "",
        *,
        choose: Clusters | None = None,
        wishes: Wishes | None = None,
        order: str | None = None,
    ) -> tuple[Playlist, ...]:
        """Make a playlist of each kind of music among the tracks that a query holds for, named by what it is.

        With another `wishes.seed` they hold other tracks of the same kinds. Raises as `playlist` does.
        """
        parameters, wishes = Clusters() if choose is None else choose, wishes or Wishes()
        candidates = self.candidates(query, parameters)
        wishes = replace(wishes, excluded=wishes.excluded | gone(candidates))
        return tuple(mixes(candidates, parameters, wishes, order))

    def candidates(self, query: str, parameters: object) -> Candidates:
        """The tracks that a query holds for, with what a way needs to compare them; files may be gone since.

        Disliked ones stay out, unless the query asks about `liked` itself.
        """
        asked = fields_in(parse(query, self.fields()))
        unwanted = frozenset() if "liked" in asked else disliked(self.catalog)
        return Candidates(
            self._let_through(query),
            self.catalog.embeddings(EMBEDDING),
            {name: self.catalog.embeddings(name) for name in networks_of(parameters)},
        ).without(unwanted)

    def _let_through(self, query: str) -> tuple[Track, ...]:
        """The tracks that a query holds for, in no time where the collection is held."""
        if self._holding is None:
            return self.tracks(query)
        held = self._holding.held()
        found = mask(parse(query, self.fields()), held.columns)
        return held.tracks if found.all() else tuple(itertools.compress(held.tracks, found.tolist()))

    def numbers(self, names: Iterable[str]) -> Mapping[str, NDArray[np.float64]]:
        """The collection's known values of some numbers, each of shape (n,), in rising order."""
        if self._holding is None:
            return columns_of(self.catalog, names)
        columns = self._holding.columns().numbers
        return {name: np.sort(columns[name][~np.isnan(columns[name])]) for name in names}

    def export(
        self,
        playlist: Playlist,
        path: str | os.PathLike[str],
        *,
        player: str = "generic",
        spelling: Spelling | None = None,
        force: bool = False,
    ) -> ExportReport:
        """Write a playlist as a player of `profiles` reads it, or spelled otherwise; ExportError where that fails."""
        return export_for(profile(player), self.catalog, playlist, Path(path), spelling, force=force)

    def export_table(self, path: str | os.PathLike[str], query: str = "", *, force: bool = False) -> ExportReport:
        """Write all descriptors of the tracks that a query holds for to a table, one row a track."""
        return export_table(self.catalog.each(self.clause(query)), Path(path), self.descriptors(), force=force)


def similar_to(*tracks: Track, unlike: Sequence[Track] = ()) -> Similar:
    """Choose tracks that sound like these, and unlike others."""
    return Similar(like=tuple(Seed(track) for track in tracks), unlike=tuple(Seed(track) for track in unlike))


def path_between(start: Track, end: Track) -> Between:
    """Choose tracks that lead from one to another in small steps."""
    return Between(start, end)


def ranked_by(field: str) -> Filter:
    """Choose the tracks with the least of a field ("bpm"), or the most ("-bpm")."""
    return Filter(by=field)
