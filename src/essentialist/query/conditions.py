"""What a value asks of a field, by the field's kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from essentialist.errors import QueryError
from essentialist.query.dates import read_time
from essentialist.query.fields import Field, check_label, shown
from essentialist.query.keys import read_key
from essentialist.query.quantities import read_range
from essentialist.query.tree import (
    Bound,
    LabelIn,
    Labelled,
    Not,
    NumberIn,
    Or,
    Present,
    Range,
    TextHas,
    TextIs,
    Tree,
    Words,
)
from essentialist.text import fold

if TYPE_CHECKING:
    from essentialist.query.scanner import Value

_PROBABILITY = Field("probability", "number", "Probability", range=(0.0, 1.0))
_COMPARISON = re.compile("[<>=]")


def free_words(value: Value) -> Tree:
    """Look for a word or phrase in title, artist, album and path."""
    if not fold(value.whole):
        raise QueryError("Nothing is between the quotation marks; write the text to search for.")
    return Words(value.whole)


def condition(field: Field, value: Value) -> Tree:
    """Return what `value` asks of `field`.

    Raises
    ------
    QueryError
        The field cannot have such a value; the message says what it can have.
    """
    if not value.quoted and value.text.lower() in ("any", "none"):
        present = Labelled(field.name) if field.kind == "distribution" else Present(field.name)
        return present if value.text.lower() == "any" else Not(present)
    match field.kind:
        case "text" | "label":
            return _text(field, value)
        case "distribution":
            return _label(field, value)
        case "key":
            keys = read_key(value.whole.removeprefix("="))
            return keys[0] if len(keys) == 1 else Or(keys)
        case "date":
            return read_time(value.whole, field)
        case "number" | "whole" | "duration":
            return NumberIn(field.name, read_range(value.whole, field))


def _text(field: Field, value: Value) -> Tree:
    comparison, text = value.comparison, value.text
    if not value.quoted and text[0] in "<>=":
        comparison, text = text[0], text[1:]
    if comparison not in ("", "=") or value.limit:
        raise QueryError(
            f'{field.name} is text and cannot be "{shown(value.whole)}"; write {field.name}:word for a part, '
            f'{field.name}:="the whole" for all of it.'
        )
    if not fold(text):
        return Not(Present(field.name))
    if field.kind == "label":
        check_label(field, text)
    return TextIs(field.name, text) if comparison or field.kind == "label" else TextHas(field.name, text)


def _label(field: Field, value: Value) -> Tree:
    label, limit = value.text, value.limit
    if not value.quoted and (comparison := _COMPARISON.search(value.text)):
        label, limit = label[: comparison.start()], label[comparison.start() :]
    if not fold(label) or value.comparison:
        raise QueryError(f'{field.name} needs a label before "{shown(value.whole)}", as in {field.name}:LABEL>0.3.')
    check_label(field, label)
    return LabelIn(field.name, label, read_range(limit, _PROBABILITY) if limit else Range(Bound(field.threshold), None))
