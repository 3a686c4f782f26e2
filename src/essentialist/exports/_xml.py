"""Playlists in XML: elements as text, and a reader for documents that anybody may have written.

A document with a type is refused, so there is no entity to grow and no other file to fetch; nothing is kept but what
is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from essentialist.errors import ExportError
from essentialist.exports._entries import MAX_BYTES, MAX_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TEXT: Final = 32_768  # characters of one text; a path has 4,096 bytes, three times as many encoded
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'

_QUOTE: Final = {'"': "&quot;"}
_ATTRIBUTE: Final = re.compile(rb"""([^\s=<]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG: Final = re.compile(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")


@dataclass(slots=True)
class Record:
    """An element: its name, its attributes and the texts of its direct children, and which bytes those children are.

    Of several children of one name the first counts. `start` is the first byte of its tag; `places` go from the start
    of a child's first tag to that of its last.
    """

    name: str
    said: dict[str, str]
    start: int
    places: dict[str, slice] = field(default_factory=dict)


class _Reader:
    """Handlers for a parser: each element called one of `kinds` becomes a record."""

    def __init__(self, root: str, kinds: frozenset[str]) -> None:
        self.found: list[Record] = []
        self._root, self._kinds = root, kinds
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._typed
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._data
        self._parser.EndElementHandler = self._end
        self._depth = 0
        self._record: Record | None = None
        self._record_depth = 0
        self._text = ""
        self._began = 0

    def parse(self, content: bytes) -> list[Record]:
        """Read a whole document."""
        self._parser.Parse(content, True)
        return self.found

    def _typed(self, *_: object) -> None:
        raise ExportError("this playlist has a document type, which no player needs; remove it")

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if not self._depth and name != self._root:
            raise ExportError(f"this is no such playlist: it begins with <{name[:40]!a}>; choose another file")
        self._depth += 1
        self._text = ""
        if name in self._kinds:
            if len(self.found) == MAX_ENTRIES:
                raise ExportError(f"this is no playlist: it has more than {MAX_ENTRIES:,} entries; choose another file")
            self._record, self._record_depth = (
                Record(name, dict(attributes), self._parser.CurrentByteIndex),
                self._depth,
            )
            self.found.append(self._record)
        elif self._depth == self._record_depth + 1:
            self._began = self._parser.CurrentByteIndex

    def _data(self, text: str) -> None:
        if self._depth == self._record_depth + 1 and len(self._text) <= MAX_TEXT:
            self._text += text

    def _end(self, tag: str) -> None:
        if self._record is not None and self._depth == self._record_depth + 1:
            name = tag.rpartition("}")[2]
            if name not in self._record.said:
                self._record.said[name] = self._text.strip(" \t\r\n")
                self._record.places[name] = slice(self._began, self._parser.CurrentByteIndex)
        elif self._depth == self._record_depth:
            self._record, self._record_depth = None, 0
        self._depth -= 1


def records(content: bytes, root: str, *kinds: str) -> list[Record]:
    """List the elements called one of `kinds` in a document whose outermost element is `root`.

    Raises ExportError for what is too long, no XML, of another kind or has a document type.
    """
    if len(content) > MAX_BYTES:
        raise ExportError("this is no playlist: it is far too long; choose another file")
    try:
        return _Reader(root, frozenset(kinds)).parse(content)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ExportError(f"this is no playlist: its XML is damaged ({error}); choose another file") from error


def text_in(content: bytes, place: slice) -> slice | None:
    """The bytes between the tags of a child; None for one without a text."""
    tag = _TAG.match(content, place.start)
    return slice(tag.end(), place.stop) if tag and tag.end() <= place.stop else None


def attribute_in(content: bytes, start: int, name: str) -> slice | None:
    """The bytes between the quotes of an attribute of the tag that begins there; None where it has none."""
    tag = _TAG.match(content, start)
    found = _ATTRIBUTE.finditer(content, start, tag.end()) if tag else ()
    return next((slice(each.start(2) + 1, each.end(2) - 1) for each in found if each[1] == name.encode()), None)


def element(name: str, text: str) -> str:
    """An element with a text, "" where that is empty."""
    return f"<{name}>{escape(text)}</{name}>\n" if text else ""


def attributes(values: Mapping[str, str]) -> str:
    """Attributes as they stand in a tag; those without a value are left out."""
    return "".join(f' {name}="{escape(value, _QUOTE)}"' for name, value in values.items() if value)
