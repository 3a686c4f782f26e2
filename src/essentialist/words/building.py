"""From the pieces of a text to the tree of a query and the wishes of a playlist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.choosing.wishes import Length
from essentialist.errors import PlaylistError
from essentialist.query.fields import shown
from essentialist.query.tree import And, Not, Or, TextHas, TextIs, Tree, Words
from essentialist.words.fragments import answerable, filled, places_of, scaled
from essentialist.words.pieces import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.query import Field
    from essentialist.words import Known
    from essentialist.words.pieces import Piece
    from essentialist.words.vocabulary import Entry

MAX_CONDITIONS = 60  # of the 100 that a query may have
SEARCHED = "it is looked for in titles, artists, albums and paths."
MAX_LOOKUPS = 30
SHORTEST = 3  # letters of a word that is looked for in texts: shorter ones are in most


@dataclass(frozen=True, slots=True)
class Listed:
    """A negation before a comma: how many conditions were there, and the group of the last."""

    n_terms: int
    group: str
    carries: frozenset[str]


class Built:
    """What the pieces so far ask for. One method a role of a piece; `settle` after the last."""

    def __init__(self, fields: Mapping[str, Field], known: Known, numbers: Mapping[str, float]) -> None:
        self.wishes: dict[str, str] = {}
        self.like: list[str] = []
        self.unknown: list[str] = []
        self.remarks: list[str] = []
        self._fields = fields
        self._known = known
        self._numbers = numbers
        self._terms: list[Tree] = []
        self._strange: list[str] = []  # words in a row that nobody knows
        self._wanted = ""  # "by" or "like": an artist should follow
        self._n_lookups = 0
        self._group = ""  # of the last condition
        self._listed: Listed | None = None
        self._negated = False
        self._carries: frozenset[str] = frozenset()  # the joiners that a negation goes on over
        self._factor = 1.0
        self._joined = ""  # how the next condition is joined to the last: "and", "or", or "" for right after it

    def tree(self) -> Tree:
        """All that was asked for."""
        terms = tuple(dict.fromkeys(self._terms))
        return terms[0] if len(terms) == 1 else And(terms)

    def add(self, piece: Piece) -> None:
        """Take the next piece of the text."""
        phrase = piece.phrase
        if phrase is None and not piece.is_break:
            self._strange.append(piece.said)
            return
        self.settle()
        if phrase is None:
            self._break(piece.said)
        elif piece.artist:
            self._artist(piece.artist)
        elif phrase.role == "negation":
            self._negated, self._carries, self._listed = True, phrase.carries, None
        elif phrase.role == "degree":
            self._factor *= phrase.factor
        elif phrase.role in ("joiner", "either"):
            self._joiner(piece.said, "or" if phrase.role == "either" else "and")
        elif phrase.role in ("by", "like"):
            self._wanted = phrase.role
        elif phrase.role == "entry":
            self._entry(piece, phrase.entry)

    def settle(self) -> None:
        """See to the words in a row that nobody knows: an artist, a genre, a text of the collection, or nothing."""
        words, self._strange = self._strange, []
        while words:
            n = self._named(words) or (0 if self._wanted else self._found(words))
            if not n:
                n = len(words) if self._wanted else 1
                self._lose(" ".join([self._wanted, *words[:n]]).strip())
            del words[:n]

    def _named(self, words: list[str]) -> int:
        """How many of the words name an artist: the whole name or, after "by" or "like", a part of it."""
        for n in range(min(len(words), LONGEST), 0, -1):
            text = " ".join(words[:n])
            name = self._known.artists.get(text, "")
            if not name and self._wanted and len(text) >= SHORTEST:
                name = next((each for folded, each in self._known.artists.items() if text in folded), "")
            if name:
                self._artist(name)
                return n
        return 0

    def _found(self, words: list[str]) -> int:
        """How many of the words are together in a genre or in another text."""
        n = self._n_together(words, lambda text: any(text in genre for genre in self._known.genres))
        if n:
            self._take(TextHas("genre", " ".join(words[:n])))
            return n
        n = self._n_together(words, self._has)
        if n:
            text = " ".join(words[:n])
            self.remarks.append(f'"{shown(text)}": {SEARCHED}')
            self._take(Words(text))
        return n

    @staticmethod
    def _n_together(words: list[str], found: Callable[[str], bool]) -> int:
        """How many of the words are found as they stand; if the first is not, no more of them are."""
        n = 0
        while len(words[0]) >= SHORTEST and n < min(len(words), LONGEST) and found(" ".join(words[: n + 1])):
            n += 1
        return n

    def _has(self, text: str) -> bool:
        """Whether the collection has the text; only so often, since each time may take a while."""
        self._n_lookups += 1
        return self._n_lookups <= MAX_LOOKUPS and self._known.has(text)

    def _artist(self, name: str) -> None:
        if self._wanted == "like" and not self._negated:
            self.like.append(name)
        else:
            self._take(TextIs("artist", name), group="artist")
        self._wanted = ""

    def _joiner(self, said: str, joined: str) -> None:
        self._joined = joined
        listed, self._listed = self._listed, None
        if listed and said in listed.carries and len(self._terms) > listed.n_terms and self._group == listed.group:
            self._terms[listed.n_terms :] = [Not(term) for term in self._terms[listed.n_terms :]]
            self._carries = listed.carries
        self._negated = said in self._carries
        if not self._negated:
            self._carries = frozenset()

    def _break(self, said: str) -> None:
        """A clause ends. In "no metal, punk or folk" the "or" will tell that the "no" went on."""
        last = self._terms[-1] if self._terms else None
        if said != ",":
            self._listed = None
        elif self._carries and isinstance(last, Not) and self._group:
            self._listed = Listed(len(self._terms), self._group, self._carries)
        self._clear(joined=True)

    def _entry(self, piece: Piece, entry: Entry) -> None:
        self._wanted = ""
        places = places_of(piece.numbers, self._numbers)
        for name, template in entry.wishes:
            self._wish(name, filled(template, places), piece.said)
        if not entry.queries:
            return
        term = answerable(entry.queries, places, self._fields)
        if term is not None:
            self._take(scaled(term, self._factor), group=entry.group)
        elif self._has(piece.said):
            self.remarks.append(f'Nothing measured here tells "{shown(piece.said)}": {SEARCHED}')
            self._take(Words(piece.said), group=entry.group)
        else:
            self.remarks.append(
                f'Nothing here tells "{shown(piece.said)}"; `essentialist models list` says what could.'
            )
            self._lose(piece.said)

    def _wish(self, name: str, value: str, said: str) -> None:
        if _can_be(name, value):
            self.wishes[name] = value
        else:
            self._lose(said)

    def _lose(self, said: str) -> None:
        """Note what was not understood; a negation before it is of nothing else."""
        self.unknown.append(shown(said))
        self._wanted, self._negated = "", False

    def _take(self, term: Tree, *, group: str = "") -> None:
        """Add a condition, or make it one more alternative to the last."""
        if sum(map(n_conditions, (*self._terms, term))) > MAX_CONDITIONS:
            self.remarks.append(f"Only the first {MAX_CONDITIONS} conditions were taken.")
        elif self._negated:
            self._terms.append(Not(term))
        elif self._terms and not isinstance(self._terms[-1], Not) and self._is_alternative(group):
            last = self._terms.pop()
            self._terms.append(Or((*alternatives(last), *alternatives(term))))
        else:
            self._terms += term.terms if isinstance(term, And) else (term,)
        carries, self._group = self._carries, group
        self._clear()
        self._carries = carries

    def _is_alternative(self, group: str) -> bool:
        return self._joined == "or" or bool(self._joined and group and group == self._group)

    def _clear(self, *, joined: bool = False) -> None:
        self._negated = False
        self._carries = frozenset()
        self._factor = 1.0
        self._joined = "and" if joined else ""


def alternatives(tree: Tree) -> tuple[Tree, ...]:
    """The terms of an "or", or the tree itself."""
    return tree.terms if isinstance(tree, Or) else (tree,)


def n_conditions(tree: Tree) -> int:
    """How many conditions a tree has."""
    if isinstance(tree, And | Or):
        return sum(map(n_conditions, tree.terms))
    return n_conditions(tree.term) if isinstance(tree, Not) else 1


def _can_be(name: str, value: str) -> bool:
    """Whether a playlist can have such a length or limit."""
    if name == "max_per_artist":
        return value.isdecimal() and int(value) > 0
    try:
        return name != "length" or bool(Length.parse(value))
    except PlaylistError:
        return False
