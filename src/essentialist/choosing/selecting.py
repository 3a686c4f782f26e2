"""From a way's choice to the tracks of a playlist: what is asked for, diversity, and all that the wishes say.

A ranking is read until the wishes are met. A choice that hangs together cannot just lose a part: it is made again
without what the wishes refuse, and in another size where a time is wished.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from essentialist.choosing.constraints import Selection, constrain, fits, time_note
from essentialist.choosing.diversity import inserted, varied
from essentialist.choosing.wishes import USUAL_PER_ARTIST, Length, Pick, Wishes
from essentialist.versions import artist_key

if TYPE_CHECKING:
    from essentialist.playlists import Candidates, Way

ROUNDS: Final = 25  # how often a whole choice is made again without what the wishes refused


def select(way: Way, candidates: Candidates, parameters: object, wishes: Wishes) -> Selection:
    """Choose in a way, among candidates without those excluded, what the wishes allow."""
    selection = _whole(way, candidates, parameters, wishes) if way.whole else _best(way, candidates, parameters, wishes)
    return replace(selection, notes=(*selection.notes, *_contradictions(way, wishes)))


def _best(way: Way, candidates: Candidates, parameters: object, wishes: Wishes) -> Selection:
    ranking = way.choose(candidates, parameters, wishes)
    if wishes.diversity and not wishes.length.is_everything:
        n = wishes.length.n_tracks(candidates.tracks)
        ranking = varied(ranking, wishes.diversity, n, candidates.embeddings)
    return constrain(chain(_asked(wishes), ranking), wishes)


def _whole(way: Way, candidates: Candidates, parameters: object, wishes: Wishes) -> Selection:
    wished, n = wishes.length.seconds, wishes.length.n_tracks(candidates.tracks)
    if way.narrow is not None:
        candidates = way.narrow(candidates, parameters)
    tried: dict[int, Selection] = {}
    while n not in tried and len(tried) < ROUNDS:
        sized = replace(wishes, length=Length(tracks=n))
        tried[n] = _of_size(way, candidates, parameters, sized)
        if wished is None or fits(tried[n].seconds, wished):
            return tried[n]
        if len(tried[n].picks) < n and tried[n].seconds < wished:  # more cannot be had
            break
        n = max(1, round(n * wished / tried[n].seconds)) if tried[n].seconds else n
    best = min(tried.values(), key=lambda selection: abs(selection.seconds - (wished or 0)))
    return replace(best, notes=(*best.notes, time_note(best.seconds, wished or 0)))


def _of_size(way: Way, candidates: Candidates, parameters: object, wishes: Wishes) -> Selection:
    """Choose again without what the wishes refuse until they refuse nothing; else do with what they leave."""
    limit = wishes.max_per_artist or USUAL_PER_ARTIST
    strict = replace(wishes, max_per_artist=limit)
    allowed = candidates
    for _ in range(ROUNDS):
        selection = constrain(_chosen(way, allowed, parameters, wishes), strict, whole=True)
        if not selection.refused and not selection.notes:
            return selection
        if not selection.refused:
            break
        allowed = _settled(allowed, selection, limit)
    return constrain(_chosen(way, candidates, parameters, wishes), wishes, whole=True)


def _chosen(way: Way, candidates: Candidates, parameters: object, wishes: Wishes) -> list[Pick]:
    """Choose what hangs together, and put what is asked for where it fits best."""
    asked = list(_asked(wishes))
    if not asked:
        return list(way.choose(candidates, parameters, wishes))
    without = candidates.without({pick.track.id for pick in asked})
    n = max(1, (wishes.length.tracks or 1) - len(asked))
    picks = list(way.choose(without, parameters, replace(wishes, length=Length(tracks=n))))
    return inserted(picks, asked, candidates.embeddings)


def _settled(candidates: Candidates, selection: Selection, limit: int) -> Candidates:
    """Leave out what was refused, and of artists who have all their places what has none of these."""
    n_by = Counter(artist_key(pick.track) for pick in selection.picks)
    taken = {pick.track.id for pick in selection.picks}
    out = {track.id for track in candidates.tracks if n_by[artist_key(track)] >= limit and track.id not in taken}
    return candidates.without(out | selection.refused)


def _asked(wishes: Wishes) -> list[Pick]:
    return [Pick(track, "asked for", asked=True) for track in wishes.included]


def _contradictions(way: Way, wishes: Wishes) -> list[str]:
    both = [track.title for track in wishes.included if track.id in wishes.excluded]
    notes = [f"{', '.join(both)}: asked for and excluded; taken."] if both else []
    if way.whole and wishes.diversity:
        notes.append(f"Diversity does not go with {way.name}, where each track follows from the others.")
    return notes
