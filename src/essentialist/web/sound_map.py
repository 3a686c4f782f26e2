"""The map by sound: where each track lies on it, and which of the kinds of music it is of, as `mixes` tells them.

It is drawn once for the tracks there are, in a process of its own, and kept in a file by the catalogue. Nobody waits:
until it is drawn there is none, and while the tracks change the last one serves, on which the new ones have no place
yet. Drawing takes at most about a tenth of the time, however often the catalogue changes.

    python -m essentialist.web.sound_map CATALOG FILE
"""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.atomic import replacement
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.columns_file import BROKEN
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.choosing.layout import VERSION, layout
from essentialist.errors import CatalogError, PlaylistError
from essentialist.history import disliked
from essentialist.library import Library
from essentialist.lookup import rows_in
from essentialist.playlists.clusters import Clusters, kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.choosing.similarity import Embeddings

logger = logging.getLogger(__name__)

KINDS_VERSION: Final = 1  # raised when the same tracks give other kinds, or other names
NO_KIND: Final = 255
SHARE: Final = 10  # of the time that drawing took passes before it is drawn again


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A map by sound.

    Attributes
    ----------
    name : what the embeddings were that it was drawn of, so that another map has another name
    seal : `seal_of` the catalogue when it was last seen to be the map of it
    ids : int64 array of shape (n,), ascending
    places : float32 array of shape (n, 2)
    kinds_name : what tells the kinds, so that other kinds have another name
    kinds : names of the kinds of music, the largest first
    of_kind : uint8 array of shape (n,), the place in `kinds` of each track's, or NO_KIND
    """

    name: str
    seal: str
    ids: NDArray[np.int64]
    places: NDArray[np.float32]
    kinds_name: str
    kinds: tuple[str, ...]
    of_kind: NDArray[np.uint8]

    def placed(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """The places of tracks, shape (len(ids), 2), NaN for those that the map does not have."""
        found = np.full((len(ids), 2), np.nan)
        there, rows = rows_in(self.ids, ids)
        found[there] = self.places[rows]
        return found

    def sorted(self, ids: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The kinds of tracks, shape (len(ids),), NO_KIND for those of none and those that the map does not have."""
        found = np.full(len(ids), NO_KIND, np.uint8)
        there, rows = rows_in(self.ids, ids)
        found[there] = self.of_kind[rows]
        return found


