"""How fast tracks are chosen and ordered, and what embeddings and several seeds are best made of.

    python benchmarks/choosing.py speed
    python benchmarks/choosing.py likeness CATALOG

The figures of docs/playlists.md. `likeness` wants a catalogue of a folder of folders of music; what lies in one folder
should sound alike. Quality otherwise is measured by `essentialist evaluate playlists`.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.choosing.ordering import order
from essentialist.choosing.similarity import DECIMALS, Embeddings, nearest
from essentialist.choosing.wishes import Length, Wishes
from essentialist.playlists import Candidates, Seed, make_playlist, ways
from essentialist.playlists.clusters import Clusters
from essentialist.playlists.filter import Filter
from essentialist.playlists.flow import Flow
from essentialist.playlists.path import Path as Between
from essentialist.playlists.similar import Similar
from essentialist.track import Track

if TYPE_CHECKING:
    from collections.abc import Callable

    from essentialist.playlist import Playlist
    from essentialist.playlists import Way

Array = NDArray[np.float32]
N_TRACKS, N_DIMS = 100_000, 200
N_PAIRS = 60


def measured(name: str, call: Callable[[], object], repeats: int = 5) -> None:
    """Print best and median of some calls, and the best time that they kept cores busy; the first one is left out."""
    call()
    walls, cores = [], []
    for _ in range(repeats):
        wall, core = time.perf_counter(), time.process_time()
        call()
        walls.append(1000 * (time.perf_counter() - wall))
        cores.append(1000 * (time.process_time() - core))
    print(f"{name:44} best {min(walls):6.0f} ms, median {np.median(walls):6.0f} ms; cores {min(cores):6.0f} ms")


def library(n: int, chance: np.random.Generator) -> tuple[Track, ...]:
    """Tracks with plausible descriptors, five an artist."""
    return tuple(
        Track(
            number,
            Path(f"{number}"),
            f"Track {number}",
            f"Artist {chance.integers(n // 5 + 1)}",
            duration=float(chance.normal(240, 50)),
            values={
                "bpm": float(np.clip(chance.normal(118, 25), 50, 200)),
                "camelot": f"{chance.integers(1, 13)}{'AB'[chance.integers(2)]}",
                "loudness": float(chance.normal(-10, 3)),
                "arousal": float(chance.normal(5, 0.85)),
                "valence": float(chance.normal(5, 0.66)),
            },
        )
        for number in range(n)
    )


def speed() -> None:
    """Time everything on made-up tracks, from candidates to playlist."""
    chance = np.random.default_rng(0)
    tracks = library(N_TRACKS, chance)
    embeddings = Embeddings.of(np.arange(N_TRACKS), chance.normal(size=(N_TRACKS, N_DIMS)))
    measured("25 nearest", lambda: nearest(embeddings, 7, 25))
    measured("  three seeds, one unlike", lambda: nearest(embeddings, {7: 1.0, 8: 1.0, 9: 2.0}, 25, unlike={10: 1.0}))
    usual, timed, varied = Wishes(), Wishes(Length(seconds=90 * 60)), Wishes(diversity=0.5)
    first, second = tracks[1], tracks[2]
    for name, parameters, wishes in (
        ("filter", Filter(), usual),
        ("similar", Similar((Seed(first),)), usual),
        ("similar, diversity 0.5", Similar((Seed(first),)), varied),
        ("similar, mood", Similar((Seed(first),), alike="mood"), usual),
        ("similar, sound and tempo", Similar((Seed(first),), alike="sound:2, tempo"), usual),
        ("flow", Flow(first), usual),
        ("path", Between(first, second), usual),
        ("path, 90 min", Between(first, second), timed),
        ("clusters", Clusters(), usual),
    ):
        way, fresh = ways()[name.partition(",")[0]], partial(Candidates, tracks, embeddings)
        measured(f"{name}, of {N_TRACKS:,}", partial(made, way, fresh, parameters, wishes), repeats=3)
    for size in (200, 2_000):
        measured(f"smooth, {size:,}", partial(order, tracks[:size], "smooth", sound=embeddings), repeats=3)


def made(way: Way, candidates: Callable[[], Candidates], parameters: object, wishes: Wishes) -> Playlist:
    """A playlist of candidates that nobody has placed before."""
    return make_playlist("", way, candidates=candidates(), parameters=parameters, wishes=wishes)


def unit(vectors: Array) -> Array:
    """Rows of length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def neighbours(name: str, vectors: Array, folders: NDArray[np.str_]) -> None:
    """Print how often the nearest are from the same folder, and how often one track is among the nearest."""
    cosines = np.round(unit(vectors) @ unit(vectors).T, DECIMALS)
    np.fill_diagonal(cosines, -np.inf)
    near = np.argsort(-cosines, axis=1, kind="stable")
    shares = [(folders[near[:, :n]] == folders[:, None]).mean() for n in (1, 3, 5)]
    most = np.bincount(near[:, :5].ravel(), minlength=len(folders)).max()
    others = cosines[cosines > -np.inf]
    spans = f"cosines {others.min():.2f} to {others.max():.2f}, mean {others.mean():.2f}"
    print(f"{name:12} of the nearest 1, 3, 5: {shares[0]:.3f} {shares[1]:.3f} {shares[2]:.3f}; {spans}; most {most}")


