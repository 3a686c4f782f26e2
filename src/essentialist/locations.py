r"""How a playlist names a file: path styles, and paths as another machine sees them.

    auto       a plain path relative to the playlist; a file:/// URI only for the names that plain lines cannot carry
    relative   plain relative paths only: for another machine, a phone, a stick, a server
    absolute   plain absolute paths: for players that know no URIs, on this machine
    uri        file:/// URIs, percent-encoded: for every desktop player on this machine
    http       addresses of the web, percent-encoded: for players that fetch files from a server

Mapped to an address of the web, files have addresses in every style but `relative`; `http` is nothing else.

A name is written as it is on disk, byte for byte: never normalised, never resolved. Players compare bytes, too.
What a plain line can carry was measured with eleven players: VLC 3 cuts it at `#` and `?` and decodes `%41`, some strip
white space, others end a line at U+2028, and one line that is not UTF-8 spoils the whole list in Rhythmbox.
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import quote

from essentialist.errors import ExportError, Inexpressible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import ModuleType

PathStyle = Literal["auto", "relative", "absolute", "uri", "http"]
PATH_STYLES: tuple[PathStyle, ...] = get_args(PathStyle)

# Read wrongly by some player as a plain line. Control characters include U+0085; surrogates stand for bytes that are
# not UTF-8.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff#?]|%[0-9A-Fa-f]{2}|(?:^|[/\\])\s|\s(?:[/\\]|\Z)")
_OBSTACLES = (
    (re.compile(r"[\0\r\n]"), "a line break in its name"),
    (re.compile(r"[\ud800-\udfff]"), "bytes in its name that are not UTF-8"),
    (re.compile(r"^\s|\s\Z"), "white space at the end of its name"),
)
_NOT_ON_WINDOWS = re.compile(r'[\x00-\x1f<>:"\\|?*\ud800-\udfff]|[. ](?:/|\Z)')
_WINDOWS = re.compile(r"[A-Za-z]:|\\\\")
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_MAPPING = re.compile(r"(.+?)=(/.*|https?://[^/\s]\S*|[A-Za-z]:(?:[\\/].*)?|\\\\.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PathMapping:
    r"""A folder of this machine and where the player sees it: `/music`, `D:\Music`, `\\NAS\music` or `http://nas/music`."""

    source: str
    target: str

    @property
    def windows(self) -> bool:
        """Whether the player's side is a Windows path."""
        return _WINDOWS.match(self.target) is not None

    def apply(self, path: str) -> str | None:
        """Give the path as the player sees it, or None where it lies outside the folder.

        Raises Inexpressible for a name that Windows cannot hold, where the target is there.
        """
        source = self.source.rstrip("/")
        if not f"{path}/".startswith(f"{source}/"):
            return None
        inside = path[len(source) + 1 :]
        if _WEB.match(self.target):
            return f"{self.target.rstrip('/')}/{quote(os.fsencode(inside), safe='/')}"
        if not self.windows:
            return f"{self.target.rstrip('/')}/{inside}" if inside else self.target
        if _NOT_ON_WINDOWS.search(inside):
            raise Inexpressible("Windows knows no file of this name; rename it")
        return self.target.replace("/", "\\").rstrip("\\") + "\\" + inside.replace("/", "\\")


def path_mapping(text: str) -> PathMapping:
    r"""Read FROM=TO, as in `/srv/music=D:\Music`.

    Parted at the first `=` before an absolute path, so that FROM may hold one.

    Raises
    ------
    ExportError
        Where there is no `=`, or TO is not absolute.
    """
    parts = _MAPPING.fullmatch(text)
    if parts is None:
        raise ExportError(f"{text!r} maps no folder; write FROM=TO with an absolute TO, such as /srv/music=D:\\Music")
    return PathMapping(os.path.abspath(parts[1]), parts[2])


def is_address(text: str) -> bool:
    """Whether a text is an address of the web, with all that needs it percent-encoded."""
    return _WEB.match(text) is not None and not any(character.isspace() for character in text)


