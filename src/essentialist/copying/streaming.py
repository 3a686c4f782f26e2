"""A zip of a plan, piece by piece as it is sent: nothing of it lies in memory or on the disk meanwhile."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from essentialist.copying.listing import entry_of, list_of
from essentialist.copying.names import safe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from essentialist.copying import Item, Plan

PIECE: Final = 1 << 18  # bytes that are read and sent together


class Outlet(io.RawIOBase):
    """Where the zip is written to: what comes is taken away after each piece."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        """It only takes; a zip that cannot go back writes sizes behind its files."""
        return True

    def write(self, data: object) -> int:
        """Keep a piece until it is taken."""
        self._waiting.append(bytes(data))  # type: ignore[call-overload]
        return len(self._waiting[-1])

    def taken(self) -> bytes:
        """What came since the last time."""
        found, self._waiting = b"".join(self._waiting), []
        return found


def stream(plan: Plan) -> Iterator[bytes]:
    """The files as they are, then the list of those that could be read: whatever vanished meanwhile is left out."""
    outlet = Outlet()
    kept: list[Item] = []
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as packed:
        for item in plan.items:
            try:
                source = item.track.path.open("rb")
            except OSError:
                continue
            with source:
                yield from _pieces(packed, item, source, outlet)
            kept.append(item)
        packed.writestr(safe(plan.title, ".m3u8"), list_of(plan.title, kept))
    yield outlet.taken()


def _pieces(packed: zipfile.ZipFile, item: Item, source: BinaryIO, outlet: Outlet) -> Iterator[bytes]:
    with packed.open(entry_of(item), "w", force_zip64=item.size > zipfile.ZIP64_LIMIT // 2) as target:
        while piece := source.read(PIECE):
            target.write(piece)
            yield outlet.taken()
