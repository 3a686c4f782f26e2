"""A folder of kinds is its own registry: every module in it that defines NAME is one entry."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

T = TypeVar("T")


def entries(package: ModuleType, attribute: str, kind: type[T]) -> Iterator[T]:
    """Every `attribute` of the package's modules, in the order of their file names.

    Raises TypeError when a module defines the attribute as something other than `kind`.
    """
    for module in pkgutil.iter_modules(package.__path__):
        entry = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), attribute, None)
        if entry is None:
            continue
        if not isinstance(entry, kind):
            raise TypeError(f"{package.__name__}.{module.name}.{attribute} is not a {kind.__name__}")
        yield entry
