"""Which map a state asks for: its axes, its colours and their legends, and where the browser gets the points."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from essentialist.text import fold
from essentialist.web.look import CATEGORIES, SEQUENCE
from essentialist.web.views.facets import WORDS
from essentialist.web.views.points import (
    USUAL_AXES,
    USUAL_COLOURS,
    Column,
    axes,
    axis,
    classes,
    colours,
    kinds,
    packed,
)
from essentialist.web.views.state import KINDS, SOUND, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from essentialist.query import Field
    from essentialist.web.collection import Collection
    from essentialist.web.views.lasso import Polygon

BY_SOUND = (f"{SOUND}-x", f"{SOUND}-y")
GREY = "#8a8d91"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: where its column is fetched, what it is called, the values at its ends; none on a map by sound."""

    path: str
    title: str
    kind: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Colours:
    """How points are coloured: a legend of classes with a colour each, or a scale from `low` to `high`."""

    path: str
    title: str
    kind: str
    names: tuple[str, ...]
    palette: tuple[str, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Choices:
    """What the map can be drawn by, name -> title, and what it is; `waits` while what was chosen is being made."""

    axes: Mapping[str, str]
    colours: Mapping[str, str]
    x: str
    y: str
    colour: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Map:
    """What the browser needs to draw the map; `mask` has a bit a track, in base64, `only` is the class looked at."""

    label: str
    n: int
    ids: str
    axes: tuple[Axis, Axis]
    colours: Colours | None
    mask: str
    lasso: Polygon
    only: str


def column(here: Collection, name: str) -> Column | None:
    """The points' column of this name, made once a state of the catalogue; None where there is no such column."""
    if name in BY_SOUND:
        return _by_sound(here, BY_SOUND.index(name))
    if name == KINDS:
        return _kinds(here)
    if name not in axis_names(here):
        return _classes(here, name) if name in colour_names(here) else None
    return here.keep(("axis", name), lambda: axis(here.columns.numbers[name]))


def place(here: Collection, name: str) -> Column | None:
    """The column of an axis; None for a name that is none."""
    found = column(here, name)
    return None if found is None or found.legend else found


def _classes(here: Collection, name: str) -> Column:
    field = here.fields[name]
    return here.keep(("classes", name), lambda: classes(field, here.columns, genres(here) if name == "genre" else None))


def genres(here: Collection) -> Mapping[str, str]:
    """The genres as the tags spell them, by their folded form."""
    return here.keep("genres", lambda: {fold(each): each for each in here.library.catalog.different("genre")})


def _by_sound(here: Collection, number: int) -> Column | None:
    drawn = here.sound_map.drawn()
    if drawn is None:
        return None
    columns = here.columns
    return here.keep((BY_SOUND[number], drawn.name), lambda: axis(drawn.placed(columns.ids)[:, number], rare=0))


def _kinds(here: Collection) -> Column | None:
    drawn = here.sound_map.drawn()
    if drawn is None or not drawn.kinds:
        return None
    ids = here.columns.ids
    return here.keep((KINDS, drawn.kinds_name), lambda: kinds(drawn.sorted(ids), drawn.kinds))


def axes_of(here: Collection, state: State) -> tuple[str, str]:
    """The columns that the map has as its axes; where the state names none that are there, the usual ones."""
    if state.x == SOUND:
        return BY_SOUND
    known = axis_names(here)
    usual = [name for name in (*USUAL_AXES, *known) if name in known][:2]
    if not usual:
        return ("", "")
    x = state.x if state.x in known else usual[0]
    y = state.y if state.y in known else usual[-1]
    return x, y


def axis_names(here: Collection) -> list[str]:
    """What can be an axis, beside the sound."""
    return here.keep("axes", lambda: axes(here.fields, here.columns))


def colour_of(here: Collection, state: State) -> str:
    """What the points are coloured by; "" where there is nothing."""
    known = colour_names(here)
    return next((each for each in (state.colour, *USUAL_COLOURS, *known) if each in known), "")


def colour_names(here: Collection) -> list[str]:
    """What points can be coloured by."""
    by_fields = here.keep("colours", lambda: colours(here.fields, here.columns))
    last = here.sound_map.last
    return by_fields if last is not None and not last.kinds else [KINDS, *by_fields]


def redrawn(here: Collection, state: State, x: str, y: str, colour: str) -> State:
    """The state with the map drawn by other axes or in another colour."""
    if (x, y) != (state.x, state.y):
        state = state.along(x, y)
    return state if colour == colour_of(here, state) else state.coloured(colour)


def choices(here: Collection, state: State) -> Choices:
    """What the map can be drawn by."""
    names, colour = axes_of(here, state), colour_of(here, state)
    by_sound = names == BY_SOUND
    return Choices(
        axes={SOUND: "By sound", **{name: title_of(here.fields[name]) for name in axis_names(here)}},
        colours={name: _colour_title(here, name) for name in colour_names(here)},
        x=SOUND if by_sound else names[0],
        y="" if by_sound else names[1],
        colour=colour,
        waits=(by_sound or colour == KINDS) and here.sound_map.drawn() is None and here.sound_map.is_drawing,
    )


def map_of(here: Collection, state: State, mask: NDArray[np.bool_]) -> Map | None:
    """The map of a state; None where there is nothing to draw, or the map by sound is not drawn yet."""
    names = axes_of(here, state)
    x, y = (column(here, name) for name in names)
    if x is None or y is None:
        return None
    fields, colour = here.fields, colour_of(here, state)
    ends = [_axis(here, name, each) for name, each in zip(names, (x, y), strict=True)]
    shown = column(here, colour) if colour else None
    return Map(
        label=f"Map of {int(mask.sum()):,} tracks by {_joined(names, fields)}",
        n=len(mask),
        ids=f"map/{here.version}/ids",
        axes=(ends[0], ends[1]),
        colours=None if shown is None else _colours(here, colour, shown),
        mask=base64.b64encode(packed(mask)).decode(),
        lasso=state.lasso,
        only=state.only,
    )


def title_of(field: Field) -> str:
    """What a field is called here."""
    return WORDS[field.name][0] if field.name in WORDS else field.title


def _joined(names: tuple[str, str], fields: Mapping[str, Field]) -> str:
    return "sound" if names == BY_SOUND else " and ".join(title_of(fields[name]).lower() for name in names)


def version_of(here: Collection, name: str) -> str:
    """What the address of a column has before its name: it is another one whenever the column may be."""
    drawn = here.sound_map.drawn() if name in {*BY_SOUND, KINDS} else None
    if drawn is None:
        return here.version
    return f"{here.version}.{drawn.kinds_name if name == KINDS else drawn.name}"


def _axis(here: Collection, name: str, shown: Column) -> Axis:
    path = f"map/{version_of(here, name)}/{name}"
    if name in BY_SOUND:
        return Axis(path, "", SOUND, None, None)
    field = here.fields[name]
    least, most = WORDS[name][1:3] if name in WORDS else ("", "")
    ends = f": {least} to {most}" if least and most else f" ({field.unit})" if field.unit else ""
    return Axis(path, title_of(field) + ends, field.kind, shown.low, shown.high)


def _colours(here: Collection, name: str, shown: Column) -> Colours:
    greys = [GREY] * max(0, len(shown.legend) - len(CATEGORIES))
    return Colours(
        path=f"map/{version_of(here, name)}/{name}",
        title=_colour_title(here, name),
        kind="label" if name == KINDS else here.fields[name].kind,
        names=shown.legend,
        palette=(*CATEGORIES[: len(shown.legend)], *greys) if shown.legend else tuple(SEQUENCE),
        low=shown.low,
        high=shown.high,
    )


def _colour_title(here: Collection, name: str) -> str:
    return "Kind of music" if name == KINDS else title_of(here.fields[name])
