"""A made-up collection whose kinds of music are known, to evaluate playlists on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.camelot import WHEEL
from essentialist.choosing.similarity import Embeddings
from essentialist.playlists import Candidates
from essentialist.track import Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.track import Value

N_KINDS: Final = 9
N_TRACKS: Final = 60  # a kind
N_ARTISTS: Final = 12  # a kind
N_DIMS: Final = 200
NOISE: Final = 0.1  # of each dimension: two tracks of a kind have a cosine of about 0.3, of two kinds 0
SHARED: Final = 0.5  # of each dimension: the direction that all embeddings of a network have in common


def synthetic(seed: int = 0) -> tuple[Candidates, NDArray[np.intp]]:
    """Make tracks, and the number of each one's kind, with which go its embedding, its tempo and its mood."""
    chance = np.random.default_rng(seed)
    kinds = np.repeat(np.arange(N_KINDS), N_TRACKS)
    centres = chance.normal(size=(N_KINDS, N_DIMS))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    vectors = centres[kinds] + chance.normal(0, NOISE, (len(kinds), N_DIMS)) + SHARED
    usual = {
        "bpm": (chance.uniform(80, 160, N_KINDS), 8.0),
        "arousal": (chance.uniform(3, 7, N_KINDS), 0.7),
        "valence": (chance.uniform(3, 7, N_KINDS), 0.7),
        "loudness": (chance.uniform(-20, -8, N_KINDS), 2.0),
    }
    tracks = []
    for number, kind in enumerate(kinds.tolist()):
        values: dict[str, Value] = {name: float(chance.normal(at[kind], by)) for name, (at, by) in usual.items()}
        values |= {"camelot": str(WHEEL[chance.integers(len(WHEEL))]), "tags": {f"kind {kind}": 0.6, "music": 0.9}}
        artist = f"Artist {kind}-{chance.integers(N_ARTISTS)}"
        tracks.append(
            Track(
                number, Path(f"{number}"), f"Track {number}", artist, duration=chance.uniform(150, 330), values=values
            )
        )
    return Candidates(tuple(tracks), Embeddings.of(np.arange(len(kinds)), vectors)), kinds
