"""Files that hold the same: the same samples, or likely the same recording.

The same samples (or coded packets) are known from the fingerprint: one track with several files. Likely the same
recording are tracks of which two of these three are true: their lengths differ by two seconds at most; their titles and
artists are the same without what names a version (`versions`); their embeddings are nearly equal, as those of a
recording in two lossy formats are. A live version has neither the length nor the sound, so it is not taken for one.

Embeddings are compared within windows of equal length, block by block: 100,000 tracks take seconds, and the time grows
with the square of their number.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from essentialist.catalogue.catalog import path_of
from essentialist.track import Track
from essentialist.versions import recording_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    import numpy.typing as npt

    from essentialist.catalogue.catalog import Catalog
    from essentialist.choosing.similarity import Embeddings

WITHIN_S: Final = 2.0
NEARLY_EQUAL: Final = 0.97
"""Cosine of centred embeddings. See docs/duplicates.md for how near formats and neighbours are."""

BLOCK: Final = 1024  # tracks compared at a time with those of equal length
NO_PATH: Final = Path()

Progress: TypeAlias = "Callable[[int, int], None]"
"""Told how many tracks are compared, and of how many."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file of a group; `plays`: its track is played from it. `size` in bytes, `duration` in s."""

    track_id: int
    path: Path
    title: str
    artist: str
    duration: float
    size: int
    plays: bool

    @property
    def kbps(self) -> int:
        """Thousands of bits a second, with tags and pictures."""
        return round(self.size * 8 / self.duration / 1000)


@dataclass(frozen=True, slots=True)
class Group:
    """Files that hold the same, the largest first, and why they are thought to."""

    reason: str
    files: tuple[HeldFile, ...]

    @property
    def spare_bytes(self) -> int:
        """What all files but the largest take."""
        return sum(file.size for file in self.files[1:])


def same_samples(catalog: Catalog) -> list[Group]:
    """The tracks with more than one file that is there, by artist and title."""
    with catalog.reading() as db:
        ids = [
            row["track_id"]
            for row in db.execute("SELECT track_id FROM file WHERE NOT missing GROUP BY track_id HAVING count(*) > 1")
        ]
    return _groups(catalog, ([track_id] for track_id in ids), lambda ids: "same samples")


def likely_same(catalog: Catalog, network: str, progress: Progress | None = None) -> list[Group]:
    """Tracks that are likely one recording, by artist and title; same samples are in their groups too."""
    with catalog.reading() as db:
        tracks = [
            Track(row["id"], NO_PATH, row["title"], row["artist"], duration=row["duration"])
            for row in db.execute("SELECT id, title, artist, duration FROM listing ORDER BY id")
        ]
    embeddings = catalog.embeddings(network)
    links: dict[int, int] = {track.id: track.id for track in tracks}
    by_title = set(_linked_by_title(tracks, embeddings))
    by_sound = set(_linked_by_sound(tracks, embeddings, progress))
    for one, other in by_title | by_sound:
        links[_end(links, one)] = _end(links, other)
    found: dict[int, list[int]] = defaultdict(list)
    for track in tracks:
        found[_end(links, track.id)].append(track.id)
    titled = {track_id for pair in by_title for track_id in pair}
    sounding = {track_id for pair in by_sound for track_id in pair}

    def reason(ids: Sequence[int]) -> str:
        signs = (("title", titled), ("sound", sounding))
        return "same " + " and ".join(sign for sign, known in signs if known.intersection(ids))

    return _groups(catalog, (ids for ids in found.values() if len(ids) > 1), reason)


def _linked_by_title(tracks: Iterable[Track], embeddings: Embeddings) -> Iterator[tuple[int, int]]:
    """Pairs of one artist and title, without versions, that are also alike in length or in sound."""
    by_key: dict[Hashable, list[Track]] = defaultdict(list)
    for track in tracks:
        by_key[recording_key(track)].append(track)
    for versions in by_key.values():
        versions.sort(key=lambda track: track.duration or 0)
        for one, other in pairwise(versions):
            if (other.duration or 0) - (one.duration or 0) <= WITHIN_S:
                yield one.id, other.id
        if len(versions) > 1:
            known = [track.id for track in versions if embeddings.known([track.id]).all()]
            vectors = embeddings.vectors[embeddings.rows(known)]
            rows = np.argwhere(np.triu(vectors @ vectors.T >= NEARLY_EQUAL, 1))
            yield from ((known[one], known[other]) for one, other in rows.tolist())


def _linked_by_sound(
    tracks: Sequence[Track], embeddings: Embeddings, progress: Progress | None
) -> Iterator[tuple[int, int]]:
    """Pairs of nearly equal embeddings whose lengths are too."""
    by_id = {track.id: track.duration or 0 for track in tracks}
    order = np.argsort(durations := np.array([by_id[track_id] for track_id in embeddings.ids.tolist()]), kind="stable")
    durations, ids = durations[order], embeddings.ids[order]
    for start in range(0, len(ids), BLOCK):
        stop = min(start + BLOCK, len(ids))
        end = int(np.searchsorted(durations, durations[stop - 1] + WITHIN_S, side="right"))
        window = embeddings.vectors[order[start:end]]
        near = window[: stop - start] @ window.T >= NEARLY_EQUAL
        rows: npt.NDArray[np.intp] = np.argwhere(np.triu(near, 1)) + start
        rows = rows[durations[rows[:, 1]] - durations[rows[:, 0]] <= WITHIN_S]
        yield from map(tuple, ids[rows].tolist())
        if progress:
            progress(stop, len(ids))


def _end(links: dict[int, int], track_id: int) -> int:
    """The track that stands for a group; the way to it gets shorter each time."""
    while links[track_id] != track_id:
        links[track_id] = links[links[track_id]]
        track_id = links[track_id]
    return track_id


def _groups(catalog: Catalog, together: Iterable[Sequence[int]], reason: Callable[[Sequence[int]], str]) -> list[Group]:
    """Groups of tracks as groups of their files."""
    groups = []
    with catalog.reading() as db:
        for ids in together:
            rows = db.execute(
                "SELECT track_id, root.path AS root, file.path, title, artist, duration, size,"
                " file_id = file.id AS plays FROM json_each(?) AS wanted CROSS JOIN file ON track_id = wanted.value"
                " JOIN root ON root.id = root_id JOIN track ON track.id = track_id"
                " WHERE NOT missing ORDER BY size DESC, file.id",
                (json.dumps(list(ids)),),
            )
            files = tuple(
                HeldFile(
                    row["track_id"],
                    path_of(row),
                    row["title"],
                    row["artist"],
                    row["duration"],
                    row["size"],
                    bool(row["plays"]),
                )
                for row in rows
            )
            groups.append(Group(reason(ids), files))
    return sorted(groups, key=lambda group: (group.files[0].artist, group.files[0].title, group.files[0].track_id))
