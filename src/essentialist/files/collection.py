"""Walk a music folder: every file that is audio, in an order that is always the same.

In a folder come first its files, then its sub-folders, each sorted by the bytes of their names. A file with an audio
extension is taken as it is; any other is opened, for a few kilobytes, to see whether it is audio all the same. Symbolic
links are followed, those to folders after all else, and each real folder is entered once: links cannot loop, and a
track keeps its real path whatever links to it. What the walk leaves out is told in `docs/scanning.md`.
"""

from __future__ import annotations

import errno
import fnmatch
import os
import re
import stat
import unicodedata
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from essentialist.errors import FolderMissing
from essentialist.files.sniff import has_audio_extension, sounds_like_audio
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from pathlib import Path

LEAVE_OUT = ".nomedia"
IGNORE = ".essentialist-ignore"
IGNORE_SIZE = 65_536  # bytes of an ignore file that are read

LITTER = frozenset(
    ("@eadir", "@recycle", "#recycle", "__macosx", "$recycle.bin", "system volume information", "lost+found")
)
_HIDDEN = re.compile(r"\.(?!\.)")  # a dot, but not the dots of "...And Justice for All"
_ALWAYS_HIDDEN = re.compile(r"\._|\.Trash")
BESIDE = ("-wal", "-shm", "-journal")
"""How the files end that SQLite keeps beside a database while it is open."""

PARTIAL = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".tmp", ".temp", ".!qb", ".!ut")

