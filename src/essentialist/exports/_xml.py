"""Reading playlists in XML that anybody may have written.

No document type, no entity, no reference to another file, and nothing is kept but the elements that are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from essentialist.errors import ExportError
from essentialist.exports._entries import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TEXT: Final = 32_768  # characters of one text; a path has 4,096 bytes, three times as many encoded


class Records:
    """A parser's target: each element called one of `kinds` as its attributes and the texts of its direct children."""

    def __init__(self, root: str, kinds: frozenset[str]) -> None:
        self.root = root
        self.kinds = kinds
        self.found: list[tuple[str, Mapping[str, str]]] = []
        self._open: list[str] = []
        self._record: dict[str, str] = {}
        self._depth = 0  # of the record that is open; 0 where none is
        self._text = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        name = tag.rpartition("}")[2]
        if not self._open and name != self.root:
            raise ExportError(f"this is no such playlist: it begins with <{name[:40]!a}>; choose another file")
        self._open.append(name)
        self._text = ""
        if name in self.kinds:
            self._depth, self._record = len(self._open), dict(attributes)
            self.found.append((name, self._record))

    def data(self, text: str) -> None:
        """Take a part of a text."""
        if len(self._open) == self._depth + 1 and len(self._text) <= MAX_TEXT:
            self._text += text

    def end(self, tag: str) -> None:
        """End an element; of several children of one name the first counts."""
        if self._depth and len(self._open) == self._depth + 1:
            self._record.setdefault(self._open[-1], self._text.strip(" \t\r\n"))
        if len(self._open) == self._depth:
            self._depth = 0
        self._open.pop()

    def close(self) -> list[tuple[str, Mapping[str, str]]]:
        """Give what was found, in the order of the document."""
        return self.found


def records(content: bytes, root: str, *kinds: str) -> list[tuple[str, Mapping[str, str]]]:
    """List the elements called one of `kinds` in a document whose outermost element is `root`.

    Raises ExportError for what is too long, no XML, of another kind or has a document type.
    """
    if len(content) > MAX_BYTES:
        raise ExportError("this is no playlist: it is far too long; choose another file")
    parser = DefusedXMLParser(target=Records(root, frozenset(kinds)), forbid_dtd=True)
    try:
        parser.feed(content)
        found: list[tuple[str, Mapping[str, str]]] = parser.close()
    except DefusedXmlException as error:
        raise ExportError("this playlist has a document type, which no player needs; remove it") from error
    except (ParseError, ValueError, LookupError) as error:
        raise ExportError(f"this is no playlist: its XML is damaged ({error}); choose another file") from error
    return found
