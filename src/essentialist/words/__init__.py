"""Plain language for a query: "calm instrumental piano, 80-100 bpm, 45 minutes, no ambient".

    text --pieces--> what each stretch means --understand--> a query, wishes, and what was not understood

No model and no network: a vocabulary (`english.toml`) says in the query language itself what words ask for, and the
labels of the catalogue are words too. Words that nobody knows are looked for in the collection's texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.text import fold
from essentialist.words.building import Built
from essentialist.words.pieces import cut
from essentialist.words.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.query import Field

MAX_LENGTH = 1_000  # characters; nobody says more

_SYNTAX = re.compile(r"""["()]|(?:^|\s)-[^\s-]|(?:^|\s)[^\W\d_][\w-]*(?::\S|[<>=])""")


@dataclass(frozen=True, slots=True)
class Known:
    """What texts the collection has: artists and genres by their folded form, and whether a text is found anywhere."""

    artists: Mapping[str, str]
    genres: frozenset[str]
    has: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text asks for.

    `query` is in the query language and can be copied. `length` is as `Length.parse` reads it, `order` one of
    `ordering.ORDERS`, `diversity` 0 to 1; each is None where nothing was said. `like` names artists that it should
    sound like. `unknown` are the words that were not understood, `remarks` say what was done in their place.
    """

    query: str
    length: str | None = None
    order: str | None = None
    max_per_artist: int | None = None
    diversity: float | None = None
    like: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Say it in lines: what was understood, what was done, what was not understood."""
        wishes = {
            "length": self.length,
            "order": self.order,
            "at most an artist": self.max_per_artist,
            "diversity": self.diversity,
            "like": ", ".join(self.like),
        }
        said = "".join(f"; {name}: {value}" for name, value in wishes.items() if value)
        unknown = ", ".join(f'"{word}"' for word in self.unknown)
        return (
            f"understood: {self.query or 'all tracks'}{said}",
            *self.remarks,
            *([f"not understood: {unknown}"] if unknown else []),
        )


def is_query(text: str) -> bool:
    """Whether a text uses the syntax of the query language: a field, quotes, parentheses, a minus before a word."""
    return bool(_SYNTAX.search(text)) or not text.strip()


def understand(text: str, fields: Mapping[str, Field], known: Known) -> Understood:
    """Say in the query language what a text in plain English asks for; it never fails.

    Parameters
    ----------
    text
        What the user wrote; beyond 1,000 characters it is not read.
    fields
        What can be asked about, from `fields_of`.
    known
        What texts the collection has.
    """
    words = vocabulary().of(fields)
    folded = fold(text)
    built = Built(fields, known, words.numbers)
    for piece in cut(folded[:MAX_LENGTH], words, known.artists):
        built.add(piece)
    built.settle()
    if len(folded) > MAX_LENGTH:
        built.remarks.append(f"Only the first {MAX_LENGTH:,} characters were read.")
    most, diversity = built.wishes.get("max_per_artist"), built.wishes.get("diversity")
    return Understood(
        query=str(built.tree()),
        length=built.wishes.get("length"),
        order=built.wishes.get("order"),
        max_per_artist=int(most) if most else None,
        diversity=float(diversity) if diversity else None,
        like=tuple(dict.fromkeys(built.like)),
        unknown=tuple(dict.fromkeys(built.unknown)),
        remarks=tuple(dict.fromkeys(built.remarks)),
    )