def file_uri(path: str) -> str:
    """Write an absolute path as a file URI; everything but letters, digits and `/-._~` is percent-encoded.

    An address of the web stays as it is.
    """
    if _WEB.match(path):
        return path
    if not _WINDOWS.match(path):
        return "file://" + quote(os.fsencode(path), safe="/")
    path = path.replace("\\", "/")
    if path.startswith("//"):
        return "file:" + quote(path, safe="/")
    return f"file:///{path[:2]}{quote(path[2:], safe='/')}"


@dataclass(frozen=True, slots=True)
class Locations:
    """Names the files of one playlist.

    `playlist_folder` is the absolute folder that the playlist lies in, on this machine. With `mappings`, paths are
    those that the player sees, and a relative path leads from the mapped folder to the mapped file. A plain line has
    only characters of `encoding`.
    """

    style: PathStyle
    playlist_folder: Path
    mappings: Sequence[PathMapping] = ()
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        if self.style not in PATH_STYLES:
            raise ExportError(f"there is no path style {self.style!r}; use one of {', '.join(PATH_STYLES)}")

    def line(self, path: Path) -> str:
        """Write the text that names the file in the playlist.

        Raises
        ------
        Inexpressible
            For a name that the style cannot say; the others can still be written.
        ExportError
            Where the mappings do not fit: the file, or the playlist of a relative path, lies in none of them.
        """
        target = self.target(path)
        if self.style == "uri":
            return file_uri(target)
        if _WEB.match(target) and self.style != "relative":
            return target
        line = target if self.style == "absolute" else self._relative(target)
        if self.style == "auto":
            return file_uri(target) if _UNSAFE.search(line) or not self._has(line) else line
        for obstacle, meaning in _OBSTACLES:
            if obstacle.search(line):
                raise Inexpressible(f"{meaning} cannot stand in a plain line; rename it, or use path style auto or uri")
        if not self._has(line):
            raise Inexpressible(f"its name has characters that {self.encoding} lacks; use UTF-8, or path style uri")
        return line

    def reference(self, path: Path) -> str:
        """Write the URI reference that names the file in XSPF or JSPF: relative in that style, else absolute.

        Raises as `line` does, but every name can be said.
        """
        target = self.target(path)
        if self.style != "relative":
            return file_uri(target)
        line = self._relative(target)
        return quote(os.fsencode(line.replace("\\", "/") if _WINDOWS.match(target) else line), safe="/")

    def _has(self, line: str) -> bool:
        try:
            line.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True

    def downgraded(self, line: str) -> bool:
        """Whether `auto` had to write a URI. No plain line looks like one: `./` goes before a colon."""
        return self.style == "auto" and line.startswith("file:")

    def target(self, path: Path) -> str:
        """Give the absolute path as the player sees it; raises as `line` does."""
        target = self._mapped(str(path)) if self.mappings else str(path)
        if target is None:
            raise ExportError(f"{str(path)!a} lies in no mapped folder; map its folder with FROM=TO as well")
        if self.style == "http" and not is_address(target):
            raise ExportError(
                f"{target!a} is no address; say with a base, such as https://nas/music, where it is served"
            )
        return target

    def _mapped(self, path: str) -> str | None:
        for mapping in sorted(self.mappings, key=lambda each: len(each.source), reverse=True):
            target = mapping.apply(path)
            if target is not None:
                return target
        return None

    def _relative(self, target: str) -> str:
        folder = self._mapped(str(self.playlist_folder)) if self.mappings else str(self.playlist_folder)
        relative = folder and _relative(target, folder)
        if relative:
            return relative
        if self.style == "auto":
            return target
        problem = "lies in no mapped folder" if folder is None else f"has no relative path to {target}"
        raise ExportError(f"the playlist's folder {self.playlist_folder} {problem}; map it as well, or use absolute")


def _relative(target: str, folder: str) -> str | None:
    """Lead from the folder to the target, or None where they have no root in common."""
    windows = _WINDOWS.match(target) is not None
    if windows != (_WINDOWS.match(folder) is not None):
        return None
    flavour: ModuleType = ntpath if windows else posixpath
    try:
        line: str = flavour.relpath(target, folder)
    except ValueError:  # another drive
        return None
    first = line.split(flavour.sep, 1)[0]
    # Taken for a comment, an option, a home folder or a URI otherwise; never needed below `..`.
    if first != ".." and (line[0] in "#-~\\" or line[0].isspace() or ":" in first):
        return f".{flavour.sep}{line}"
    return line
