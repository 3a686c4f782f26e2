"""Tracks as a table: chosen descriptors as human texts, beside what the player needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.human import minutes
from essentialist.web.views.songs import Song, song

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.query import Field
    from essentialist.track import Track


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it shows and sorts by."""

    name: str
    title: str
    number: bool
    help: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A track, and the texts of its cells by the names of columns; what is absent is not there."""

    song: Song
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A page of tracks; `label` says to a screen reader what they are, `sort` by what they are sorted ("-bpm")."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sort: str = ""


USUAL = ("bpm", "camelot", "duration", "arousal", "valence", "danceability")
"""The columns shown first, where the catalogue has them."""


def table(label: str, tracks: Sequence[Track], fields: Mapping[str, Field], *, sort: str = "") -> Table:
    """The tracks in the usual columns, in their order."""
    columns = tuple(column(fields[name]) for name in USUAL if name in fields)
    return Table(label, columns, tuple(Row(song(track), cells(track, columns)) for track in tracks), sort)


def column(field: Field) -> Column:
    """The column of a field."""
    return Column(field.name, field.title, field.kind in {"number", "whole", "duration", "date"})


def cells(track: Track, columns: Sequence[Column]) -> dict[str, str]:
    """What the columns show of a track."""
    found = {each.name: track.value(each.name) for each in columns}
    return {name: text(name, value) for name, value in found.items() if isinstance(value, str | float | int)}


def text(name: str, value: str | float) -> str:
    """A value as people read it."""
    if isinstance(value, str):
        return value
    if name == "duration":
        return minutes(value)
    return f"{value:.0f}" if abs(value) >= 20 else f"{value:.2f}"
