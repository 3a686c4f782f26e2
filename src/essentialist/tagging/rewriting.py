"""Put a changed copy of a file in its place, such that whatever happens the file is whole: the old one or the new one.

    target_of     is it a file of the collection that may be replaced at all?
    copied        a copy beside it, hidden, for its owner only, and noted so that a crash leaves no litter
    dress         rights, owner, attributes as they were; on the disk
    take_place    one rename

A rename makes another file of the same name. So a file with further names (hard links) is left alone: they would keep
the old one. Of a symbolic link the file that it leads to is replaced, if that lies in a root.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import secrets
import shutil
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from essentialist.catalogue.roots import root_of
from essentialist.catalogue.tag_journal import TEMPORARY
from essentialist.errors import Untaggable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from essentialist.catalogue.tag_journal import TagJournal

WRITABLE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
LONGEST_SUFFIX: Final = 10  # characters: by it decoders know formats
CHUNK: Final = 1 << 20
DIGEST_BYTES: Final = 32
GONE: Final = "cannot be found: analyse its folder again"


@dataclass(frozen=True, slots=True)
class Target:
    """A file that may be replaced, by its real path, and as it was when that was found out."""

    path: Path
    status: os.stat_result

    def check_unchanged(self) -> None:
        """Raise Untaggable where it is another file by now, or was written to."""
        if identity(looked_at(self.path)) != identity(self.status):
            raise Untaggable("changed while it was read: analyse it again")


def target_of(path: Path, roots: Iterable[str]) -> Target:
    """The file to replace. Raises Untaggable, with the reason, where it must not or cannot be."""
    real = Path(os.path.realpath(path))
    if root_of(real, roots) is None:
        raise Untaggable("leads out of the folders that were analysed")
    status = looked_at(real)
    if not stat.S_ISREG(status.st_mode):
        raise Untaggable("is no regular file")
    if status.st_nlink > 1:
        raise Untaggable(f"has {status.st_nlink} names (hard links), and the others would keep the old tags")
    if not status.st_mode & WRITABLE or not os.access(real, os.W_OK):
        raise Untaggable("is read-only: allow this user to write it")
    if not os.access(real.parent, os.W_OK | os.X_OK):
        raise Untaggable("lies in a folder that is read-only: allow this user to write there")
    return Target(real, status)


def looked_at(path: Path) -> os.stat_result:
    """What stands in the folder under this name; Untaggable where that is nothing."""
    try:
        return path.lstat()
    except OSError as error:
        raise Untaggable(GONE) from error


def identity(status: os.stat_result) -> tuple[int, ...]:
    """What differs where a file was replaced or written to."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_nlink


@contextmanager
def copied(target: Target, journal: TagJournal) -> Iterator[Path]:
    """A place beside the file for what may replace it; it is empty, and gone at the end where it did not.

    What goes wrong with the disk on the way is told as Untaggable.
    """
    suffix = target.path.suffix if len(target.path.suffix) <= LONGEST_SUFFIX else ""
    copy = target.path.with_name(f"{TEMPORARY[0]}{secrets.token_hex(8)}{TEMPORARY[1]}{suffix}")
    journal.at_work_on(copy)
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield copy
    except OSError as error:
        raise Untaggable(f"cannot be written: {error.strerror or error}") from error
    finally:
        copy.unlink(missing_ok=True)
        journal.at_work_on(None)


def dress(copy: Path, target: Target, mtime_ns: int | None) -> None:
    """Give the copy the file's rights, owner and attributes, and have it on the disk; `mtime_ns` None: the time of now.

    Raises Untaggable where the file would not keep who may do what with it.
    """
    shutil.copystat(target.path, copy)
    after = copy.stat()
    if (after.st_uid, after.st_gid) != (target.status.st_uid, target.status.st_gid):
        try:
            os.chown(copy, target.status.st_uid, target.status.st_gid)
        except PermissionError as error:
            raise Untaggable("belongs to another user or group, to which it would be lost") from error
        os.chmod(copy, stat.S_IMODE(target.status.st_mode))  # the kernel takes some rights back with the owner
    if attributes(copy) != attributes(target.path):
        raise Untaggable("has extended attributes that would be lost")
    if mtime_ns is None:
        os.utime(copy)
    else:
        os.utime(copy, ns=(target.status.st_atime_ns, mtime_ns))
    synchronise(copy)


def take_place(copy: Path, target: Target) -> None:
    """Put the copy in the file's place. Raises Untaggable where the file has changed since it was looked at."""
    target.check_unchanged()
    os.replace(copy, target.path)
    with suppress(OSError):  # some network shares cannot; the file itself is there, whole
        synchronise(target.path.parent)


def attributes(path: Path) -> dict[str, bytes]:
    """A file's extended attributes that people and programs gave it, access lists among them."""
    if not hasattr(os, "listxattr"):
        return {}
    names = [name for name in os.listxattr(path) if name.startswith(("user.", "system.posix_acl"))]
    return {name: os.getxattr(path, name) for name in names}


def synchronise(path: Path) -> None:
    """Have a file or a folder written to the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest(path: Path) -> bytes:
    """The digest of a whole file, tags and all (BLAKE2b)."""
    with path.open("rb") as file:
        return hashed(iter(lambda: file.read(CHUNK), b""))


def hashed(pieces: Iterable[bytes]) -> bytes:
    """The digest of a file that comes in pieces."""
    made = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for piece in pieces:
        made.update(piece)
    return made.digest()


@contextmanager
def contents(path: Path) -> Iterator[mmap.mmap]:
    """All bytes of a file that is not empty."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        yield mapped
