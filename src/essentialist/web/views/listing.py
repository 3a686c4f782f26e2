"""A draft as the browser draws it: its tracks, why each is there, and the numbers of the curve above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist.web.views.songs import Song, song

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.track import Track
    from essentialist.web.views.drafts import Draft, History

MOST_SHOWN: Final = 500  # tracks; the others stay behind them
ENERGY: Final = "arousal"


@dataclass(frozen=True, slots=True)
class Line:
    """A track of a draft; `energy` is its arousal, 1 (calm) to 9, None where it is not known."""

    song: Song
    why: str
    locked: bool
    energy: float | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A draft: the lines that are shown, how many more there are, and what can be undone."""

    lines: tuple[Line, ...]
    n_more: int
    can_undo: bool
    can_redo: bool


def listing(history: History, tracks: Mapping[int, Track]) -> Listing:
    """The draft as it is; tracks that are gone from the library are left out."""
    draft = history.now
    found = [tracks[each] for each in draft.ids if each in tracks]
    lines = tuple(line(draft, track) for track in found[:MOST_SHOWN])
    return Listing(lines, max(0, len(found) - MOST_SHOWN), bool(history.past), bool(history.undone))


def line(draft: Draft, track: Track) -> Line:
    """One track of a draft."""
    energy = track.number(ENERGY)
    return Line(
        song(track),
        draft.reasons.get(track.id, ""),
        track.id in draft.locked,
        None if energy is None else round(energy, 2),
    )