class SoundMap:
    """The map by sound of one library."""

    def __init__(self, library: Library) -> None:
        self._catalog = library.catalog
        path = library.catalog.path
        self._elsewhere = None if os.access(path.parent, os.W_OK) else TemporaryDirectory()
        folder = Path(self._elsewhere.name) if self._elsewhere else path.parent
        self.file = folder / f"{path.stem}.map.npz"
        self._lock = Lock()
        self._drawn: Drawn | None = None
        self._seen = ""
        self._rests_until = 0.0
        self._worker: Thread | None = None

    def drawn(self) -> Drawn | None:
        """The newest map there is; None where none is drawn yet. It sees to it that one is, and does not wait."""
        with self._lock:
            if not self.is_drawing and time.monotonic() >= self._rests_until:
                seal = seal_of(self._catalog)
                if seal != self._seen:
                    self._drawn = self._drawn or kept(self.file)  # the last one serves while a newer one is drawn
                    self._seen = seal
                    if self._drawn is None or self._drawn.seal != seal:
                        self._worker = Thread(target=self._draw, name="sound map", daemon=True)
                        self._worker.start()
            return self._drawn

    @property
    def last(self) -> Drawn | None:
        """The newest map that was asked for before; nothing is begun."""
        return self._drawn

    @property
    def is_drawing(self) -> bool:
        """Whether a newer one is on its way."""
        return self._worker is not None and self._worker.is_alive()

    def wait(self) -> None:
        """Return when nothing is being drawn."""
        if self._worker is not None:
            self._worker.join()

    def _draw(self) -> None:
        start = time.monotonic()
        program = [sys.executable, "-m", __name__, os.fspath(self._catalog.path), os.fspath(self.file)]
        ended = subprocess.run(program, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - ours
        if ended.returncode != 0:
            reason = ended.stderr.decode(errors="replace").strip().splitlines()[-1:]
            logger.warning("the map by sound is not drawn: %s", *reason or [f"exit code {ended.returncode}"])
        drawn = kept(self.file) if ended.returncode == 0 else None
        with self._lock:
            last = self._drawn
            if drawn is not None and (last is None or (drawn.name, drawn.kinds_name) != (last.name, last.kinds_name)):
                self._drawn = drawn
            self._rests_until = time.monotonic() + SHARE * (time.monotonic() - start)


def kept(file: Path) -> Drawn | None:
    """The map in a file; None where there is none that can be read."""
    try:
        with file.open("rb") as content, np.load(content, allow_pickle=False) as arrays:
            drawn = Drawn(
                name=str(arrays["name"]),
                seal=str(arrays["seal"]),
                ids=arrays["ids"],
                places=arrays["places"],
                kinds_name=str(arrays["kinds_name"]),
                kinds=tuple(arrays["kinds"].tolist()),
                of_kind=arrays["of_kind"],
            )
    except BROKEN:
        return None
    n = len(drawn.ids)
    return drawn if (drawn.places.shape, drawn.of_kind.shape) == ((n, 2), (n,)) else None


def seal_of(catalog: Catalog) -> str:
    """A name of what the catalogue knows, of who is disliked and of how a map is drawn of it: cheap to ask for.

    One that cannot be read has a name too: who draws the map tells what is wrong.
    """
    seal = hashlib.blake2b(f"{VERSION} {KINDS_VERSION}".encode(), digest_size=9)
    try:
        seal.update(catalog.state())
        seal.update(repr(sorted(disliked(catalog))).encode())
    except CatalogError:
        return "unreadable"
    return seal.hexdigest()


def name_of(embeddings: Embeddings) -> str:
    """A name of embeddings and of how a map is drawn of them."""
    seal = hashlib.blake2b(str(VERSION).encode(), digest_size=9)
    for array in (embeddings.ids, embeddings.vectors):
        seal.update(array.tobytes())
    return seal.hexdigest()


def kinds_name_of(catalog: Catalog, name: str) -> str:
    """A name of what tells kinds of music: the embeddings, what was computed of the tracks, and who is disliked."""
    seal = hashlib.blake2b(f"{KINDS_VERSION} {name}".encode(), digest_size=9)
    seal.update(repr(sorted(disliked(catalog))).encode())
    with catalog.reading() as db:
        for row in db.execute(
            "SELECT extractor, provenance, count(*), sum(track_id) FROM computed WHERE failure IS NULL GROUP BY 1, 2"
        ):
            seal.update(repr(tuple(row)).encode())
    return seal.hexdigest()


def kinds_of(library: Library, ids: NDArray[np.int64]) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """The names of the kinds of music, and which of them each of these tracks is of, uint8 of shape (n,)."""
    of_kind = np.full(len(ids), NO_KIND, np.uint8)
    try:
        found = kinds(library.candidates("", Clusters()), Clusters())
    except PlaylistError:  # nothing can be compared
        return (), of_kind
    for number, kind in enumerate(found):
        of_kind[np.searchsorted(ids, [track.id for track in kind.tracks])] = number
    return tuple(kind.name for kind in found), of_kind


def draw(path: Path, file: Path) -> None:
    """Draw the map of a catalogue into a file, anew what has changed. Raises ExportError where it cannot be written."""
    library = Library(Catalog(path))
    seal = seal_of(library.catalog)  # before reading: what changes meanwhile is seen the next time
    embeddings = library.catalog.embeddings(EMBEDDING)
    name, last = name_of(embeddings), kept(file)
    kinds_name = kinds_name_of(library.catalog, name)
    places = last.places if last is not None and last.name == name else layout(embeddings.vectors)
    if last is not None and last.kinds_name == kinds_name:
        names, of_kind = last.kinds, last.of_kind
    else:
        names, of_kind = kinds_of(library, embeddings.ids)
    with replacement(file) as output:
        np.savez(
            output,
            name=name,
            seal=seal,
            ids=embeddings.ids,
            places=places,
            kinds_name=kinds_name,
            kinds=np.array(names, np.str_),
            of_kind=of_kind,
        )


if __name__ == "__main__":
    os.nice(10)
    draw(*map(Path, sys.argv[1:3]))