def blends(embeddings: Embeddings, folders: NDArray[np.str_], pairs: list[tuple[int, int]]) -> None:
    """Print three ways to be like two seeds at once."""
    vectors = embeddings.vectors
    found: dict[str, list[tuple[float, float, float]]] = {"average": [], "largest": [], "turns": []}
    for a, b in pairs:
        to_both = vectors @ vectors[[a, b]].T
        average, largest = vectors @ (vectors[a] + vectors[b]), to_both.max(axis=1)
        average[[a, b]] = largest[[a, b]] = -np.inf
        turns = nearest(embeddings, {a: 1.0, b: 1.0}, 10).ids
        for name, ten in (
            ("average", np.argsort(-average)[:10]),
            ("largest", np.argsort(-largest)[:10]),
            ("turns", turns),
        ):
            side = to_both[ten].argmax(axis=1).mean()
            home = np.isin(folders[ten], folders[[a, b]]).mean()
            found[name].append((float(to_both[ten].max(axis=1).mean()), min(side, 1 - side), float(home)))
    for name, figures in found.items():
        to_seed, weaker, home = np.mean(figures, axis=0)
        print(f"like two, {name:8} to the nearer seed {to_seed:.2f}; weaker seed's share {weaker:.2f}; home {home:.2f}")


def likeness(catalog: Catalog) -> None:
    """Compare what embeddings are made of, and ways to be like several tracks."""
    with catalog.reading() as db:
        rows = db.execute(
            "SELECT root, path, vector FROM embedding JOIN listing ON id = track_id WHERE model = ? ORDER BY path",
            (EMBEDDING,),
        ).fetchall()
    raw = np.stack([np.frombuffer(row["vector"], "<f4") for row in rows])
    folders = np.array([bytes(row["path"]).partition(b"/")[0].decode(errors="replace") for row in rows])
    embeddings = Embeddings.of(np.arange(len(rows)), raw)
    neighbours("raw", raw, folders)
    neighbours("centred", raw - raw.mean(axis=0), folders)
    neighbours("standardised", (raw - raw.mean(axis=0)) / raw.std(axis=0), folders)
    neighbours("Embeddings", embeddings.vectors, folders)
    drawn = np.random.default_rng(0).integers(0, len(rows), (4 * N_PAIRS, 2)).tolist()
    blends(embeddings, folders, [(a, b) for a, b in drawn if folders[a] != folders[b]][:N_PAIRS])


if __name__ == "__main__":
    if sys.argv[1:] == ["speed"]:
        speed()
    elif len(sys.argv) == 3 and sys.argv[1] == "likeness":
        likeness(Catalog(Path(sys.argv[2])))
    else:
        sys.exit(__doc__)
