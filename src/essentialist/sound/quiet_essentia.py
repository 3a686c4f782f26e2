"""Essentia's algorithms, imported when the first one is asked for, and without the line that the import prints.

    from essentialist.sound import quiet_essentia as es
    es.KeyExtractor()

The import takes about a second; who only wants to know what could be computed need not wait for it.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


def __getattr__(name: str) -> Any:
    return getattr(_standard(), name)


@cache
def _standard() -> ModuleType:
    log = importlib.import_module("essentia").log
    log.infoActive = False  # before `standard`, which announces that it found no classifiers
    log.warningActive = False
    return importlib.import_module("essentia.standard")