_REASONS = {
    errno.EACCES: "permission denied; allow this user to read it, or exclude it",
    errno.EPERM: "permission denied; allow this user to read it, or exclude it",
    errno.ENOENT: "it vanished while the folder was read; scan again",
    errno.ENOTDIR: "it vanished while the folder was read; scan again",
    errno.ENAMETOOLONG: "its path is too long for this system; move it up or shorten the names of its folders",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a folder are wanted: globs on their paths, and whether names with a leading dot count.

    In a glob `*` stands for any characters of one name, `?` for one character and `**` for any folders; `[` and `]`
    stand for themselves. A glob without a slash is compared with the name, in any folder; one that fits a folder goes
    for all that is in it. Case does not matter, nor how accents are encoded. Without `include`, everything is included.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hidden: bool = False


EVERYTHING = Selection()
NOTHING: frozenset[AudioFile] = frozenset()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder or file that could not be looked at, with the reason; `path` is relative to `root`, "" for the root."""

    root: str
    path: str
    reason: str


def walk(
    root: Path, *, selection: Selection = EVERYTHING, known: Container[AudioFile] = NOTHING
) -> Iterator[AudioFile | Unreadable]:
    """Find the audio files below a folder.

    Parameters
    ----------
    known
        Files that are known to be audio as they are (same path, size and time): they are not opened.

    Yields
    ------
    AudioFile or Unreadable
        Each file once; folders and files that cannot be looked at in between, and the walk goes on.

    Raises
    ------
    FolderMissing
        `root` does not exist or is not a folder.
    """
    absolute = os.path.abspath(root)
    if not os.path.isdir(absolute):
        if os.path.exists(absolute):
            raise FolderMissing(f"{absolute} is a file; give the folder that holds it")
        raise FolderMissing(f"{absolute} does not exist; check the name, or connect the disk that holds it")
    return _Walk(absolute, selection, known).files()


@dataclass(frozen=True, slots=True)
class _Glob:
    """A glob as tests of one name after another, None for `**`; it starts below the first `depth` folders of a path."""

    parts: tuple[re.Pattern[str] | None, ...]
    depth: int = 0

    @classmethod
    def parse(cls, text: str, depth: int = 0) -> _Glob:
        names = [name for name in unicodedata.normalize("NFC", text).split("/") if name not in ("", ".")]
        if names and "/" not in text.rstrip("/"):
            names.insert(0, "**")
        return cls(tuple(None if name == "**" else _name_test(name) for name in names), depth)

    def fits(self, names: Sequence[str]) -> bool:
        """Whether the glob describes the path made of these names, from its first to its last."""
        n_names = len(names)
        reached = {self.depth}  # how many names the parts so far can have used up
        for part in self.parts:
            if part is None:
                reached = set(range(min(reached), n_names + 1))
            else:
                reached = {used + 1 for used in reached if used < n_names and part.match(names[used])}
            if not reached:
                return False
        return n_names in reached


def _name_test(name: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(name.replace("[", "[[]")), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder still to be read: its path ("" for the root) and the rules that hold in it."""

    path: str
    include: tuple[_Glob, ...]
    exclude: tuple[_Glob, ...]

    def child(self, name: str) -> _Folder | None:
        """Apply the rules to a name in this folder: None where it is excluded, else the rules that hold below it."""
        path = f"{self.path}/{name}" if self.path else name
        if not self.include and not self.exclude:
            return _Folder(path, (), ())
        names = unicodedata.normalize("NFC", path).split("/")
        if any(glob.fits(names) for glob in self.exclude):
            return None
        included = any(glob.fits(names) for glob in self.include)
        return _Folder(path, () if included else self.include, self.exclude)

    def leaving_out(self, lines: Iterable[str]) -> _Folder:
        depth = len(self.path.split("/")) if self.path else 0
        return replace(self, exclude=self.exclude + tuple(_Glob.parse(line, depth) for line in lines))


@dataclass(slots=True)
class _Walk:
    """One walk: folders to read, folders that links lead to, and the real folders that were entered."""

    root: str
    selection: Selection
    known: Container[AudioFile]
    pending: list[_Folder] = field(default_factory=list)
    linked: deque[_Folder] = field(default_factory=deque)
    entered: set[tuple[int, int] | str] = field(default_factory=set)

    def files(self) -> Iterator[AudioFile | Unreadable]:
        include, exclude = (
            tuple(_Glob.parse(text) for text in globs) for globs in (self.selection.include, self.selection.exclude)
        )
        self.pending.append(_Folder("", include, exclude))
        while self.pending or self.linked:
            folder = self.pending.pop() if self.pending else self.linked.popleft()
            try:
                entries = self._enter(folder)
            except OSError as error:
                yield self._unreadable(folder.path, error)
            else:
                yield from self._read(folder, entries)

    def _enter(self, folder: _Folder) -> list[os.DirEntry[str]]:
        """List the folder in order; empty if it was entered before."""
        absolute = os.path.join(self.root, folder.path)
        status = os.stat(absolute)
        # Some network and FUSE file systems number no files: there, the real path is the folder's identity.
        identity = (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(absolute)
        if identity in self.entered:
            return []
        self.entered.add(identity)
        with os.scandir(absolute) as entries:
            return sorted(entries, key=lambda entry: os.fsencode(entry.name))

    def _read(self, folder: _Folder, entries: list[os.DirEntry[str]]) -> Iterator[AudioFile | Unreadable]:
        names = {entry.name for entry in entries}
        if LEAVE_OUT in names:
            return
        if IGNORE in names:
            try:
                lines = _ignored(os.path.join(self.root, folder.path, IGNORE))
            except OSError as error:
                yield self._unreadable(os.path.join(folder.path, IGNORE), error)
                return
            if not lines:
                return
            folder = folder.leaving_out(lines)
        below: list[_Folder] = []
        for entry in entries:
            child = None if self._is_hidden(entry.name) else folder.child(entry.name)
            if child is None:
                continue
            try:
                status = entry.stat()
                if stat.S_ISDIR(status.st_mode):
                    (self.linked if entry.is_symlink() else below).append(child)
                elif not child.include and self._is_audio(entry, child.path, status, names):
                    yield self._file(child.path, status)
            except OSError as error:
                if has_audio_extension(entry.name) or not _is_gone(error):
                    yield self._unreadable(child.path, error, is_link=entry.is_symlink())
        self.pending.extend(reversed(below))

    def _is_hidden(self, name: str) -> bool:
        return (
            name.lower() in LITTER
            or bool(_ALWAYS_HIDDEN.match(name))
            or (not self.selection.hidden and bool(_HIDDEN.match(name)))
        )

    def _is_audio(self, entry: os.DirEntry[str], path: str, status: os.stat_result, names: Container[str]) -> bool:
        if not stat.S_ISREG(status.st_mode) or entry.name.lower().endswith(PARTIAL):
            return False
        if has_audio_extension(entry.name) or self._file(path, status) in self.known:
            return True
        if not status.st_size or _is_open_database(entry, names):
            return False
        with open(entry.path, "rb", buffering=0) as file:
            return sounds_like_audio(file)

    def _file(self, path: str, status: os.stat_result) -> AudioFile:
        return AudioFile(self.root, path, status.st_size, status.st_mtime_ns)

    def _unreadable(self, path: str, error: OSError, *, is_link: bool = False) -> Unreadable:
        if is_link and _is_gone(error):
            return Unreadable(self.root, path, "broken link; mend it or remove it")
        reason = _REASONS.get(error.errno or 0) or f"{error.strerror or error}; check the disk"
        return Unreadable(self.root, path, reason)


def _is_open_database(entry: os.DirEntry[str], names: Container[str]) -> bool:
    """Whether SQLite has a file open, perhaps in this process: the catalogue may lie among the music.

    Then it must not be opened here. Closing it would give up all locks that this process has on it (POSIX), and
    others could write over what it writes.
    """
    if not entry.is_symlink():
        return entry.name.endswith(BESIDE) or any(f"{entry.name}{end}" in names for end in BESIDE)
    real = os.path.realpath(entry.path)
    return real.endswith(BESIDE) or any(os.path.exists(f"{real}{end}") for end in BESIDE)


def _is_gone(error: OSError) -> bool:
    """Nothing is there: the file vanished, or the link leads nowhere or to itself."""
    return error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


def _ignored(path: str) -> list[str]:
    """Read the globs in an ignore file: its lines, but for empty ones and those that begin with #."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        return []
    with open(path, "rb") as file:
        text = os.fsdecode(file.read(IGNORE_SIZE).removeprefix(b"\xef\xbb\xbf"))
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
