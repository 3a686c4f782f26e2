"""Replace a file whole or not at all.

The new content grows in a hidden file of the same folder, whose name no playlist scanner takes for a list, and takes
the old file's place only when it is complete and on the disk. Whatever stops it before, `kill -9` too, leaves the old
file as it was.
"""

from __future__ import annotations

import filecmp
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from essentialist.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def replacement(path: Path) -> Iterator[BinaryIO]:
    """Write and read the file that takes the place of `path` when the block ends without an exception.

    Content equal to the old leaves the old file and its time untouched: servers import again what has changed.

    Raises
    ------
    ExportError
        Where the folder is missing or cannot be written, or the disk is full.
    """
    temporary = path.with_name(f".~{secrets.token_hex(8)}.tmp")
    try:
        # Made by `open`, not by `tempfile`, so that the kernel applies the umask.
        with temporary.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _settle(temporary, path)
    except OSError as error:
        raise ExportError(_explanation(path, error)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _settle(temporary: Path, path: Path) -> None:
    if path.is_file() and filecmp.cmp(temporary, path, shallow=False):
        return
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _explanation(path: Path, error: OSError) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}; make it first, or choose another"
    return f"cannot write {path}: {error.strerror}; choose another place, or make room there"
