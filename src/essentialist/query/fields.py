"""What a query can ask about: the fields of every track and one field a descriptor of the catalogue."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from essentialist.errors import QueryError
from essentialist.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from essentialist.descriptors import Descriptor

FieldKind = Literal["number", "whole", "duration", "date", "text", "label", "key", "distribution"]

THRESHOLD = 0.1
"""A label counts from this probability on where the query names none: among many labels, few get more."""

_THRESHOLDS = {"moods": 0.5}  # each mood is a choice of two
_KEYS = ("key", "camelot")  # both ask for the same thing, in any spelling


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a query can ask about.

    `name` is the column of the view `listing` or the name of a distribution. `range` is what its numbers lie in,
    `labels` what it can name (empty: anything), `threshold` the probability from which a label counts.
    """

    name: str
    kind: FieldKind
    title: str
    unit: str = ""
    range: tuple[float, float] | None = None
    labels: tuple[str, ...] = ()
    threshold: float = THRESHOLD


BASE_FIELDS = (
    Field("id", "whole", "Track number in the catalogue"),
    Field("title", "text", "Title"),
    Field("artist", "text", "Artist"),
    Field("album_artist", "text", "Album artist"),
    Field("album", "text", "Album"),
    Field("genre", "text", "Genre by its tag"),
    Field("track_number", "whole", "Track number on the album"),
    Field("year", "whole", "Year"),
    Field("path", "text", "Path within its music folder"),
    Field("duration", "duration", "Duration", "s"),
    Field("added", "date", "Added to the catalogue"),
    Field("plays", "whole", "How often it was played, as far as the history knows"),
    Field("played", "date", "Last played"),
    Field("liked", "label", "Liked or disliked", labels=("yes", "no")),
    Field("tag_bpm", "number", "Tempo by its tag", "BPM"),
    Field("tag_key", "text", "Key by its tag"),
)


def fields_of(descriptors: Iterable[Descriptor]) -> dict[str, Field]:
    """Return every name a query may use for a field, the base fields first.

    A distribution may also be said in the singular: `tag` for `tags`.
    """
    fields = {field.name: field for field in (*BASE_FIELDS, *map(_field, descriptors))}
    singular = {name[:-1]: field for name, field in fields.items() if field.kind == "distribution" and name[-1] == "s"}
    return fields | {name: field for name, field in singular.items() if name not in fields}


def field_named(fields: Mapping[str, Field], name: str) -> Field:
    """Return the field of this name, written in any case and with `-` or `_`.

    Raises
    ------
    QueryError
        There is none; the message names the nearest.
    """
    field = fields.get(name.lower().replace("-", "_"))
    if field is None:
        remedy = nearest(name, fields) or "; put it in quotes to search for the text."
        raise QueryError(f'No field "{shown(name)}"{remedy} See `essentialist status` for all fields.')
    return field


def sortable(fields: Mapping[str, Field], sort: str) -> str:
    """The name of the field to sort by, with its "-" for the other way round, however it was written.

    Raises QueryError for a field that does not exist or has many values a track.
    """
    direction = "-" if sort.startswith("-") else ""
    field = field_named(fields, sort.removeprefix("-"))
    if field.kind == "distribution":
        raise QueryError(f"{field.name} has many values a track: sort by a number or a text, such as bpm or title.")
    return direction + field.name


def check_label(field: Field, label: str) -> None:
    """Raise QueryError, with the nearest right one, unless `label` names one of the field's labels."""
    names = {name for known in field.labels for name in label_names(known)}
    if names and not names & label_names(label):
        singular = field.name.removesuffix("s") if field.kind == "distribution" else field.name
        remedy = nearest(label, names) or f"; try {_examples(field.labels)}."
        raise QueryError(f'No {singular} "{shown(label)}"{remedy}')


def label_names(label: str) -> frozenset[str]:
    """Return how a query may name a label: the whole, with `---` or ` / ` in between, the genre or the style."""
    whole = fold(label)
    return frozenset({whole, whole.replace("---", " / "), *whole.split("---")})


def nearest(text: str, known: Iterable[str]) -> str:
    """Ask after the nearest known name, or nothing where none is near."""
    found = difflib.get_close_matches(fold(text[:100]), list(known), n=1)
    return f'; did you mean "{found[0]}"?' if found else ""


def shown(text: str) -> str:
    """Return the text for a message of one line: cut short, with what cannot be printed escaped."""
    text = text if len(text) <= 60 else f"{text[:57]}..."
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _field(descriptor: Descriptor) -> Field:
    kind: FieldKind = descriptor.kind
    if descriptor.name in _KEYS:
        kind = "key"
    elif kind == "number" and descriptor.unit == "s":
        kind = "duration"
    threshold = _THRESHOLDS.get(descriptor.name, THRESHOLD)
    return Field(
        descriptor.name, kind, descriptor.title, descriptor.unit, descriptor.range, descriptor.labels, threshold
    )


def _examples(labels: tuple[str, ...]) -> str:
    return " or ".join(f'"{label.rpartition("---")[2]}"' for label in labels[:3])
