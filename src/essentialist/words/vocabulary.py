"""A language's vocabulary: which words ask for what, read from a TOML file of this folder.

Another language is another file. Every entry gives a fragment of the query language, or a wish for the whole playlist.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from essentialist.text import fold

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.query import Field

WISHES = ("length", "order", "max_per_artist", "diversity")
NUMBER = r"[0-9]+(?:\.[0-9]+)?"

Role = Literal["entry", "negation", "degree", "joiner", "either", "filler", "by", "like"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word or a pattern asks for.

    `queries` are alternatives, the first that the catalogue can answer is taken; `wishes` are of the playlist as a
    whole. Entries of one `group` that are listed are alternatives. Both may hold places for numbers: `{n}`.
    """

    queries: tuple[str, ...] = ()
    wishes: tuple[tuple[str, str], ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or several that mean something together. `factor` is of a degree, `carries` of a negation."""

    role: Role
    entry: Entry = Entry()
    factor: float = 1.0
    carries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is told by its form, such as a number of minutes."""

    find: re.Pattern[str]
    entry: Entry


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that is known of a language; phrases are folded."""

    phrases: Mapping[str, Phrase]
    patterns: tuple[Pattern, ...]
    numbers: Mapping[str, float]

    def of(self, fields: Mapping[str, Field]) -> Vocabulary:
        """Add the labels of a catalogue, each under its own name, where the language has no entry for it."""
        named: dict[str, list[str]] = {}
        groups: dict[str, str] = {}
        for field in sorted(
            {each.name: each for each in fields.values()}.values(), key=lambda each: each.name == "tags"
        ):
            if field.kind != "distribution":
                continue
            for label in field.labels:
                for name in fold(label).split("---"):
                    query = f'{field.name}:"{name}"'
                    if query not in named.setdefault(name, []):
                        named[name].append(query)
                    groups.setdefault(name, "styles" if field.name == "tags" else field.name)
        labels = {name: Phrase("entry", Entry(tuple(found), group=groups[name])) for name, found in named.items()}
        return replace(self, phrases=labels | dict(self.phrases))


@cache
def vocabulary(language: str = "english") -> Vocabulary:
    """Read the vocabulary of a language."""
    source = resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    read = tomllib.loads(source)
    phrases: dict[str, Phrase] = {}
    roles: Mapping[str, Role] = {
        "fillers": "filler",
        "joiners": "joiner",
        "either": "either",
        "by": "by",
        "like": "like",
    }
    for name, role in roles.items():
        phrases |= {fold(word): Phrase(role) for word in read[name]}
    phrases |= {fold(word): Phrase("degree", factor=factor) for word, factor in read["degrees"].items()}
    phrases |= {fold(word): Phrase("negation", carries=frozenset(on)) for word, on in read["negations"].items()}
    for each in read["word"]:
        phrases |= {fold(word): Phrase("entry", _entry(each)) for word in each["said"]}
    number = "|".join([NUMBER, *sorted(read["numbers"], key=len, reverse=True)])
    return Vocabulary(phrases, tuple(_pattern(each, number) for each in read["pattern"]), read["numbers"])


def _entry(read: Mapping[str, Any]) -> Entry:
    wishes = tuple((name, read[name]) for name in WISHES if name in read)
    return Entry(tuple(read.get("query", ())), wishes, read.get("group", ""))


def _pattern(read: Mapping[str, Any], number: str) -> Pattern:
    find = read["find"].replace("NUMBER", f"(?:{number})")
    return Pattern(re.compile(rf"(?:{find})(?![\w#]|\.\w)"), _entry(read))
