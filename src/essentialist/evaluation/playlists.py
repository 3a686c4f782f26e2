"""Playlists: whether what sounds alike is of one kind, paths are even, orders smooth, kinds stable, presets full.

Two collections are looked at: the catalogue, where the folders of the music stand for its kinds (releases of one label
or artist sound alike), and a synthetic one whose kinds are known. docs/playlist-quality.md has the definitions.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist import measures
from essentialist.choosing.ordering import order
from essentialist.choosing.transitions import mean_cost
from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import EvaluationError, PlaylistError
from essentialist.evaluation import Evaluation, Report, Table
from essentialist.evaluation._presets import presets
from essentialist.evaluation._quality import (
    adjusted_rand,
    greedy_cost,
    random_costs,
    share_by_chance,
    shares_of_own_kind,
    steps,
    straight_line,
)
from essentialist.evaluation._synthetic import synthetic
from essentialist.playlists import Candidates, Seed, make_playlist, ways
from essentialist.playlists.clusters import Clusters, kinds
from essentialist.playlists.path import Path as Between
from essentialist.playlists.similar import Similar
from essentialist.predictions import CatalogPredictions
from essentialist.versions import artist_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.choosing.similarity import Embeddings
    from essentialist.evaluation import Cell
    from essentialist.library import Library
    from essentialist.predictions import Predictions

NEAREST: Final = (1, 3, 5)
N_PATHS, N_STEPS = 60, 10
N_ORDERED: Final = 200  # tracks put in order, of a larger collection
N_RANDOM: Final = 10_000  # orders
N_PAIRS: Final = 10  # of samples that are grouped
SAMPLED: Final = 0.9
CAP: Final = 2  # tracks an artist
LARGEST: Final = 2_000  # tracks that are looked at
RATIO: Final = "smooth/random"
RATIO_APART: Final = "artists apart"


@dataclass(frozen=True, slots=True)
class Material:
    """A collection, and the kind of each of its tracks."""

    name: str
    candidates: Candidates
    kinds: tuple[str, ...]

    @property
    def ids(self) -> list[int]:
        """The tracks by id."""
        return [track.id for track in self.candidates.tracks]


def evaluate(path: Path, predictions: Predictions) -> Report:
    """Evaluate playlists of the tracks in a folder, and of synthetic ones."""
    if not isinstance(predictions, CatalogPredictions):
        raise EvaluationError("Playlists are made of a catalogue, not of a table: leave out --predictions.")
    made_up, numbers = synthetic()
    materials = (
        in_catalogue(path, predictions.library),
        Material("synthetic", made_up, tuple(str(number) for number in numbers.tolist())),
    )
    tables = tuple(part(materials) for part in (similar, artists, paths, orders, clusters))
    figures: dict[str, Cell] = {material.name: len(material.kinds) for material in materials}
    return Report(figures, (*tables, presets(predictions.library)), predictions.remarks)


def in_catalogue(path: Path, library: Library) -> Material:
    """The tracks below a folder that can be compared, by the folders in it; a sample of very many."""
    above = path.absolute()
    bases = [above, *(Path(root) for root in library.catalog.roots() if Path(root).is_relative_to(above))]
    sound = library.candidates("", Similar()).space()
    named = [
        (track, max((below(track.path, base) for base in bases), key=lambda each: each[0]))
        for track in library.tracks()
        if track.path.is_relative_to(above)
    ]
    known = sound.known([track.id for track, _ in named]).tolist()
    chosen = [(track, kind) for (track, (_, kind)), there in zip(named, known, strict=True) if there and kind]
    if len({kind for _, kind in chosen}) < 2:
        raise EvaluationError(f"Fewer than two folders of analysed music in {path}. Give one that has folders in it.")
    if len(chosen) > LARGEST:
        rows = np.random.default_rng(0).choice(len(chosen), LARGEST, replace=False)
        chosen = [chosen[row] for row in np.sort(rows).tolist()]
    return Material("music", Candidates(tuple(track for track, _ in chosen), sound), tuple(kind for _, kind in chosen))


def below(file: Path, base: Path) -> tuple[int, str]:
    """How deep a folder lies, and which folder in it holds a file; -1 and "" where the file is not in it."""
    if not file.is_relative_to(base):
        return -1, ""
    parts = file.relative_to(base).parts
    return len(base.parts), parts[0] if len(parts) > 1 else ""


def similar(materials: Sequence[Material]) -> Table:
    """The nearest tracks by each measure that says something: how many are of the same kind."""
    rows: list[tuple[Cell, ...]] = []
    for material in materials:
        for name in (measures.USUAL, *measures.measures()):
            try:
                space = material.candidates.space(name)
            except PlaylistError:
                continue
            rows.append((material.name, name, *shares_of_own_kind(space, material.ids, material.kinds, NEAREST)))
        rows.append((material.name, "by chance", *[share_by_chance(material.kinds)] * len(NEAREST)))
    return Table("similar", ("collection", "nearest by", *(f"of {n}" for n in NEAREST)), tuple(rows))


def artists(materials: Sequence[Material]) -> Table:
    """Playlists like each track, with at most two an artist: the most an artist has in any of them."""
    rows, way = [], ways()["similar"]
    for material in materials:
        tracks = material.candidates.tracks[:: max(1, len(material.ids) // N_ORDERED)]
        wishes = Wishes(Length(tracks=10), max_per_artist=CAP)
        made = [
            make_playlist(
                "", way, candidates=material.candidates, parameters=Similar((Seed(track),)), wishes=wishes
            ).tracks
            for track in tracks
        ]
        most = max(n for each in made for n in Counter(artist_key(track) for track in each).values())
        rows.append((material.name, len(tracks), CAP, most))
    return Table("artists", ("collection", "playlists", "at most", "most"), tuple(rows))


def paths(materials: Sequence[Material]) -> Table:
    """Steps of paths between tracks of different kinds, and of straight lines between the same ends."""
    rows: list[tuple[Cell, ...]] = []
    for material in materials:
        space, found = material.candidates.space(), dict[str, list[tuple[float, float, float]]]()
        for ends in drawn_ends(material):
            for name, ids in (
                ("path", path_ids(material, ends)),
                ("straight line", straight_line(space, material.ids, ends, N_STEPS)),
            ):
                each = steps(space, ids)
                found.setdefault(name, []).append((each.mean(), each.max(), each.max() / each.mean()))
        for name, figures in found.items():
            mean, largest, ratio = np.mean(figures, axis=0).tolist()
            rows.append((material.name, name, mean, largest, ratio, max(figure[2] for figure in figures)))
    return Table("paths", ("collection", "way", "mean step", "largest step", "largest/mean", "worst"), tuple(rows))


def drawn_ends(material: Material) -> list[tuple[int, int]]:
    """Pairs of tracks of different kinds, by chance."""
    chance, ids = np.random.default_rng(0), material.ids
    drawn = chance.integers(0, len(ids), (4 * N_PATHS, 2)).tolist()
    return [(ids[a], ids[b]) for a, b in drawn if material.kinds[a] != material.kinds[b]][:N_PATHS]


def path_ids(material: Material, ends: tuple[int, int]) -> list[int]:
    """A path of ten tracks. Artists do not count here, so that it can be compared with a line that knows none."""
    by_id = {track.id: track for track in material.candidates.tracks}
    made = make_playlist(
        "",
        ways()["path"],
        candidates=material.candidates,
        parameters=Between(by_id[ends[0]], by_id[ends[1]]),
        wishes=Wishes(Length(tracks=N_STEPS), max_per_artist=N_STEPS, one_version=False),
    )
    return [track.id for track in made.tracks]


def orders(materials: Sequence[Material]) -> Table:
    """Mean cost between neighbours in a smooth order, against other orders of the same tracks.

    The others keep no artists apart, and here nor does the smooth one; its usual ratio, with artists apart, is last.
    """
    rows = []
    for material in materials:
        tracks = material.candidates.tracks
        chosen = np.sort(np.random.default_rng(0).permutation(len(tracks))[:N_ORDERED]).tolist()
        some, sound = [tracks[row] for row in chosen], material.candidates.embeddings
        nobody = [replace(track, artist="", album="") for track in some]
        smooth, apart = (mean_cost(order(each, "smooth", sound=sound), sound) for each in (nobody, some))
        random = random_costs(some, sound, N_RANDOM)
        usual, best, greedy = float(random.mean()), float(random.min()), greedy_cost(some, sound)
        rows.append((material.name, len(some), smooth, greedy, best, usual, smooth / usual, apart / usual))
    columns = ("collection", "tracks", "smooth", "greedy", f"best of {N_RANDOM:,}", "random", RATIO, RATIO_APART)
    return Table("orders", columns, tuple(rows))


def clusters(materials: Sequence[Material]) -> Table:
    """Kinds of music found in pairs of samples of nine tracks in ten: how far they agree on what both hold."""
    rows = []
    for material in materials:
        labels, n = grouped(material.candidates)
        chance, tracks = np.random.default_rng(0), material.candidates.tracks
        agreement = []
        for _ in range(N_PAIRS):
            samples = [chance.random(len(tracks)).argsort()[: int(SAMPLED * len(tracks))] for _ in range(2)]
            first, second = (grouped(sampled(material.candidates, np.sort(each).tolist()))[0] for each in samples)
            both = sorted(first.keys() & second.keys())
            agreement.append(adjusted_rand([first[each] for each in both], [second[each] for each in both]))
        truth = adjusted_rand([labels[each] for each in material.ids], material.kinds)
        rows.append((material.name, n, len(set(material.kinds)), truth, float(np.mean(agreement)), min(agreement)))
    columns = ("collection", "kinds", "true", "rand to true", "rand of two samples", "worst")
    return Table("clusters", columns, tuple(rows))


def grouped(candidates: Candidates) -> tuple[dict[int, int], int]:
    """The number of each track's group by id, and how many groups there are."""
    found = kinds(candidates, Clusters())
    return {track.id: number for number, kind in enumerate(found) for track in kind.tracks}, len(found)


def sampled(candidates: Candidates, rows: Sequence[int]) -> Candidates:
    """Some of the tracks, as if there were no others: their embeddings are centred anew."""
    tracks = tuple(candidates.tracks[row] for row in rows)
    ids = [track.id for track in tracks]
    return Candidates(tracks, again(candidates.space(), ids))


def again(space: Embeddings, ids: Sequence[int]) -> Embeddings:
    """The embeddings of some tracks on their own."""
    return type(space).of(ids, space.placed(ids))


EVALUATION = Evaluation(
    "playlists",
    "Playlists of the catalogue and of a synthetic collection: likeness, paths, orders, kinds of music, presets.",
    "[FOLDER]",
    evaluate,
)
