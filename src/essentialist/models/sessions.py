"""The former place of `essentialist.inference`, which is loaded only when something is asked of it."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from essentialist.inference import Outputs as Outputs
    from essentialist.inference import run as run
else:

    def __getattr__(name: str) -> object:
        if name not in {"Outputs", "run"}:
            raise AttributeError(name)
        return getattr(importlib.import_module("essentialist.inference"), name)
