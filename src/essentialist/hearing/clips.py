"""Where clips lie: in a folder beside the catalogue, each under what its sound is known by.

    catalog.db
    catalog.clips/3f/3f9a…e1.opus

The names say nothing of the music, are as long for every track, and stay when files move, are tagged anew or are met on
another machine. A clip is written whole or not at all. The folder can be deleted and made again.
"""

from __future__ import annotations

import re
import stat
import time
from typing import TYPE_CHECKING, Final

from essentialist.files.collection import LEAVE_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIX: Final = ".clips"
MEDIA_TYPE: Final = "audio/ogg; codecs=opus"
OPUS_HZ: Final = 48_000  # what Opus counts in, whatever was encoded
LEFT_BEHIND_S: Final = 3600.0  # how old a file is that nobody finishes any more

_NAME = re.compile(r"[0-9a-f]{32}\.opus")
_SHARD = re.compile(r"[0-9a-f]{2}")


class Clips:
    """The clips of a catalogue."""

    def __init__(self, catalog: Path) -> None:
        self.folder = catalog.with_suffix(SUFFIX)

    def path(self, fingerprint: bytes) -> Path:
        """Where the clip of a recording lies or would lie."""
        name = fingerprint.hex()
        return self.folder / name[:2] / f"{name}.opus"

    def place(self, fingerprint: bytes) -> Path:
        """The same, in a folder that is there, and that no scan for music enters."""
        path = self.path(fingerprint)
        path.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / LEAVE_OUT).touch()
        return path

    def find(self, fingerprint: bytes) -> Path | None:
        """The clip of a recording; None where there is none."""
        path = self.path(fingerprint)
        try:
            status = path.lstat()
        except OSError:
            return None
        return path if stat.S_ISREG(status.st_mode) and status.st_size else None

    def known(self) -> frozenset[bytes]:
        """What the recordings are known by that have a clip."""
        names = (path.name for path in self.folder.glob("??/*.opus"))
        return frozenset(bytes.fromhex(name.partition(".")[0]) for name in names if _NAME.fullmatch(name))

    def sweep(self, known: frozenset[bytes]) -> int:
        """Delete the clips of recordings that are not known any more, and what a crash left behind; how many clips."""
        n_swept = 0
        for path in list(self._files()):
            if _NAME.fullmatch(path.name) and bytes.fromhex(path.stem) not in known:
                path.unlink(missing_ok=True)
                n_swept += 1
        return n_swept

    def _files(self) -> Iterator[Path]:
        """The files in the folders that are ours; what was left behind is deleted on the way."""
        shards = self.folder.iterdir() if self.folder.is_dir() else ()
        for shard in shards:
            if _SHARD.fullmatch(shard.name) and shard.is_dir() and not shard.is_symlink():
                drop_left_behind(shard)
                yield from shard.iterdir()


def drop_left_behind(folder: Path) -> None:
    """Delete what `atomic.replacement` was writing when its process was killed, an hour ago or more."""
    for path in folder.glob(".~*.tmp"):
        try:
            if path.lstat().st_mtime < time.time() - LEFT_BEHIND_S:
                path.unlink()
        except FileNotFoundError:  # somebody else was faster
            continue


def length_s(clip: Path) -> float | None:
    """How long a clip is: what its last page says, less what its head says to leave out; None where it says nothing."""
    with clip.open("rb") as file:
        head = file.read(4096)
        file.seek(max(0, clip.stat().st_size - 65_536))  # no page is longer
        tail = file.read()
    opus, page = head.find(b"OpusHead"), tail.rfind(b"OggS")
    if min(opus, page) < 0 or len(head) < opus + 12 or len(tail) < page + 14:
        return None
    before = int.from_bytes(head[opus + 10 : opus + 12], "little")
    position = int.from_bytes(tail[page + 6 : page + 14], "little", signed=True)
    return max(0, position - before) / OPUS_HZ
