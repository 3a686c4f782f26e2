"""Folders that are watched: which of them have something new, told when it has stopped growing.

A copy or a download takes time, and half a file is another recording than the whole. So a changed file is waited for
until its size and time have stayed for a while, and its folder until all in it has settled. Changes come from the
system (inotify, FSEvents) by watchfiles, the extra `watch`; what changes while an analysis runs is told after it.
"""

from __future__ import annotations

import importlib
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from essentialist.catalogue.patch_store import SUFFIX
from essentialist.errors import CollectionError, FolderMissing
from essentialist.files.collection import BESIDE, PARTIAL
from essentialist.runs.planning import outermost
from essentialist.runs.stopping import stop_asked_for

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

CALM_S = 2.0  # for so long a file has to stay as it is
LOOK_EVERY_MS = 500

State: TypeAlias = "tuple[int, int] | None"
"""Size and time of a file; None where there is none."""


class Unsettled:
    """Files that changed a moment ago, by path, and since when they are as they are."""

    def __init__(self, calm_s: float = CALM_S) -> None:
        self.calm_s = calm_s
        self._since: dict[str, tuple[State, float]] = {}

    def note(self, paths: Iterable[str], now: float) -> None:
        """Something changed in these places."""
        self._since.update((path, (state_of(path), now)) for path in paths)

    def settled(self, now: float) -> list[Path]:
        """The folders in which something changed and all is calm, outermost only; they are told once."""
        for path, (state, _) in self._since.items():
            if state_of(path) != state:
                self._since[path] = (state_of(path), now)
        restless = [path for path, (_, since) in self._since.items() if now - since < self.calm_s]
        folders = {path: os.path.dirname(path) for path in self._since}
        calm = [
            path
            for path, folder in folders.items()
            if not any(f"{each}/".startswith(f"{folder}/") for each in restless)
        ]
        for path in calm:
            del self._since[path]
        return outermost(Path(folders[path]) for path in calm)


@contextmanager
def watched(folders: Sequence[Path], catalog: Path) -> Iterator[Iterator[list[Path]]]:
    """Watch folders from now on; inside, each step of the iterator waits for folders with something new.

    The iterator ends at Ctrl-C or SIGTERM. The catalogue's own files count for nothing, wherever they lie.

    Raises
    ------
    CollectionError
        watchfiles is not installed, or the system cannot watch so many folders.
    FolderMissing
        A folder is not there.
    """
    for folder in folders:
        if not folder.is_dir():
            raise FolderMissing(f"{folder} does not exist; check the name, or connect the disk that holds it")
    changes = _changes(folders)
    try:
        next(changes)  # the watch begins here, so that nothing is missed
        yield _settling(changes, own_files(catalog))
    finally:
        changes.close()


def _changes(folders: Sequence[Path]) -> Generator[set[Any], None, None]:
    """Changes as they come, or nothing every half second."""
    try:
        watchfiles = importlib.import_module("watchfiles")
    except ImportError as error:
        raise CollectionError('To watch folders takes watchfiles; run: pip install "essentialist[watch]"') from error
    try:
        yield from watchfiles.watch(
            *folders,
            watch_filter=None,
            debounce=LOOK_EVERY_MS,
            rust_timeout=LOOK_EVERY_MS,
            yield_on_timeout=True,
            raise_interrupt=True,
            ignore_permission_denied=True,
        )
    except (OSError, RuntimeError) as error:
        raise CollectionError(
            f"Cannot watch {', '.join(map(str, folders))}: {error}. Raise the system's limit of watches"
            " (fs.inotify.max_user_watches), or run `essentialist analyze` now and then."
        ) from error


def _settling(changes: Iterable[set[Any]], ignored: frozenset[str]) -> Iterator[list[Path]]:
    unsettled = Unsettled()
    while folders := _next_settled(unsettled, changes, ignored):
        yield folders


def _next_settled(unsettled: Unsettled, changes: Iterable[set[Any]], ignored: frozenset[str]) -> list[Path]:
    """Wait for folders with something new; none when a signal asks for the end."""
    with stop_asked_for() as stop:  # only while waiting: what is done about the folders minds signals by itself
        for changed in changes:
            if stop:
                break
            now = time.monotonic()
            paths = (path for _, path in changed if path not in ignored and not path.lower().endswith(PARTIAL))
            unsettled.note(paths, now)
            if folders := unsettled.settled(now):
                return folders
    return []


def own_files(catalog: Path) -> frozenset[str]:
    """The files that an analysis itself writes."""
    files = (catalog.absolute(), catalog.with_suffix(SUFFIX).absolute())
    return frozenset(f"{file}{end}" for file in files for end in ("", *BESIDE))


def state_of(path: str) -> State:
    """What shows that a file changes."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
