"""How a track stands to what a query asks, in words: "arousal 3.1, lowest 8 %; piano 0.62"."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from essentialist.choosing.wording import worded
from essentialist.query.tree import And, KeyIs, LabelIn, NumberIn, Or
from essentialist.track import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from essentialist.catalogue.catalog import Catalog
    from essentialist.playlist import Playlist
    from essentialist.query import Tree
    from essentialist.track import Track

    Columns: TypeAlias = Mapping[str, NDArray[np.float64]]

NOTEWORTHY: Final = 40  # per cent; further inside, a value is ordinary


def numbers_asked(tree: Tree) -> tuple[str, ...]:
    """The descriptors whose numbers a query asks about, each once, but for those it only excludes."""
    asked = (each.field for each in _wanted(tree) if isinstance(each, NumberIn))
    return tuple(dict.fromkeys(field for field in asked if field not in FIELDS))


def columns_of(catalog: Catalog, names: Iterable[str]) -> Columns:
    """The collection's known values of each number, in rising order."""
    columns = {}
    with catalog.reading() as db:
        for name in names:
            rows = db.execute(f'SELECT "{name}" FROM listing WHERE "{name}" IS NOT NULL')  # noqa: S608 - a field's name
            columns[name] = np.sort(np.array([row[0] for row in rows], np.float64))
    return columns


def with_standing(playlist: Playlist, tree: Tree, columns: Columns) -> Playlist:
    """Let the reason of each track also say how it stands to the query.

    `columns` has for each number the values of the whole collection, shape (n,), in rising order.
    """
    reasons = {}
    for track in playlist.tracks:
        reason = playlist.reasons.get(track.id, "")
        ranked = reason.partition(" ")[0]  # what a ranking has told already
        more = (words for words in standing(tree, track, columns) if words.partition(" ")[0] != ranked)
        reasons[track.id] = "; ".join(words for words in (reason, *more) if words)
    return replace(playlist, reasons=reasons)


def standing(tree: Tree, track: Track, columns: Columns) -> Iterator[str]:
    """What a track has of all that the query asks for, one thing at a time."""
    told = set()
    for condition in _wanted(tree):
        text = _told(condition, track, columns)
        if text and text not in told:
            told.add(text)
            yield text


def _wanted(tree: Tree) -> Iterator[NumberIn | LabelIn | KeyIs]:
    """The conditions that a track can meet by what it is, not by what it is not."""
    if isinstance(tree, And | Or):
        for term in tree.terms:
            yield from _wanted(term)
    elif isinstance(tree, NumberIn | LabelIn | KeyIs):
        yield tree


def _told(condition: NumberIn | LabelIn | KeyIs, track: Track, columns: Columns) -> str:
    match condition:
        case NumberIn(field):
            return _number(field, track, columns.get(field))
        case LabelIn(field, label):
            found = {
                name: share for name, share in track.distribution(field).items() if label.casefold() in name.casefold()
            }
            best = max(found, key=found.__getitem__, default=None)
            return f"{best.rpartition('---')[2]} {found[best]:.2f}" if best else ""
        case KeyIs():
            return track.label("camelot") or track.label("key") or ""


def _number(field: str, track: Track, column: NDArray[np.float64] | None) -> str:
    value = track.number(field)
    if value is None:
        return ""
    shown = f"{field} {worded(field, track.value(field))}"
    if column is None or len(column) == 0:
        return shown
    low = math.ceil(100 * int(np.searchsorted(column, value, "right")) / len(column))
    high = math.ceil(100 * (len(column) - int(np.searchsorted(column, value, "left"))) / len(column))
    if min(low, high) > NOTEWORTHY:
        return f"{shown}, ordinary here"
    return f"{shown}, {f'lowest {low}' if low <= high else f'highest {high}'} %"
