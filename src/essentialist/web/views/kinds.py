"""Kinds of music as a tree: genres with their styles where a network tells them, else genres of tags, else one level.

A track may be of several kinds; it counts as one where its probability is what a query asks for when it names none.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from essentialist.query.tree import Bound, LabelIn, Range, TextIs
from essentialist.text import fold
from essentialist.web.views.keywheel import text_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from essentialist.query import Columns, Distribution, Field, Texts

MOST_GROUPS: Final = 24  # a level shows the largest; a screen has no room for more
MOST_LEAVES: Final = 12
SEPARATOR: Final = "---"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of music, how many tracks are of it, the query that finds them, and the kinds within it."""

    name: str
    count: int
    query: str
    within: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Kinds:
    """The largest kinds by one field; `n_known` tracks are of any kind, `n_more` kinds are not shown."""

    field: str
    title: str
    kinds: tuple[Kind, ...]
    n_known: int
    n_more: int


def all_kinds(columns: Columns, fields: Mapping[str, Field], genres: Iterable[str]) -> tuple[Kinds, ...]:
    """The trees by styles, by genres of tags and by every other distribution, what there is of them."""
    found = [
        by_label(fields[name], distribution, len(columns))
        for name, distribution in columns.distributions.items()
        if name in fields
    ]
    if "genre" in columns.texts:
        found.append(by_genre(columns.texts["genre"], genres))
    return tuple(sorted((each for each in found if each.kinds), key=lambda kinds: _rank(kinds, len(columns))))


def _rank(kinds: Kinds, n_tracks: int) -> int:
    """Styles first, then genres where most files are tagged with one."""
    if kinds.field == "genre":
        return 1 if kinds.n_known >= n_tracks / 2 else 3
    return 0 if kinds.field == "styles" else 2


def by_label(field: Field, distribution: Distribution, n_tracks: int) -> Kinds:
    """The labels of a distribution; those such as "Electronic---House" within their genre."""
    asked = Range(Bound(field.threshold), None)
    members = {
        label: distribution.rows[kept][distribution.probabilities[kept] >= field.threshold]
        for number, label in enumerate(distribution.labels)
        for kept in [slice(distribution.ends[number], distribution.ends[number + 1])]
    }
    groups: dict[str, dict[str, NDArray[np.int32]]] = defaultdict(dict)
    for label, rows in members.items():
        if len(rows):
            groups[label.split(SEPARATOR)[0]][label] = rows
    kinds = [
        Kind(
            name,
            _n_different(styles.values(), n_tracks),
            str(LabelIn(field.name, name, asked)),
            _largest(
                Kind(label.split(SEPARATOR, 1)[1], len(rows), str(LabelIn(field.name, label, asked)))
                for label, rows in styles.items()
                if SEPARATOR in label
            )[:MOST_LEAVES],
        )
        for name, styles in groups.items()
    ]
    return _kinds(field.name, field.title, kinds, _n_different(members.values(), n_tracks))


def by_genre(texts: Texts, genres: Iterable[str]) -> Kinds:
    """The genres as files are tagged, spelled as in `genres`."""
    spelled = {fold(name): name for name in genres}
    counts = text_counts(texts)
    kinds = [
        Kind(spelled.get(text, text), count, str(TextIs("genre", spelled.get(text, text))))
        for text, count in counts.items()
    ]
    return _kinds("genre", "Genre tags", kinds, sum(counts.values()))


def _kinds(field: str, title: str, kinds: list[Kind], n_known: int) -> Kinds:
    return Kinds(field, title, _largest(kinds)[:MOST_GROUPS], n_known, max(0, len(kinds) - MOST_GROUPS))


def _largest(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    return tuple(sorted(kinds, key=lambda kind: (-kind.count, kind.name)))


def _n_different(rows: Iterable[NDArray[np.int32]], n_tracks: int) -> int:
    """How many tracks are in any of these."""
    among = np.zeros(n_tracks, np.bool_)
    for each in rows:
        among[each] = True
    return int(np.count_nonzero(among))
