"""PyAV, imported when the first file is opened, and without what FFmpeg prints of files that are not in order.

    from essentialist.sound import quiet_av as av
    av.open("song.ogg")

Most commands open no file; the import takes a tenth of a second.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

__all__: list[str] = []  # else it would be PyAV's


def __getattr__(name: str) -> Any:
    return getattr(_av(), name)


@cache
def _av() -> ModuleType:
    logging = importlib.import_module("av.logging")
    logging.set_level(logging.PANIC)
    return importlib.import_module("av")
