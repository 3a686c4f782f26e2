"""How well and how fast tracks are chosen and ordered: the figures of docs/playlists.md.

    python benchmarks/choosing.py speed
    python benchmarks/choosing.py music ../shared/music ../shared/models/msd-musicnn-1.onnx

`music` listens to a folder of folders (about a minute for 45 clips); what lies in one folder should sound alike.
"""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import onnxruntime
import soxr
from essentia import standard as es
from numpy.typing import NDArray

from essentialist.camelot import camelot
from essentialist.ordering import order
from essentialist.playlists import Candidates, make_playlist, ways
from essentialist.playlists.path import Path as Between
from essentialist.similarity import DECIMALS, Embeddings, nearest
from essentialist.track import Track, Value
from essentialist.transitions import mean_cost
from essentialist.wishes import Length, Wishes

SUFFIXES = {".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav"}
PATCH = 187  # frames
N_STEPS = 10
Array = NDArray[np.float32]


def milliseconds(call: object, repeats: int = 7) -> str:
    """Best and median of some calls, the first one (cold) left out."""
    assert callable(call)
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return f"best {min(times):.0f} ms, median {np.median(times):.0f} ms"


def library(n: int, chance: np.random.Generator) -> list[Track]:
    """Tracks with plausible descriptors, five an artist."""
    return [
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
    ]


def smoothness(tracks: list[Track]) -> str:
    """Mean cost of neighbours in a smooth order, in a random one, and their ratio."""
    chance = np.random.default_rng(0)
    random = np.mean([mean_cost([tracks[i] for i in chance.permutation(len(tracks))]) for _ in range(20)])
    smooth = mean_cost(order(tracks, "smooth"))
    return f"{smooth:.3f}, random {random:.3f}, ratio {smooth / random:.2f}"


def speed() -> None:
    """Time everything on made-up tracks."""
    chance = np.random.default_rng(0)
    n = 100_000
    tracks = tuple(library(n, chance))
    embeddings = Embeddings.of(np.arange(n), chance.normal(size=(n, 200)))
    print("similar, 100,000 x 200:", milliseconds(lambda: nearest(embeddings, 7, 25)))
    several = {7: 1.0, 8: 1.0, 9: 2.0}
    print("  three seeds, one unlike:", milliseconds(lambda: nearest(embeddings, several, 25, unlike={10: 1.0})))
    candidates = Candidates(tracks, embeddings)
    between = Between(tracks[1], tracks[2])
    wishes = Wishes(Length(tracks=25))
    path = ways()["path"]
    print(
        "path of 25 among 100,000:",
        milliseconds(
            lambda: make_playlist("", path, candidates=candidates, parameters=between, wishes=wishes), repeats=3
        ),
    )
    for size in (200, 2_000):
        some = list(tracks[:size])
        print(f"smooth, {size}:", milliseconds(lambda some=some: order(some, "smooth"), repeats=3), smoothness(some))


def samples(path: Path, rate: int) -> Array:
    """Mono samples at a rate."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        mono = av.AudioResampler(format="fltp", layout="mono", rate=stream.rate)
        blocks = [block.to_ndarray()[0] for frame in container.decode(stream) for block in mono.resample(frame)]
        blocks += [block.to_ndarray()[0] for block in mono.resample(None)]
        native = np.concatenate(blocks)
        return np.asarray(soxr.resample(native, stream.rate, rate, quality="HQ"), np.float32)


def embedding(path: Path, network: onnxruntime.InferenceSession) -> Array:
    """Mean over patches without overlap."""
    bands = es.TensorflowInputMusiCNN()
    frames = es.FrameGenerator(samples(path, 16_000), frameSize=512, hopSize=256)
    mel = np.array([bands(frame) for frame in frames], np.float32)
    patches = np.stack([mel[start : start + PATCH] for start in range(0, len(mel) - PATCH + 1, PATCH)])
    (embeddings,) = network.run(["embeddings"], {"melspectrogram": patches})
    return np.asarray(embeddings.mean(axis=0), np.float32)


def descriptors(path: Path) -> dict[str, Value]:
    """Tempo, key and a rough loudness: enough to order by."""
    audio = samples(path, 44_100)
    key, scale, _ = es.KeyExtractor()(audio)
    values: dict[str, Value] = {
        "bpm": float(es.RhythmExtractor2013(method="degara")(audio)[0]),
        "loudness": float(10 * np.log10(np.mean(audio**2) + 1e-9)),
    }
    code = camelot(key, scale)
    return {**values, "camelot": code} if code else values


def unit(vectors: Array) -> Array:
    """Rows of length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def neighbours(name: str, vectors: Array, folders: NDArray[np.str_]) -> None:
    """Print the share of nearest neighbours from the same folder, and how often one track is a neighbour."""
    cosines = unit(vectors) @ unit(vectors).T
    others = cosines[~np.eye(len(cosines), dtype=bool)]
    np.fill_diagonal(cosines, -np.inf)
    nearest_first = np.argsort(-cosines.round(DECIMALS), axis=1, kind="stable")
    shares = [np.mean(folders[nearest_first[:, :k]] == folders[:, None]) for k in (1, 3, 5)]
    most = np.bincount(nearest_first[:, :5].ravel()).max()
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


