"""What is to be said of a track in its file: values that were measured, sure enough, in the words of the field."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast, get_args

from essentialist import camelot
from essentialist.tagging import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.tagging import TagField, Values
    from essentialist.track import Track

Notation: TypeAlias = Literal["standard", "camelot", "openkey"]
NOTATIONS: Final = cast("tuple[Notation, ...]", get_args(Notation))

MOODS: Final = ("aggressive", "happy", "party", "relaxed", "sad")
"""Those of the descriptor `moods` that are moods; acoustic and electronic are kinds of sound."""

N_MOODS: Final = 3
SURE_MOOD: Final = 0.7  # probability; 0.5 is as likely as not
LOW, HIGH = 1.0, 9.0  # of arousal
LEAST, MOST = 1, 10  # of energy, the scale that DJs know


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write, and how.

    `min_confidence`: no tempo whose probability of being right is less. `estimates`: also an energy that is made of an
    estimated arousal. `replace`: also where the file says something else. `keep_time`: leave the files' time as it is.
    """

    fields: tuple[TagField, ...] = FIELDS
    notation: Notation = "standard"
    bpm_decimals: int = 0
    min_confidence: float = 0.5
    estimates: bool = False
    replace: bool = False
    keep_time: bool = False


def texts(track: Track, wanted: Wanted, estimated: frozenset[str] = frozenset()) -> dict[TagField, Values]:
    """The texts of each wanted field; one that is not known, not sure or only `estimated` is left out."""
    found = {field: SAYS[field](track, wanted) for field in wanted.fields}
    if "arousal" in estimated and not wanted.estimates:
        found.pop("energy", None)
    return {field: values for field, values in found.items() if values}


def tempo(track: Track, wanted: Wanted) -> Values:
    """The tempo in beats per minute; every reader understands a whole number."""
    bpm, confidence = track.number("bpm"), track.number("bpm_confidence")
    if bpm is None or (confidence or 0.0) < wanted.min_confidence:
        return ()
    return (f"{bpm:.{wanted.bpm_decimals}f}",)


def key(track: Track, wanted: Wanted) -> Values:
    """The key in the notation asked for; where the profile fits badly none was named."""
    hour = camelot.place_of(track)
    if hour is None:
        return ()
    return ({"standard": hour.name, "camelot": str(hour), "openkey": hour.open_key}[wanted.notation],)


def mood(track: Track, wanted: Wanted) -> Values:
    """The likely moods, the likeliest first."""
    moods = track.distribution("moods")
    likely = [name for name in MOODS if moods.get(name, 0.0) >= SURE_MOOD]
    return tuple(sorted(likely, key=lambda name: -moods[name])[:N_MOODS])


def energy(track: Track, wanted: Wanted) -> Values:
    """The arousal, 1 to 9, on a scale of 1 to 10, rounded."""
    arousal = track.number("arousal")
    if arousal is None:
        return ()
    return (str(round(LEAST + (arousal - LOW) / (HIGH - LOW) * (MOST - LEAST))),)


SAYS: Final[Mapping[TagField, Callable[[Track, Wanted], Values]]] = MappingProxyType(
    {"bpm": tempo, "key": key, "mood": mood, "energy": energy}
)
