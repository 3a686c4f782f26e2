"""Plain words where a query can stand: what they were taken for is told before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from essentialist.cli._output import note
from essentialist.errors import QueryError
from essentialist.query.tree import TextIs

if TYPE_CHECKING:
    from essentialist.library import Library

WISHES = ("length", "order", "max_per_artist", "diversity")
N_SEEDS = 3  # tracks of an artist that the others should sound like


def worded(library: Library, text: str, given: dict[str, Any]) -> str:
    """The query that a text is or asks for; other wishes in it go to `given`, after what options say.

    Raises QueryError where nothing in the text says which tracks.
    """
    understood = library.understand(text)
    if understood.query == text:
        return text
    if understood.unknown and not (understood.query or understood.like):
        why = "".join(f" {remark}" for remark in understood.remarks)
        raise QueryError(
            f'No word of "{text}" says which tracks.{why} Say it otherwise, or as a query (docs/query.md);'
            " `essentialist recipes` lists presets."
        )
    for line in understood.lines():
        note(line)
    context = click.get_current_context()
    for name in WISHES:
        value = getattr(understood, name)
        if value is not None and context.get_parameter_source(name) == ParameterSource.DEFAULT:
            given[name] = value
    for artist in understood.like:
        seeds = library.tracks(str(TextIs("artist", artist)), limit=N_SEEDS)
        given["like"] = (*given["like"], *(str(track.id) for track in seeds))
    return understood.query
