"""The characters of a query, taken from left to right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from essentialist.errors import QueryError

# A dash that stands alone separates words and means nothing: "Nina Simone - Sinnerman".
BLANK = re.compile(r"(?:\s+|[-\u2013\u2014]+(?=[\s),]|$))+")
MINUS = re.compile("-")
OPEN = re.compile(r"\(")
CLOSE = re.compile(r"\)")
COMMA = re.compile(r"\s*,\s*")
AND, OR, NOT = (re.compile(rf'{keyword}(?=[\s"(),]|$)', re.IGNORECASE) for keyword in ("and", "or", "not"))
FIELD = re.compile(r"([^\W\d_][\w-]*)(?::|(?=[<>=]))")

_QUOTE = re.compile('"')
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_BARE = re.compile(r'[^\s"(),]+')
_COMPARISON = re.compile(r'(?:<=|>=|<|>|=)(?=")')
_LIMIT = re.compile(r'[<>=][^\s"(),]*')


@dataclass(frozen=True, slots=True)
class Value:
    """What stands after a field's colon, or a free word.

    Around quotes, `comparison` is what stands before and `limit` what follows: the `>0.6` of `"deep house">0.6`.
    A bare value keeps both in its `text`.
    """

    text: str
    quoted: bool = False
    comparison: str = ""
    limit: str = ""

    @property
    def whole(self) -> str:
        """The value as if it had no quotes."""
        return f"{self.comparison}{self.text}{self.limit}"


class Scanner:
    """A place in the text of a query, which moves on by what is taken."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def column(self) -> int:
        """Where the next character is, counted from 1."""
        return self._at + 1

    def ended(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._text)

    def at(self, pattern: re.Pattern[str]) -> bool:
        """Whether this is next."""
        return pattern.match(self._text, self._at) is not None

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take this if it is next."""
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return found

    def take_value(self) -> Value | None:
        """Take a bare or a quoted value if one is next.

        Raises
        ------
        QueryError
            Its quotation mark is not closed; the message says where.
        """
        comparison = self._take_text(_COMPARISON)
        if not self.at(_QUOTE):
            bare = self._take_text(_BARE)
            return Value(bare) if bare else None
        quoted = self.take(_QUOTED)
        if quoted is None:
            raise QueryError(f"The quotation mark at {self.column} is not closed; add another after the text.")
        return Value(quoted[1].replace('""', '"'), True, comparison, self._take_text(_LIMIT))

    def _take_text(self, pattern: re.Pattern[str]) -> str:
        found = self.take(pattern)
        return found[0] if found else ""
