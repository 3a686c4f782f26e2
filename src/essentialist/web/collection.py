"""The catalogue in one state, for everybody who looks at it meanwhile, with what was made of it."""

from __future__ import annotations

from threading import Lock, RLock
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from essentialist.library import Library
    from essentialist.query import Columns
    from essentialist.web.sound_map import SoundMap

Made = TypeVar("Made")


class Collection:
    """The columns of one state; `version` is a name of it that is never used again."""

    def __init__(self, library: Library, columns: Columns, version: str, sound_map: SoundMap) -> None:
        self.library = library
        self.columns = columns
        self.version = version
        self.fields = library.fields()
        self.sound_map = sound_map
        self._lock = Lock()
        self._locks: dict[Hashable, RLock] = {}
        self._made: dict[Hashable, object] = {}

    def keep(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What is made once and serves all visitors; who asks for the same while another thread makes it waits."""
        with self._lock:
            lock = self._locks.setdefault(name, RLock())
        with lock:
            if name not in self._made:
                self._made[name] = make()
            return cast("Made", self._made[name])
