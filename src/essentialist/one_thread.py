"""Linear algebra on one thread, which has to be said before NumPy is imported.

The products here are small, or bound by memory: a second thread gains little on an idle machine, and on a busy one the
threads wait for each other, up to twenty times as long as the work takes.
"""

from __future__ import annotations

import os
from typing import Final

VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def prefer_one_thread() -> None:
    """One thread for this process and those it starts, where the environment does not say otherwise."""
    for name in VARIABLES:
        os.environ.setdefault(name, "1")


def demand_one_thread() -> None:
    """One thread for processes that are started from now on: together they fill the cores already."""
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
