"""What browsers cannot play, as AAC in MP4, which all of them play: made once, and kept as long as there is room.

The index of such a file comes first, so that a browser can go anywhere in it by ranges. It is made in a process of its
own with limits of memory and time (`_transcoder`). Its name says of which sound, size and time the original is: one
that changed is made anew. What was not heard for the longest time is deleted first.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from essentialist.atomic import replacement
from essentialist.errors import Busy, ExportError, Unplayable
from essentialist.hearing.clips import drop_left_behind

FORM: Final = "m4a"
MEDIA_TYPE: Final = "audio/mp4"
UNPLAYABLE: Final = 3
"""The exit code for a file that cannot be decoded."""
LONGEST_REASON: Final = 200  # characters
N_REMEMBERED: Final = 1_000  # files that cannot be decoded, so that they are not tried at every click


@dataclass(frozen=True, slots=True)
class Bounds:
    """What transcoding may take.

    `kept_bytes` of all files that are kept, which is also the most that one may have; `timeout_s` and `memory_mb` of
    one that is made. So many are made `n_at_once`, and so many callers may wait.
    """

    kept_bytes: int = 2_000_000_000
    timeout_s: int = 300
    memory_mb: int = 2_000
    n_at_once: int = 2
    n_waiting: int = 16


BOUNDS: Final = Bounds()


class Transcodes:
    """A folder of transcoded files, for the threads of one process; others may share the folder."""

    def __init__(self, folder: Path, bounds: Bounds = BOUNDS) -> None:
        self.folder = folder
        self.bounds = bounds
        self._lock = Lock()
        self._making: dict[Path, Future[Path]] = {}
        self._failed: dict[Path, str] = {}
        self._n_waiting = 0
        self._pool = ThreadPoolExecutor(bounds.n_at_once, thread_name_prefix="transcode")

    def path(self, original: Path, fingerprint: bytes) -> Path:
        """Where the transcoded file lies, or would lie; Unplayable where the original cannot be looked at."""
        try:
            status = original.stat()
        except OSError as error:
            raise Unplayable(f"The file cannot be read ({error.strerror}).") from error
        identity = f"{fingerprint.hex()} {status.st_size} {status.st_mtime_ns} {FORM}"
        return self.folder / f"{hashlib.blake2b(identity.encode(), digest_size=16).hexdigest()}.{FORM}"

    def get(self, original: Path, fingerprint: bytes) -> Path:
        """The transcoded file of an original; waits for it where it has to be made.

        Raises Unplayable where it cannot be decoded, or written, within the bounds; Busy where too many wait.
        """
        path = self.path(original, fingerprint)
        with self._lock:
            if path in self._failed:
                raise Unplayable(self._failed[path])
            if is_there(path):
                return path
            if self._n_waiting >= self.bounds.n_waiting:
                raise Busy("Too many tracks are being converted: try again in a minute.")
            future = self._making.get(path) or self._pool.submit(self._make, original, path)
            self._making[path] = future
            self._n_waiting += 1
        try:
            return future.result()
        finally:
            with self._lock:
                self._n_waiting -= 1

    def close(self) -> None:
        """Make no more; what is being made is finished."""
        self._pool.shutdown(cancel_futures=True)

    def _make(self, original: Path, path: Path) -> Path:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            drop_left_behind(self.folder)
            with replacement(path) as file:
                self._convert(original, path, Path(file.name))
            self._make_room(path)
        except (ExportError, OSError) as error:
            raise Unplayable("It cannot be converted: there is no room for it on the server.") from error
        finally:
            with self._lock:
                del self._making[path]
        return path

    def _convert(self, original: Path, path: Path, target: Path) -> None:
        bounds = self.bounds
        limits = [str(limit) for limit in (bounds.memory_mb, bounds.timeout_s, bounds.kept_bytes)]
        command = [sys.executable, "-m", "essentialist.hearing._transcoder", str(original), str(target), FORM, *limits]
        try:
            done = subprocess.run(  # noqa: S603 - our own program; no shell reads the names
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=bounds.timeout_s, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Unplayable(f"It cannot be converted within {bounds.timeout_s} s.") from error
        if done.returncode == UNPLAYABLE:
            reason = done.stderr.decode(errors="replace").partition(":")[0]  # what follows is for who analyses
            said = f"It cannot be decoded: {reason[:LONGEST_REASON]}."
            self._remember(path, said)
            raise Unplayable(said)
        if done.returncode:
            raise Unplayable("It cannot be converted: the decoder failed.")

    def _remember(self, path: Path, reason: str) -> None:
        """Keep why a file cannot be decoded; what only took too long may do better another time."""
        with self._lock:
            self._failed[path] = reason
            if len(self._failed) > N_REMEMBERED:
                del self._failed[next(iter(self._failed))]

    def _make_room(self, newest: Path) -> None:
        """Delete what was not heard for the longest time, until the rest has room; never what was just made."""
        kept: list[tuple[int, int, Path]] = []
        for path in self.folder.glob(f"*.{FORM}"):
            with suppress(FileNotFoundError):
                status = path.stat()
                kept.append((status.st_atime_ns, status.st_size, path))
        total = sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept):
            if total <= self.bounds.kept_bytes:
                return
            if path != newest:
                path.unlink(missing_ok=True)
                total -= size


def is_there(path: Path) -> bool:
    """Whether a file was made; it is now known to be wanted, and keeps the time when it was made, which browsers check.

    The time of access is set here: many disks do not keep it by themselves.
    """
    try:
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    except OSError:  # as a rule because there is none
        return path.is_file()
    return True
