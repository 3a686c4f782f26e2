"""How long a walk over many files takes: 10 % have no extension, and half as many covers lie beside the tracks.

    python benchmarks/walk.py [N_TRACKS]

Each case is walked five times, with the directory cache warm; the best and the worst time are printed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from essentialist.files.collection import NOTHING, walk
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from collections.abc import Container

TRACKS_A_FOLDER = 12
N_REPEATS = 5


def make_collection(root: Path, n_tracks: int) -> None:
    """Write small files in folders of 12; every tenth is FLAC by its content only."""
    for index in range(n_tracks):
        folder = root / f"artist {index // TRACKS_A_FOLDER // 5}" / f"album {index // TRACKS_A_FOLDER}"
        folder.mkdir(parents=True, exist_ok=True)
        suffix = "" if index % 10 == 0 else ".flac"
        (folder / f"{index:06} title{suffix}").write_bytes(b"fLaC\x00\x00\x00\x22" + bytes(100))
        if index % 2 == 0:
            (folder / f"{index:06}.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))


def measure(root: Path, known: Container[AudioFile]) -> tuple[list[float], int]:
    """Seconds of each walk, and how many files it found."""
    times, n_found = [], 0
    for _ in range(N_REPEATS):
        start = perf_counter()
        n_found = sum(1 for _ in walk(root, known=known))
        times.append(perf_counter() - start)
    return times, n_found


def main(n_tracks: int) -> None:
    """Make a collection of `n_tracks` and walk it, unknown and known."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_collection(root, n_tracks)
        known = frozenset(file for file in walk(root) if isinstance(file, AudioFile))
        for title, container in (("unknown", NOTHING), ("known", known)):
            times, n_found = measure(root, container)
            print(f"{title:8} {n_found} files  best {min(times):.3f} s  worst {max(times):.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
