"""What all visitors of one process share: the library, its columns in memory, and how it is served."""

from __future__ import annotations

import secrets
from threading import Lock
from typing import TYPE_CHECKING

from essentialist.errors import EssentialistError
from essentialist.hearing.audible import Hearing
from essentialist.hearing.transcodes import Bounds, Transcodes
from essentialist.library import Library
from essentialist.web.chores import Chores
from essentialist.web.collection import Collection
from essentialist.web.sound_map import SoundMap

if TYPE_CHECKING:
    from essentialist.query import Columns
    from essentialist.settings import Settings
    from essentialist.web.options import Options


class Studio:
    """One open library, for the scripts of all visitors and for the routes."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.library = Library.open(options.settings.catalog)
        self.chores = Chores(options.settings.catalog)
        self.hearing = Hearing(self.library.catalog, options.previews, transcodes(options.settings))
        self.sound_map = SoundMap(self.library)
        self._lock = Lock()
        self._collection: Collection | None = None

    def collection(self) -> Collection:
        """The catalogue as it is now: the same object until it changes. Who shows something of it asks once."""
        with self._lock:  # also over the reading, which all wait for: nobody reads twice or comes back with older ones
            columns = self.library.hold()
            if self._collection is None or columns is not self._collection.columns:
                self._collection = Collection(self.library, columns, secrets.token_urlsafe(9), self.sound_map)
            return self._collection

    @property
    def has_files(self) -> bool:
        """Whether the music lies on this machine; else no file is looked for."""
        return self.options.previews == "full"

    def columns(self) -> Columns:
        """The columns as the catalogue is now: the same object until it changes."""
        return self.collection().columns


def transcodes(settings: Settings) -> Transcodes:
    """Where what browsers cannot play is kept in a form that they can."""
    return Transcodes(settings.cache / "transcodes", Bounds(kept_bytes=int(settings.cache_mb * 1e6)))


_opened: Studio | None = None


def open_studio(options: Options) -> Studio:
    """Open the library for this process; `current` gives it from then on."""
    global _opened
    _opened = Studio(options)
    return _opened


def current() -> Studio:
    """The studio of this process."""
    if _opened is None:
        raise EssentialistError("No studio is open: start it with `essentialist web`.")
    return _opened
