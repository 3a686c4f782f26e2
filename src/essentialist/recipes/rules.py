"""What a query asks as a rule of Navidrome's smart playlists; what Navidrome cannot be asked is refused by name.

After its own reader of rules (navidrome/navidrome, model/criteria). It knows tags and what its users play and love, not
what is measured here: `bpm` is its tag. A tempo or year that is not known is 0 there, which ranges without a lower end
therefore leave out. Texts are compared otherwise than here: whole ones letter by letter, parts with their accents and
the case of all but A to Z.
"""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from essentialist.errors import ExportError
from essentialist.query.tree import (
    AgeIn,
    And,
    Bound,
    DateIn,
    Not,
    NumberIn,
    Or,
    Percentile,
    Present,
    Range,
    TextHas,
    TextIs,
    Tree,
    Words,
)
from essentialist.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

Rule: TypeAlias = "dict[str, Any]"

TEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "title",
        "artist": "artist",
        "album_artist": "albumartist",
        "album": "album",
        "genre": "genre",
        "path": "filepath",
    }
)
NUMBERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "year": "year",
        "track_number": "tracknumber",
        "duration": "duration",
        "plays": "playcount",
        "bpm": "bpm",
        "tag_bpm": "bpm",
    }
)
TIMES: Final[Mapping[str, str]] = MappingProxyType({"added": "dateadded", "played": "lastplayed"})
SEARCHED: Final = ("title", "artist", "album_artist", "album", "path")  # for words without a field
EVERYTHING: Final[Rule] = {"gt": {"playcount": -1}}  # a list without rules is refused
DAY_S: Final = 86_400


def rule(tree: Tree) -> Rule:
    """What a tree asks; raises ExportError for what Navidrome cannot be asked."""
    match tree:
        case And(()):
            return EVERYTHING
        case And(terms):
            return {"all": [rule(term) for term in terms]}
        case Or(terms):
            return {"any": [rule(term) for term in terms]}
        case Not(term):
            return _not(term)
        case Words(text):
            return {"any": [_has(field, text) for field in SEARCHED]}
        case TextHas(field, text) if field in TEXTS:
            return _has(field, text)
        case TextIs(field, text) if field in TEXTS:
            return {"is": {TEXTS[field]: text}}
        case TextIs("liked", text) if fold(text) == "yes":
            return {"is": {"loved": True}}
        case Present("played"):
            return {"gt": {"playcount": 0}}
        case Present(field) if field in NUMBERS:
            return {"gt": {NUMBERS[field]: 0}}
        case NumberIn(field, numbers) if field in NUMBERS:
            return _within(NUMBERS[field], numbers, tree)
        case AgeIn(field, ages) if field in TIMES:
            return _ages(TIMES[field], ages, tree)
        case DateIn(field, first, last) if field in TIMES:
            return _all(_days(TIMES[field], first, last))
    return refuse(str(tree))


def refuse(what: str) -> NoReturn:
    """Raise ExportError: the list has to be written as tracks."""
    raise ExportError(
        f"Navidrome's rules cannot say {what}; write the tracks with -o FILE.m3u8 --for navidrome, and --save the"
        " recipe so that `essentialist refresh` keeps them current"
    )


def _not(term: Tree) -> Rule:
    """What a term does not hold for, where Navidrome can be asked that also of tracks that lack the value."""
    match term:
        case Not(inner):
            return rule(inner)
        case And(terms) if terms:
            return {"any": [_not(each) for each in terms]}
        case Or(terms):
            return {"all": [_not(each) for each in terms]}
        case Words(text):
            return {"all": [_not(TextHas(field, text)) for field in SEARCHED]}
        case TextHas(field, text) if field in TEXTS:
            return {"notContains": {TEXTS[field]: _plain(text)}}
        case TextIs(field, text) if field in TEXTS:
            return {"isNot": {TEXTS[field]: text}}
        case TextIs("liked", text) if fold(text) == "yes":
            return {"is": {"loved": False}}
        case Present("played"):
            return {"is": {"playcount": 0}}
        case AgeIn(field, Range(None, Bound(float(age)))) if field in TIMES:
            return {"notInTheLast": {TIMES[field]: _whole_days(age, term)}}
    return refuse(str(Not(term)))


def _has(field: str, text: str) -> Rule:
    return {"contains": {TEXTS[field]: _plain(text)}}


def _plain(text: str) -> str:
    """A part of a text, if it has none of the characters that stand for others there."""
    return refuse(f"% or _ in {text!r}") if set("%_") & set(text) else text


def _within(field: str, numbers: Range, tree: Tree) -> Rule:
    low, high = (_end(bound, tree) for bound in (numbers.low, numbers.high))
    is_closed = not any(bound and bound.open for bound in (numbers.low, numbers.high))
    if low is not None and high is not None and is_closed:
        return {"is": {field: low}} if low == high else {"inTheRange": {field: [low, high]}}
    sides = [_beyond("gt", field, low, numbers.low), _beyond("lt", field, high, numbers.high)]
    if low is None and field != "playcount":
        sides[0] = {"gt": {field: 0}}
    return _all([side for side in sides if side])


def _beyond(operator: str, field: str, limit: float | None, bound: Bound | None) -> Rule:
    """One end of a range; a closed one is the number itself or beyond."""
    if limit is None or bound is None:
        return {}
    beyond = {operator: {field: limit}}
    return beyond if bound.open else {"any": [beyond, {"is": {field: limit}}]}


def _end(bound: Bound | None, tree: Tree) -> float | None:
    if bound is None:
        return None
    if isinstance(bound.value, Percentile):
        refuse(f"{tree}, which depends on the collection")
    return int(bound.value) if bound.value.is_integer() else bound.value


def _ages(field: str, ages: Range, tree: Tree) -> Rule:
    least, most = (_end(bound, tree) for bound in (ages.low, ages.high))
    rules: list[Rule] = []
    if most is not None:
        rules.append({"inTheLast": {field: _whole_days(most, tree)}})
    if least is not None:
        rules.append({"notInTheLast": {field: _whole_days(least, tree)}})
    if most is None and field == "lastplayed":
        rules.append({"gt": {"playcount": 0}})  # what was never played is not in the last days either
    return _all(rules)


def _whole_days(seconds: float, tree: Tree) -> int:
    """An age as Navidrome counts it."""
    days, rest = divmod(seconds, DAY_S)
    return refuse(f"{tree}, for it counts in whole days") if rest else int(days)


def _days(field: str, first: dt.date | None, last: dt.date | None) -> list[Rule]:
    """From a day to another, both included: a time on a day comes after the day as a text."""
    begin = [] if first is None else [{"after": {field: first.isoformat()}}]
    end = [] if last is None else [{"before": {field: (last + dt.timedelta(days=1)).isoformat()}}]
    return [*begin, *end]


def _all(rules: list[Rule]) -> Rule:
    return rules[0] if len(rules) == 1 else {"all": rules}
