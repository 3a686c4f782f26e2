"""The facets of a query: which of its terms a slider or a row of chips stands for, and the query with others instead.

A query is a conjunction of terms. A facet owns those that say just what it can say; all others stay as they were
written, so that whatever the query language can ask is kept while one turns the sliders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.camelot import camelot
from essentialist.query.keys import read_key
from essentialist.query.tree import And, Bound, KeyIs, LabelIn, NumberIn, Or, Range, TextIs, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from essentialist.query import Field


def terms(tree: Tree) -> tuple[Tree, ...]:
    """What must all hold."""
    return tree.terms if isinstance(tree, And) else (tree,)


def together(some: Iterable[Tree]) -> Tree:
    """The query of these terms."""
    each = tuple(some)
    return each[0] if len(each) == 1 else And(each)


def owns(field: Field, term: Tree) -> bool:
    """Whether the field's facet stands for this term."""
    if field.kind in {"number", "whole", "duration"}:
        return isinstance(term, NumberIn) and term.field == field.name
    alternatives = term.terms if isinstance(term, Or) else (term,)
    return all(_is_choice(field, each) for each in alternatives)


def _is_choice(field: Field, term: Tree) -> bool:
    match term:
        case KeyIs():
            return field.kind == "key"
        case TextIs(name, _):
            return name == field.name
        case LabelIn(name, _, probabilities):
            return name == field.name and probabilities == counting(field)
    return False


def counting(field: Field) -> Range:
    """From which probability on a label counts."""
    return Range(Bound(field.threshold), None)


def ranges(field: Field, tree: Tree) -> tuple[Range, ...]:
    """The ranges that the query asks of a number; all of them hold."""
    return tuple(term.range for term in terms(tree) if isinstance(term, NumberIn) and term.field == field.name)


def chosen(field: Field, tree: Tree) -> tuple[str, ...]:
    """What the query lets the field be: labels, texts or Camelot codes, in its order, each once."""
    own = [term for term in terms(tree) if owns(field, term)]
    alternatives = [each for term in own for each in (term.terms if isinstance(term, Or) else (term,))]
    return tuple(dict.fromkeys(name for each in alternatives for name in _names(each)))


def _names(term: Tree) -> tuple[str, ...]:
    match term:
        case KeyIs(tonic, scale):
            codes = [camelot(tonic, each) for each in ((scale,) if scale else ("minor", "major"))]
            return tuple(code for code in codes if code)
        case TextIs(_, text):
            return (text,)
        case LabelIn(_, label, _):
            return (label,)
    return ()


def with_range(field: Field, tree: Tree, asked: Range | None) -> Tree:
    """The query with this range of the field, or with none."""
    return _instead(field, tree, None if asked is None else NumberIn(field.name, asked))


def with_choice(field: Field, tree: Tree, names: Iterable[str]) -> Tree:
    """The query with any of these labels, texts or Camelot codes for the field, or with all where none is named.

    Raises QueryError for a key that is none.
    """
    choices = tuple(choice for name in dict.fromkeys(names) for choice in _choices(field, name))
    return _instead(field, tree, (Or(choices) if len(choices) > 1 else choices[0]) if choices else None)


def _choices(field: Field, name: str) -> tuple[Tree, ...]:
    match field.kind:
        case "key":
            return read_key(name)
        case "distribution":
            return (LabelIn(field.name, name, counting(field)),)
    return (TextIs(field.name, name),)


def _instead(field: Field, tree: Tree, term: Tree | None) -> Tree:
    """In the place of the first term that the facet owns, or at the end."""
    kept: list[Tree] = []
    for each in terms(tree):
        if not owns(field, each):
            kept.append(each)
        elif term is not None:
            kept.append(term)
            term = None
    return together(kept if term is None else [*kept, term])
