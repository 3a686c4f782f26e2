"""The form of a playlist: a way of choosing, the controls that it declares, and wishes that hold for every way.

What is asked for is one value in the session; each control shows its part of it and changes that, so that a preset, a
recipe or words can fill the form from outside.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import streamlit as st

from essentialist.playlists import ways
from essentialist.web.components.picker import picker
from essentialist.web.views import building, forms
from essentialist.web.views.building import Asked
from essentialist.web.views.texts import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.web.studio import Studio
    from essentialist.web.views.building import Chosen
    from essentialist.web.views.forms import Control

_ASKED: Final = "build.asked"
UNITS: Final = {building.TRACKS: "tracks", building.MINUTES: "minutes", building.ALL: "all there is"}


def asked() -> Asked:
    """What the form asks for now."""
    return cast("Asked", st.session_state.setdefault(_ASKED, Asked()))


def ask(wished: Asked) -> None:
    """Fill the form."""
    st.session_state[_ASKED] = wished


def form(studio: Studio, changed: Callable[[], None]) -> None:
    """Show the form; `changed` is called when something is asked differently, before the page runs again."""
    choices = forms.choices()
    _bound("way", changed, st.segmented_control, "How to choose", list(choices), **_one_of(choices))
    st.caption(forms.HINTS.get(asked().way, ""))
    label = "Which tracks" if asked().way == "filter" else "Only among"
    placeholder = "calm instrumental piano, 80-100 bpm, 45 minutes" if asked().way == "filter" else "all tracks"
    _bound("text", lambda: _words(studio, changed), st.text_input, label, placeholder=placeholder, help=WORDS)
    _understood(studio)
    for control in forms.controls(ways()[asked().way]):
        _control(studio, control, changed)
    _length(changed)
    with st.expander("More wishes", key="build.more"):
        _more(changed)


WORDS: Final = (
    "Plain words, or a query such as `bpm:90..110 -tag:metal`. What is understood is shown below; lengths and orders go"
    " into the form."
)


def _words(studio: Studio, changed: Callable[[], None]) -> None:
    ask(building.worded(asked(), studio.library))
    changed()


def _understood(studio: Studio) -> None:
    understood = studio.library.understand(asked().text)
    if understood.query != asked().text:
        st.code(understood.query or "all tracks", language=None, wrap_lines=True)
        for line in understood.lines()[1:]:
            st.caption(plain(line))


def _length(changed: Callable[[], None]) -> None:
    amount, unit = st.columns([1, 2], vertical_alignment="bottom")
    with amount:
        is_all = asked().unit == building.ALL
        most = building.MOST_MINUTES if asked().unit == building.MINUTES else building.MOST_TRACKS
        ask(replace(asked(), amount=min(asked().amount, most)))
        _bound("amount", changed, st.number_input, "Length", min_value=1, max_value=most, disabled=is_all)
    with unit:
        label = "Counted in"
        _bound(
            "unit", changed, st.segmented_control, label, list(UNITS), label_visibility="collapsed", **_one_of(UNITS)
        )


def _more(changed: Callable[[], None]) -> None:
    orders = forms.orders((asked().order,))
    _bound("order", changed, st.selectbox, "Order", list(orders), format_func=_named(orders))
    for name, label, usual in (
        ("per_artist", "An artist", "0: three, if there are enough others"),
        ("per_album", "An album", "0: any number"),
    ):
        _bound(name, changed, st.number_input, f"{label}: at most", min_value=0, help=usual)
    _bound(
        "diversity",
        changed,
        st.slider,
        "Diversity",
        min_value=0.0,
        max_value=1.0,
        step=0.05,
        help="0 the best only, 1 the most varied",
    )
    _bound("one_version", changed, st.toggle, "One recording of a piece only")
    _bound(
        "tempo",
        changed,
        st.number_input,
        "Tempo in BPM",
        min_value=20.0,
        max_value=400.0,
        placeholder="any",
        help="Within 5 %, also half or double",
    )
    _bound(
        "not_played_for",
        changed,
        st.text_input,
        "Not played for",
        placeholder="30d",
        help="An age such as 12h, 30d, 6w, 3m or 1y",
    )
    _bound(
        "chance",
        changed,
        st.number_input,
        "Chance",
        min_value=0,
        help="Another number is another choice",
    )


def _control(studio: Studio, control: Control, changed: Callable[[], None]) -> None:
    value = (asked().parameters or {}).get(control.name, building.shown(control.kind, control.default))
    if control.kind in {"track", "seeds"}:
        _tracks(studio, control, cast("tuple[Chosen, ...]", value), changed)
        return
    key = f"build.{control.key}"
    st.session_state[key] = list(value) if isinstance(value, tuple) else value

    def store() -> None:
        found = st.session_state[key]
        _parameter(control.name, tuple(found) if isinstance(found, list) else found)
        changed()

    common: dict[str, Any] = {"key": key, "help": control.help, "on_change": store}
    match control.kind:
        case "flag":
            st.toggle(control.label, **common)
        case "count":
            st.number_input(control.label, _whole(control.minimum), _whole(control.maximum), step=1, **common)
        case "number" if control.minimum is not None and control.maximum is not None:
            st.slider(control.label, float(control.minimum), float(control.maximum), step=0.05, **common)
        case "number":
            st.number_input(control.label, control.minimum, control.maximum, **common)
        case "field":
            fields = forms.fields_to_rank(studio.library.fields())
            names = list(fields) if value in fields else [*fields, str(value)]
            st.selectbox(control.label, names, format_func=_named(fields), **common)
        case "measure":
            kinds = forms.kinds_of_likeness()
            names = [*kinds, *(each for each in cast("tuple[str, ...]", value) if each not in kinds)]
            st.pills(control.label, names, selection_mode="multi", format_func=_named(kinds), **common)


def _tracks(studio: Studio, control: Control, chosen: tuple[Chosen, ...], changed: Callable[[], None]) -> None:
    def store(picked: tuple[Chosen, ...]) -> None:
        _parameter(control.name, picked)
        changed()

    tracks = studio.library.catalog.with_ids([each.id for each in chosen])
    st.markdown(control.label, help=control.help)
    picker(control.label, chosen, tracks, key=f"build.{control.key}", many=control.kind == "seeds", on_picked=store)


def _parameter(name: str, value: object) -> None:
    ask(replace(asked(), parameters={**(asked().parameters or {}), name: value}))


def _named(names: Mapping[str, str]) -> Callable[[str], str]:
    """What a choice is called; one without a name by itself."""
    return lambda each: names.get(each, each)


def _one_of(names: Mapping[str, str]) -> dict[str, Any]:
    """How a row of choices is shown; on a phone it goes on in the next line."""
    return {"format_func": _named(names), "required": True, "wrap": True}


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _bound(
    name: str, changed: Callable[[], None], widget: Callable[..., Any], *arguments: object, **options: Any
) -> None:
    """A widget that shows one part of what is asked and changes it."""
    key = f"build.{name}"
    st.session_state[key] = getattr(asked(), name)

    def store() -> None:
        value = st.session_state[key]
        ask(replace(asked(), **{name: value}))
        changed()

    widget(*arguments, key=key, on_change=store, **options)
