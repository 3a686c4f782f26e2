"""A text cut into pieces that mean something: at each place the longest that the vocabulary has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from essentialist.words.vocabulary import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from essentialist.words.vocabulary import Vocabulary

LONGEST = 6  # words of a phrase or of an artist's name

_WORD = re.compile(r"""[^\s,;:!?()"]+""")
_BREAK = re.compile(r"""[,;:!?()"]|\.(?=\s|$)|-(?=\s|$)""")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: what it means, or None for an end of a clause and for a word that is not known."""

    said: str
    phrase: Phrase | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    artist: str = ""

    @property
    def is_break(self) -> bool:
        """Whether a clause ends here."""
        return self.phrase is None and bool(_BREAK.fullmatch(self.said))


def cut(text: str, vocabulary: Vocabulary, artists: Mapping[str, str]) -> Iterator[Piece]:
    """Cut a folded text; `artists` are names by their folded form.

    A name of two words or more is seen anywhere, one of a single word, which may mean something else, after "by".
    """
    place, least = 0, 2
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        piece = (
            _meant(text, place, vocabulary) or _named(text, place, artists, least) or _known(text, place, vocabulary)
        )
        yield piece
        role = piece.phrase.role if piece.phrase else None
        least = 1 if role in ("by", "like") or (role == "filler" and least == 1) else 2
        place += len(piece.said)


def _meant(text: str, place: int, vocabulary: Vocabulary) -> Piece | None:
    """What is told by its form: an end of a clause, a pattern."""
    if found := _BREAK.match(text, place):
        return Piece(found[0])
    for pattern in vocabulary.patterns:
        if found := pattern.find.match(text, place):
            numbers = {name: value for name, value in found.groupdict().items() if value is not None}
            return Piece(found[0], Phrase("entry", pattern.entry), numbers)
    return None


def _named(text: str, place: int, artists: Mapping[str, str], least: int) -> Piece | None:
    """An artist's whole name of at least so many words."""
    for run in _runs(text, place):
        if run in artists and run.count(" ") + 1 >= least:
            return Piece(run, Phrase("entry"), artist=artists[run])
    return None


def _known(text: str, place: int, vocabulary: Vocabulary) -> Piece:
    """The longest phrase of the vocabulary, or one word that is not in it."""
    run = text[place]
    for run in _runs(text, place):
        if phrase := vocabulary.phrases.get(run):
            return Piece(run, phrase)
    return Piece(run)


def _runs(text: str, place: int) -> Iterator[str]:
    """The words from here on, as many as a phrase may have, then one fewer each time; a full stop ends a word."""
    ends: list[int] = []
    for word in _WORD.finditer(text, place):
        if ends and text[ends[-1] : word.start()].strip():
            break
        stripped = word[0].rstrip(".")
        ends.append(word.start() + len(stripped or word[0]))
        if len(ends) == LONGEST or stripped != word[0]:
            break
    return (text[place:end] for end in reversed(ends))
