"""How long a run still takes, told by seconds of sound and not by files: a long mix is not a short one.

How long a file sounds is not known before it was heard. It is estimated from its size, by the bytes a second of files
of its kind that were heard, which begin with what is usual. Listening costs more than the length: networks hear up to
32 patches of a track and no more, so that a track takes as long as its seconds and about a minute more would
(`docs/performance.md`). The speed is that of the latest minutes, since a collection is not the same everywhere.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.track import AudioFile

TRACK_S: Final = 60.0  # of sound that the fixed part of a track's cost is worth
WINDOW_S: Final = 120.0  # how far back the speed is measured
LEAST_S: Final = 3.0  # no speed is known before
USUAL_WEIGHT_S: Final = 300.0  # of sound that what is usual counts as
USUAL_BYTES_A_SECOND: Final = {
    **dict.fromkeys((".wav", ".aif", ".aiff", ".aifc", ".w64"), 176_400),
    **dict.fromkeys((".flac", ".wv", ".ape", ".alac", ".tak", ".tta"), 110_000),
    **dict.fromkeys((".ogg", ".oga"), 24_000),
    **dict.fromkeys((".opus", ".webm", ".spx"), 16_000),
}
USUAL_OTHERWISE: Final = 30_000  # MP3, AAC: 240 kbit/s


@dataclass(slots=True)
class Kind:
    """Files with one extension: how many wait with how many bytes, and what was heard of them."""

    usual: float
    n_waiting: int = 0
    waiting_bytes: int = 0
    heard_bytes: int = 0
    heard_s: float = 0.0

    @property
    def bytes_a_second(self) -> float:
        """Of what was heard and, with its weight, what is usual."""
        return (self.heard_bytes + self.usual * USUAL_WEIGHT_S) / (self.heard_s + USUAL_WEIGHT_S)

    @property
    def waiting(self) -> float:
        """What listening to those that wait will cost, in seconds of sound."""
        return self.waiting_bytes / self.bytes_a_second + TRACK_S * self.n_waiting


@dataclass(frozen=True, slots=True)
class Mark:
    """When something was finished, on a clock that never jumps, and what it had cost in seconds of sound."""

    at: float
    cost: float


class Pace:
    """What a run has done and has to do; told which files wait, what was heard and what is done."""

    def __init__(self, files: Iterable[AudioFile], now: float) -> None:
        self._kinds: dict[str, Kind] = {}
        self._done = 0.0
        self._marks = deque([Mark(now, 0.0)])
        for file in files:
            kind = self._kind(file)
            kind.n_waiting += 1
            kind.waiting_bytes += file.size

    def heard(self, file: AudioFile, seconds: float) -> None:
        """A file was heard, and is so long."""
        kind = self._kind(file)
        kind.heard_bytes += file.size
        kind.heard_s += seconds

    def done(self, file: AudioFile, now: float) -> None:
        """A file waits no more."""
        kind = self._kind(file)
        kind.n_waiting -= 1
        kind.waiting_bytes -= file.size
        cost = file.size / kind.bytes_a_second + TRACK_S
        self._done += cost
        self._marks.append(Mark(now, cost))
        while len(self._marks) > 2 and self._marks[1].at < now - WINDOW_S:
            self._marks.popleft()

    @property
    def share_done(self) -> float:
        """How much of the run is done, 0 to 1."""
        total = self._done + self._waiting
        return self._done / total if total else 1.0

    def seconds_left(self, now: float) -> float | None:
        """How long the rest takes; None while nobody can know."""
        elapsed = now - self._marks[0].at
        recent = sum(mark.cost for mark in list(self._marks)[1:])
        if not any(kind.n_waiting for kind in self._kinds.values()):
            return 0.0
        return self._waiting * elapsed / recent if recent and elapsed >= LEAST_S else None

    @property
    def _waiting(self) -> float:
        return sum(kind.waiting for kind in self._kinds.values())

    def _kind(self, file: AudioFile) -> Kind:
        suffix = PurePath(file.path).suffix.lower()
        if suffix not in self._kinds:
            self._kinds[suffix] = Kind(USUAL_BYTES_A_SECOND.get(suffix, USUAL_OTHERWISE))
        return self._kinds[suffix]
