"""What makes tracks alike: one file a measure, and here the contract that they keep.

A measure places tracks in a space: each becomes a vector of length 1, and the cosine between two of them says how alike
they are, 1 the same, 0 unrelated or unknown, below 0 opposite. So all ways of choosing can use any measure, and a blend
is a measure as well: vectors put side by side, each scaled by the root of its weight, have the weighted mean of the
cosines. `sound`, and every network by its name, are the embeddings as `similarity` has them.

A blend is written as "sound, mood" or, with weights, "sound:2, tempo:1, key:1". Dropping a file with a `MEASURE` in
this folder adds one.
"""

from __future__ import annotations

import difflib
import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist import registry
from essentialist.choosing.similarity import Embeddings
from essentialist.errors import PlaylistError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from essentialist.track import Track

USUAL: Final = "sound"

_PART: Final = re.compile(r"\s*([a-z][a-z0-9_.-]*)\s*(?::\s*(\d+(?:\.\d+)?|\.\d+)\s*)?")


@dataclass(frozen=True, slots=True)
class Measure:
    """A way to be alike.

    `place` gives a vector for each track, shape (n, d): of length 1, or 0 where the track lacks what it takes. `reads`
    are the descriptors that it takes.
    """

    name: str
    title: str
    reads: tuple[str, ...]
    place: Callable[[Sequence[Track]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Part:
    """A measure or network in a blend, and its weight."""

    name: str
    weight: float


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure of this folder, by name."""
    return {each.name: each for each in registry.entries(sys.modules[__name__], "MEASURE", Measure)}


def parse(alike: str) -> tuple[Part, ...]:
    """Read "mood" or "sound:2, tempo:1, key:1". Raises PlaylistError for anything else."""
    parts = []
    for text in alike.lower().split(","):
        match = _PART.fullmatch(text)
        if match is None:
            raise PlaylistError(f"{alike!r} does not say what should be alike. Write {_names()}, or 'sound:2, mood:1'.")
        parts.append(Part(match[1], float(match[2] or 1)))
    if len({part.name for part in parts}) < len(parts) or not all(part.weight > 0 for part in parts):
        raise PlaylistError(f"In {alike!r} each name should come once, with a weight above 0.")
    return tuple(parts)


def networks(alike: str) -> tuple[str, ...]:
    """List what a blend names besides measures: networks, whose embeddings it needs."""
    return tuple(part.name for part in parse(alike) if part.name not in {USUAL, *measures()})


def spoken(alike: str) -> str:
    """Say it in words: "sound", "tempo and key"."""
    names = [part.name for part in parse(alike)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def space(
    alike: str, tracks: Sequence[Track], sound: Embeddings | None, others: Mapping[str, Embeddings]
) -> Embeddings:
    """Place tracks so that those near each other are alike.

    `sound` and `others` are the embeddings of the usual network and of others by name; they may hold more tracks than
    these. Tracks of which nothing is known are not in the space.

    Raises
    ------
    PlaylistError
        There is no such measure or network, or nothing is known of any track.
    """
    parts = parse(alike)
    known = {USUAL: sound} | dict(others)
    for part in parts:
        if part.name not in measures():
            _check(part.name, known.get(part.name))
    if len(parts) == 1 and (embeddings := known.get(parts[0].name)) is not None:
        return embeddings
    return _blend(parts, {track.id: track for track in tracks}, known)


def _blend(parts: Sequence[Part], tracks: Mapping[int, Track], known: Mapping[str, Embeddings | None]) -> Embeddings:
    ids = np.sort(np.fromiter(tracks, np.int64, len(tracks)))
    in_turn = [tracks[track_id] for track_id in ids.tolist()]
    total = sum(part.weight for part in parts)
    blocks = []
    for part in parts:
        embeddings = known.get(part.name)
        block = measures()[part.name].place(in_turn) if embeddings is None else embeddings.placed(ids)
        blocks.append(block if len(parts) == 1 else block * np.float32(np.sqrt(part.weight / total)))
    vectors = blocks[0] if len(blocks) == 1 else np.hstack(blocks)
    there = vectors.any(axis=1)
    if not there.any():
        reads = ", ".join(name for part in parts for name in measures()[part.name].reads)
        raise PlaylistError(f"No track has {reads}. Run `essentialist analyze` first, or compare by something else.")
    return Embeddings(ids, vectors) if there.all() else Embeddings(ids[there], vectors[there])


def _check(name: str, embeddings: Embeddings | None) -> None:
    if embeddings is not None and len(embeddings):
        return
    if name == USUAL:
        raise PlaylistError("No embeddings to compare tracks by. Run `essentialist analyze` on the music first.")
    near = difflib.get_close_matches(name, [USUAL, *measures()], n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"use {_names()}, or a network that was run."
    raise PlaylistError(f"Tracks cannot be compared by {name!r}: {remedy}")


def _names() -> str:
    return ", ".join([USUAL, *measures()])
