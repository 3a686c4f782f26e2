"""From the pieces of a text to the tree of a query and the wishes of a playlist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from essentialist.errors import PlaylistError, QueryError
from essentialist.query import parse
from essentialist.query.fields import shown
from essentialist.query.tree import And, Bound, LabelIn, Not, NumberIn, Or, Percentile, TextHas, TextIs, Tree, Words
from essentialist.wishes import Length
from essentialist.words.pieces import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.query import Field
    from essentialist.words import Known
    from essentialist.words.pieces import Piece
    from essentialist.words.vocabulary import Entry

MAX_TERMS = 30  # with several conditions each they stay within the limits of a query
NAMES = frozenset({"key", "scale"})  # what a pattern finds that is no number, though "a" is one
SEARCHED = "it is looked for in titles, artists, albums and paths."
MAX_LOOKUPS = 30
SHORTEST = 3  # letters of a word that is looked for in texts: shorter ones are in most


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
            self._clear(joined=True)
        elif piece.artist:
            self._artist(piece.artist)
        elif phrase.role == "negation":
            self._negated, self._carries = True, phrase.carries
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
        self._negated = said in self._carries
        if not self._negated:
            self._carries = frozenset()

    def _entry(self, piece: Piece, entry: Entry) -> None:
        self._wanted = ""
        places = {
            name: Number(value, None) if name in NAMES else Number.read(value, self._numbers)
            for name, value in piece.numbers.items()
        }
        for name, template in entry.wishes:
            self._wish(name, template.format_map(Places(places)), piece.said)
        if not entry.queries:
            return
        term = self._answerable(entry, places)
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

    def _answerable(self, entry: Entry, places: dict[str, Number]) -> Tree | None:
        """The first of the queries that this catalogue can answer."""
        low, high = (places.get(name) for name in ("low", "high"))
        if low and high and (low.value or 0) > (high.value or 0):
            places = places | {"low": high, "high": low}
        for template in entry.queries:
            try:
                return parse(template.format_map(Places(places)), self._fields)
            except (QueryError, KeyError):
                continue
        return None

    def _wish(self, name: str, value: str, said: str) -> None:
        try:
            if name == "length":
                Length.parse(value)
        except PlaylistError:
            self._lose(said)
            return
        self.wishes[name] = value

    def _lose(self, said: str) -> None:
        """Note what was not understood; a negation before it is of nothing else."""
        self.unknown.append(shown(said))
        self._wanted, self._negated = "", False

    def _take(self, term: Tree, *, group: str = "") -> None:
        """Add a condition, or make it one more alternative to the last."""
        if len(self._terms) >= MAX_TERMS:
            self.remarks.append(f"Only the first {MAX_TERMS} conditions were taken.")
        elif self._negated:
            self._terms.append(Not(term))
            group = ""
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


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was said, for a template: `{n}`, `{n:*0.95}`, `{n:+9}`. What is no number stays text."""

    said: str
    value: float | None

    @classmethod
    def read(cls, said: str, numbers: Mapping[str, float]) -> Number:
        """Read digits, or a word that is among `numbers`."""
        try:
            return cls(said, numbers[said] if said in numbers else float(said))
        except ValueError:
            return cls(said, None)

    def __format__(self, spec: str) -> str:
        if self.value is None:
            return self.said
        if not spec:
            return self.said if self.said.isdecimal() else f"{self.value:g}"
        value = self.value * float(spec[1:]) if spec[0] == "*" else self.value + float(spec)
        return f"{round(value, 1):g}"


class Places(dict[str, Number]):
    """What a template's places are filled with; one is what is meant where no number was said ("the last week")."""

    def __missing__(self, key: str) -> Number:
        if key != "n":
            raise KeyError(key)
        return Number("1", 1.0)


def alternatives(tree: Tree) -> tuple[Tree, ...]:
    """The terms of an "or", or the tree itself."""
    return tree.terms if isinstance(tree, Or) else (tree,)


def scaled(tree: Tree, factor: float) -> Tree:
    """Narrow or widen what the percentiles of a tree let through: half of "the lowest 30 %" is the lowest 15 %."""
    if factor == 1:
        return tree
    if isinstance(tree, And | Or):
        return replace(tree, terms=tuple(scaled(term, factor) for term in tree.terms))
    if not isinstance(tree, NumberIn | LabelIn):
        return tree
    low, high = tree.range.low, tree.range.high
    if low is not None and high is None and isinstance(low.value, Percentile):
        return replace(tree, range=replace(tree.range, low=_ranked(low, 100 - (100 - low.value.rank) * factor)))
    if high is not None and low is None and isinstance(high.value, Percentile):
        return replace(tree, range=replace(tree.range, high=_ranked(high, high.value.rank * factor)))
    return tree


def _ranked(bound: Bound, rank: float) -> Bound:
    return replace(bound, value=Percentile(float(min(max(round(rank), 1), 99))))
