"""Charts of the library and of a track: each shows what `views` has, and gives the query of a mark that is clicked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from essentialist.web.components import component

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from essentialist.web.views.figures import Figure
    from essentialist.web.views.histograms import Histogram
    from essentialist.web.views.keywheel import KeyWheel
    from essentialist.web.views.kinds import Kinds
    from essentialist.web.views.moodplane import MoodPlane
    from essentialist.web.views.sounding import Labels, Trait


def _chart(name: str) -> Callable[..., Any]:
    return component(name, "charts")


_figures, _histograms, _mood_plane, _key_wheel, _treemap, _sounding = map(
    _chart, ("figures", "histograms", "moodplane", "keywheel", "treemap", "sounding")
)


def figures(shown: Sequence[Figure], *, key: str) -> str | None:
    """Show figures as tiles."""
    return _asked(_figures, key, {"figures": [asdict(each) for each in shown]})


def histograms(shown: Sequence[Histogram], *, key: str) -> str | None:
    """Show histograms as small multiples."""
    return _asked(_histograms, key, {"histograms": [asdict(each) for each in shown]})


def mood_plane(shown: MoodPlane, *, key: str) -> str | None:
    """Show the plane of moods."""
    return _asked(_mood_plane, key, {"plane": asdict(shown)})


def key_wheel(shown: KeyWheel, *, key: str) -> str | None:
    """Show the Camelot wheel."""
    return _asked(_key_wheel, key, {"wheel": asdict(shown)})


def treemap(shown: Kinds, *, key: str) -> str | None:
    """Show kinds of music as areas."""
    return _asked(_treemap, key, {"kinds": [asdict(each) for each in shown.kinds]})


def sounding(traits: Sequence[Trait], labels: Sequence[Labels], *, key: str) -> str | None:
    """Show how a track sounds."""
    data = {"traits": [asdict(each) for each in traits], "labels": [asdict(each) for each in labels]}
    return _asked(_sounding, key, data)


def _asked(place: Callable[..., Any], key: str, data: Mapping[str, object]) -> str | None:
    query: str | None = place(key=key, data=data, on_asked_change=_nothing).asked
    return query


def _nothing() -> None:
    """The browser's requests are read from the result."""
