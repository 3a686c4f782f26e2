"""The lines of a text file in whatever encoding, and which bytes each of them is.

UTF-8 with or without a byte order mark, UTF-16 with or without one, and the encodings of old: Windows-1252, of which
Latin-1 is the rest, or what `#EXTENC:` names. Since file names can be any bytes, a line that is not UTF-8 keeps its
bytes as surrogate escapes, and `readable` says what they mean.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from essentialist.errors import PlaylistError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ENTRIES: Final = 1_000_000
MOST_LINES: Final = 3 * MOST_ENTRIES  # each with two lines of tags
LONGEST: Final = 64 * 1024  # characters of a line; a path has at most 4,096 bytes, three times as many as a URI

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
_ASCII: Final = "".join(map(chr, range(0x20, 0x7F)))
_DECLARED: Final = re.compile(r"^#EXTENC:\s*([\w-]{1,40})", re.MULTILINE)
_UNICODE: Final = re.compile(r"[^\x00-\x7f\udc80-\udcff]")
_ESCAPES: Final = re.compile("[\udc80-\udcff]")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"", "utf-8"),
)
_WITHOUT_MARK: Final = ((re.compile(rb"(?:[^\0]\0){4}"), "utf-16-le"), (re.compile(rb"(?:\0[^\0]){4}"), "utf-16-be"))


class At(NamedTuple):
    """Where a text begins that goes to the end of its line; both count from 0."""

    line: int
    character: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """A text file: its lines with their ends, and how they were encoded. `legacy` is None where all is Unicode."""

    lines: tuple[str, ...]
    mark: bytes = b""
    encoding: str = "utf-8"
    legacy: str | None = None

    def readable(self, text: str) -> str:
        """What a text means: escaped bytes read by the file's old encoding."""
        return readable(text, self.legacy or "cp1252")

    def places(self, texts: Sequence[At]) -> tuple[slice, ...]:
        """Which bytes of the file each text is, without the end of its line."""
        begins, start = [], len(self.mark)
        for line in self.lines:
            begins.append(start)
            start += len(self._bytes(line))
        return tuple(self._place(begins[at.line], at) for at in texts)

    def encoded(self, text: str) -> bytes:
        """A text as the file's others are written; UnicodeEncodeError for one that its encoding cannot say.

        That is the encoding of old only where no letter of the file is in UTF-8.
        """
        if self.legacy is None or self.encoding != "utf-8" or any(map(_UNICODE.search, self.lines)):
            return text.encode(self.encoding)
        return text.encode(self.legacy)

    def _place(self, begin: int, at: At) -> slice:
        line = self.lines[at.line]
        before, upto = line[: at.character], line.rstrip("\r\n")
        return slice(begin + len(self._bytes(before)), begin + len(self._bytes(upto)))

    def _bytes(self, text: str) -> bytes:
        return text.encode(self.encoding, errors="surrogateescape")


def read(content: bytes) -> Lines:
    """Decode a text file. Raises PlaylistError for what is binary, or has too many or too long lines."""
    mark, encoding = next((mark, encoding) for mark, encoding in _MARKS if content.startswith(mark))
    if not mark:
        encoding = next((name for form, name in _WITHOUT_MARK if form.match(content)), encoding)
    try:
        text = content[len(mark) :].decode(encoding, errors="surrogateescape" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError as error:
        raise PlaylistError("it begins as UTF-16 and is none") from error
    if "\0" in text:
        raise PlaylistError("it is binary")
    if text.count("\n") + text.count("\r") > MOST_LINES:
        raise PlaylistError("it has millions of lines")
    lines = tuple(_LINE.findall(text))
    if any(len(line) > LONGEST for line in lines):
        raise PlaylistError(f"it has a line of more than {LONGEST // 1024} KB")
    return Lines(lines, mark, encoding, legacy_of(text))


def readable(text: str, legacy: str = "cp1252") -> str:
    """Decode the escaped bytes of a text, all of it that is not UTF-8; Latin-1 where Windows-1252 has no letter."""
    if not _ESCAPES.search(text):
        return text
    content = text.encode("utf-8", errors="surrogateescape")
    try:
        return content.decode(legacy)
    except UnicodeDecodeError:
        return content.decode("latin-1")


def legacy_of(text: str) -> str | None:
    """The encoding of old in which a file is written, as it says itself; else Windows-1252 where it is not UTF-8."""
    declared = _DECLARED.search(text[:LONGEST])
    if declared:
        try:
            name = codecs.lookup(declared[1]).name
            is_of_old = _ASCII.encode(name) == _ASCII.encode() and name != "utf-8"
        except (LookupError, UnicodeError):  # unknown, or no encoding of text
            is_of_old = False
        if is_of_old:
            return name
    return "cp1252" if _ESCAPES.search(text) else None
