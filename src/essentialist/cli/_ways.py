"""The ways of choosing as options: one for each parameter that a way declares, so that a new way needs nothing here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import click

from essentialist.errors import UnknownTrack
from essentialist.playlists import Option, Seed, Way, options, way_of, ways
from essentialist.query import sortable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.library import Library

USUAL = ("filter", "similar", "flow", "path", "clusters")
"""The ways tried before others for the options that were given; the first is taken when there are none."""

WEIGHED = re.compile(r"(.+)=(\d+(?:\.\d+)?)")
SPELLED = {"start": "from", "end": "to"}  # as people say it; `from` is no name in Python


def way_options() -> list[click.Option]:
    """`--way`, and one option for each parameter of any way."""
    chosen = click.Option(
        ["--way"], type=click.Choice(sorted(ways())), help="How to choose.  [default: by the options]"
    )
    declared: dict[str, Option] = {}
    for way in in_turn():
        for option in options(way):
            declared.setdefault(option.name, option)
    return [*map(as_click, declared.values()), chosen]


def in_turn() -> list[Way]:
    """The usual ways, then the others by name."""
    return sorted(
        ways().values(), key=lambda way: (USUAL.index(way.name) if way.name in USUAL else len(USUAL), way.name)
    )


def as_click(option: Option) -> click.Option:
    """A parameter of a way as an option of the command line; one that is not given is None or empty."""
    spelled = SPELLED.get(option.name, option.name).replace("_", "-")
    text = option.help[:1].upper() + option.help[1:] + "."
    if option.kind == "flag":
        return click.Option([f"--{spelled}/--no-{spelled}", option.name], default=None, help=text)
    if option.kind == "seeds":
        again = f"{text} May be given again; TRACK=2 counts twice."
        return click.Option([f"--{spelled}", option.name], multiple=True, metavar="TRACK", help=again)
    if option.kind == "count":
        return click.Option([f"--{spelled}", option.name], type=int, metavar="N", help=text)
    if option.kind == "number":
        return click.Option([f"--{spelled}", option.name], type=float, metavar="NUMBER", help=text)
    return click.Option([f"--{spelled}", option.name], metavar=option.kind.upper(), help=text)


def chosen_way(library: Library, name: str | None, given: Mapping[str, object]) -> object:
    """The parameters of the way that is named, or of the first that takes all options given.

    Raises click.UsageError where there is none.
    """
    wanted = {key: value for key, value in given.items() if value not in (None, ())}
    candidates = [ways()[name]] if name else in_turn()
    for way in candidates:
        declared = {option.name: option for option in options(way)}
        if wanted.keys() <= declared.keys():
            values = {key: as_parameter(library, declared[key], value) for key, value in wanted.items()}
            return way.parameters(**values)
    spelled = " and ".join(f"--{SPELLED.get(key, key).replace('_', '-')}" for key in wanted)
    raise click.UsageError(
        f"No way of choosing takes {spelled} together." if not name else f"{name} takes no {spelled}."
    )


def changed_way(library: Library, name: str | None, given: Mapping[str, object], current: object) -> object:
    """The current parameters with the options given; where their way does not take these, those of another way."""
    wanted = {key: value for key, value in given.items() if value not in (None, ())}
    way = way_of(current)
    declared = {option.name: option for option in options(way)}
    if name not in (None, way.name) or not wanted.keys() <= declared.keys():
        return chosen_way(library, name, given)
    return replace(
        cast("Any", current), **{key: as_parameter(library, declared[key], value) for key, value in wanted.items()}
    )


def as_parameter(library: Library, option: Option, value: object) -> object:
    """What was typed as what the way takes: tracks by id or path, fields by their right names."""
    if option.kind == "track":
        return library.track(str(value))
    if option.kind == "seeds" and isinstance(value, tuple):
        return tuple(seed(library, each) for each in value)
    if option.kind == "field":
        return sortable(library.fields(), str(value))
    return value


def seed(library: Library, text: str) -> Seed:
    """A track with its weight after a "=", as in "12=2"; the whole text where that is a track's path."""
    weighed = WEIGHED.fullmatch(text)
    if weighed is None:
        return Seed(library.track(text))
    try:
        return Seed(library.track(text))
    except UnknownTrack:
        return Seed(library.track(weighed[1]), float(weighed[2]))
