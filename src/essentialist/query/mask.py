"""A tree as a mask over columns in memory: the same tracks that `sql` finds, a hundred times as often a second.

Each condition is true or false; where a value is absent it is false, and so its negation is true.
"""

from __future__ import annotations

import time
from fractions import Fraction
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import numpy as np

from essentialist.query.dates import moments
from essentialist.query.keys import spellings
from essentialist.query.tree import (
    AgeIn,
    And,
    Bound,
    DateIn,
    KeyIs,
    LabelIn,
    Labelled,
    Not,
    NumberIn,
    Or,
    Percentile,
    Present,
    Range,
    TextHas,
    TextIs,
    Tree,
    Words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.query.columns import Columns

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]


def mask(tree: Tree, columns: Columns, *, now: float | None = None) -> Mask:
    """Return which tracks the tree holds for, a bool array of shape (n_tracks,).

    `now` (seconds since 1970) is what ages count back from; by default the present.
    """
    return _mask(tree, columns, time.time() if now is None else now)


def _mask(tree: Tree, columns: Columns, now: float) -> Mask:
    match tree:
        case And(terms):
            return reduce(and_, (_mask(each, columns, now) for each in terms), np.ones(len(columns), np.bool_))
        case Or(terms):
            return reduce(or_, (_mask(each, columns, now) for each in terms))
        case Not(term):
            return ~_mask(term, columns, now)
        case Words(text):
            return columns.texts["search"].having(text)
        case TextHas(field, text):
            return columns.texts[field].having(text)
        case TextIs(field, text):
            return columns.texts[field].being(text)
        case Present(field):
            texts = columns.texts.get(field)
            return ~np.isnan(columns.numbers[field]) if texts is None else texts.present()
        case Labelled(field):
            return columns.distributions[field].known(len(columns))
        case NumberIn(field, numbers):
            return _within(columns.numbers[field], numbers)
        case AgeIn(field, ages):
            return _within(now - columns.numbers[field], ages)
        case DateIn(field, first, last):
            return _within(columns.numbers[field], moments(first, last))
        case KeyIs(tonic, scale):
            named = columns.texts["key"].being(*spellings(tonic))
            return named & columns.texts["scale"].being(scale) if scale else named
        case LabelIn(field, label, probabilities):
            return _within(columns.distributions[field].greatest(label, len(columns)), probabilities)


def _within(values: Numbers, asked: Range) -> Mask:
    """Whether each value lies in the range; NaN does not."""
    within = ~np.isnan(values)
    if asked.low is not None:
        low = limit(asked.low, values)
        within &= values > low if asked.low.open else values >= low
    if asked.high is not None:
        high = limit(asked.high, values)
        within &= values < high if asked.high.open else values <= high
    return within


def limit(bound: Bound, values: Numbers) -> float:
    """Return the bound itself, or the value at its percentile; NaN where no value is known."""
    if not isinstance(bound.value, Percentile):
        return bound.value
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan
    place = -(-len(known) * Fraction(str(bound.value.rank)) // 100)  # rounded up
    place = max(place, 1) - 1
    return float(np.partition(known, place)[place])