def line(vectors: Array, a: int, b: int) -> list[int]:
    """For comparison: the nearest free track to each point of the straight line from a to b."""
    steps = [a]
    for t in np.linspace(0, 1, N_STEPS)[1:-1]:
        nearness = unit(((1 - t) * vectors[a] + t * vectors[b])[None])[0] @ vectors.T
        nearness[[*steps, b]] = -np.inf
        steps.append(int(np.argmax(nearness)))
    return [*steps, b]


def paths(tracks: list[Track], embeddings: Embeddings, pairs: list[tuple[int, int]]) -> None:
    """Print the jumps of paths, and of straight lines between the same ends."""
    found: dict[str, list[tuple[float, float, float]]] = {"line": [], "path": []}
    candidates, wishes = Candidates(tuple(tracks), embeddings), Wishes(Length(tracks=N_STEPS), max_per_artist=99)
    for a, b in pairs:
        playlist = make_playlist(
            "", ways()["path"], candidates=candidates, parameters=Between(tracks[a], tracks[b]), wishes=wishes
        )
        steps = {"line": line(embeddings.vectors, a, b), "path": [track.id for track in playlist.tracks]}
        for name, ids in steps.items():
            jumps = [float(np.linalg.norm(embeddings.vectors[p] - embeddings.vectors[q])) for p, q in pairwise(ids)]
            found[name].append((float(np.mean(jumps)), max(jumps), max(jumps) / float(np.median(jumps))))
    for name, figures in found.items():
        mean, largest, ratio = np.mean(figures, axis=0)
        worst = max(figure[2] for figure in figures)
        print(f"{name}: mean jump {mean:.3f}, largest {largest:.3f}, largest / median {ratio:.2f} (worst {worst:.2f})")


def music(folder: Path, model: Path) -> None:
    """Measure on real music."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    one_thread = onnxruntime.SessionOptions()
    one_thread.intra_op_num_threads = 1
    network = onnxruntime.InferenceSession(str(model), one_thread, providers=["CPUExecutionProvider"])
    raw = np.stack([embedding(path, network) for path in files])
    folders = np.array([path.relative_to(folder).parts[0] for path in files])
    chance_level = np.mean([(np.count_nonzero(folders == one) - 1) / (len(files) - 1) for one in folders])
    print(f"{len(files)} files; by chance {chance_level:.3f} of the neighbours are from the same folder")
    embeddings = Embeddings.of(np.arange(len(files)), raw)
    neighbours("raw", raw, folders)
    neighbours("centred", raw - raw.mean(axis=0), folders)
    neighbours("standardised", (raw - raw.mean(axis=0)) / raw.std(axis=0), folders)
    neighbours("Embeddings", embeddings.vectors, folders)
    chance = np.random.default_rng(0)
    drawn = [(int(a), int(b)) for a, b in chance.integers(0, len(files), (120, 2)) if folders[a] != folders[b]][:60]
    blends(embeddings, folders, drawn)
    nobody = [Track(number, path, path.stem) for number, path in enumerate(files)]
    paths(nobody, embeddings, drawn)
    tracks = [
        Track(number, path, path.stem, str(folders[number]), values=descriptors(path))
        for number, path in enumerate(files)
    ]
    print("smooth (tempo, key, loudness):", smoothness(tracks))


if __name__ == "__main__":
    if sys.argv[1:] == ["speed"]:
        speed()
    elif len(sys.argv) == 4 and sys.argv[1] == "music":
        music(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(__doc__)
