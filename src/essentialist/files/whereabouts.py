"""Whether music folders are still where they were when a run began: disks are pulled out, network shares go away.

A folder that is gone is not thousands of files that went wrong, each for itself.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.track import AudioFile


class Whereabouts:
    """The roots of a run and the devices that they were on at its beginning."""

    def __init__(self, roots: Iterable[str]) -> None:
        self._devices = {root: device(root) for root in roots}

    def is_gone(self, root: str) -> bool:
        """Whether a root is not there any more, or only its bare mount point is."""
        return device(root) != self._devices.get(root)

    def is_lost(self, file: AudioFile) -> bool:
        """Whether a file cannot be read because its root is gone: not there, empty, or the bare mount point."""
        return is_away(file.root) or (self.is_gone(file.root) and not file.absolute.exists())


def is_away(folder: str) -> bool:
    """Whether a folder is not there now, or is nothing but the place where a disk is to be."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return True


def device(folder: str) -> int | None:
    """The device that a folder is on; None where it cannot be looked at."""
    try:
        return os.stat(folder).st_dev
    except OSError:
        return None
