"""The map by sound: drawn once for the tracks there are, in a process of its own, and kept in a file by the catalogue.

Nobody waits for it: until it is drawn there is none, and while the tracks change the last one serves, on which the new
ones have no place yet. Drawing takes at most about a tenth of the time, however often the catalogue changes.

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
from zipfile import BadZipFile

import numpy as np

from essentialist.atomic import replacement
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.choosing.layout import VERSION, layout
from essentialist.errors import CatalogError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.choosing.similarity import Embeddings
    from essentialist.library import Library

logger = logging.getLogger(__name__)

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
    """

    name: str
    seal: str
    ids: NDArray[np.int64]
    places: NDArray[np.float32]

    def placed(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """The places of tracks, shape (len(ids), 2), NaN for those that the map does not have."""
        found = np.full((len(ids), 2), np.nan)
        if len(self.ids):
            at = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
            known = self.ids[at] == ids
            found[known] = self.places[at[known]]
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
            if drawn is not None and (self._drawn is None or drawn.name != self._drawn.name):
                self._drawn = drawn
            self._rests_until = time.monotonic() + SHARE * (time.monotonic() - start)


def kept(file: Path) -> Drawn | None:
    """The map in a file; None where there is none that can be read."""
    try:
        with file.open("rb") as content, np.load(content, allow_pickle=False) as arrays:
            seal = str(arrays["seal"]) if "seal" in arrays else ""
            drawn = Drawn(str(arrays["name"]), seal, arrays["ids"], arrays["places"])
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        return None
    return drawn if drawn.places.shape == (len(drawn.ids), 2) else None


def seal_of(catalog: Catalog) -> str:
    """A name of what the catalogue knows and of how a map is drawn of it: cheap to ask for.

    One that cannot be read has a name too: who draws the map tells what is wrong.
    """
    try:
        return f"{VERSION} {catalog.state().hex()}"
    except CatalogError:
        return "unreadable"


def name_of(embeddings: Embeddings) -> str:
    """A name of embeddings and of how a map is drawn of them."""
    seal = hashlib.blake2b(str(VERSION).encode(), digest_size=9)
    for array in (embeddings.ids, embeddings.vectors):
        seal.update(array.tobytes())
    return seal.hexdigest()


def draw(path: Path, file: Path) -> None:
    """Draw the map of a catalogue into a file, unless it is there. Raises ExportError where it cannot be written."""
    catalog = Catalog(path)
    seal = seal_of(catalog)  # before reading: what changes meanwhile is seen the next time
    embeddings = catalog.embeddings(EMBEDDING)
    name, last = name_of(embeddings), kept(file)
    if last is None or last.name != name:
        last = Drawn(name, seal, embeddings.ids, layout(embeddings.vectors))
    with replacement(file) as output:
        np.savez(output, name=name, seal=seal, ids=last.ids, places=last.places)


if __name__ == "__main__":
    os.nice(10)
    draw(*map(Path, sys.argv[1:3]))
