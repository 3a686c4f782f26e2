"""Music for those who have none at hand: a synthesiser renders a small collection whose tempo and key are known.

    pieces       what is played: 24 pieces, one in each key, by eight invented artists
    styles       how it is played: the parts, drums and room of each style
    harmony      chords from Roman numerals
    composition  piece and style -> notes
    oscillators, instruments, drums   notes -> sound
    mixing       sounds -> stereo, with room and limiter
    rendering    `render(piece)`, all of the above
    encoding     samples -> a tagged file
    collection   `write_collection(folder)`: the files and `pieces.json`

The same piece gives the same samples each time: all chance comes from its seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE_RATE = 44_100

Samples: TypeAlias = NDArray[np.float32]
"""Sound, full scale at ±1: (n_samples,) for one channel, (n_samples, 2) for stereo."""

Scale = Literal["major", "minor"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of music: its tags, and all that decides how it sounds.

    `bpm` is constant, in quarter notes a minute. `key` is the tonic as Essentia spells it (C, C#, D, Eb, E, F, F#, G,
    Ab, A, Bb, B). `style` names one of `styles.STYLES`. `progression` is a chord a bar in Roman numerals, repeated to
    the end, where the piece closes with dominant and tonic. `suffix` is the format of its file.
    """

    title: str
    artist: str
    album: str
    track_number: int
    year: int
    genre: str
    bpm: float
    key: str
    scale: Scale
    style: str
    progression: str
    seed: int
    suffix: str


@dataclass(frozen=True, slots=True)
class RenderedPiece:
    """A piece and the file that plays it."""

    piece: Piece
    path: Path
