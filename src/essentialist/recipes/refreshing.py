"""A recipe made again: what came, what went, and the files that it is written to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from essentialist.choosing.constraints import constrain
from essentialist.choosing.wishes import Pick
from essentialist.playlists import way_of
from essentialist.recipes.existing import existing
from essentialist.recipes.making import make
from essentialist.recipes.remembered import Earlier, last_time, remember
from essentialist.recipes.targets import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.exports import ExportReport
    from essentialist.library import Library
    from essentialist.playlist import Playlist
    from essentialist.recipes.recipe import Recipe
    from essentialist.track import Track

KEPT = "stays from the last time"
ASKED = "asked for"  # how a reason begins of what is included


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of a recipe. Titles of removed tracks are as they were; `is_first` where there was no last time."""

    name: str
    playlist: Playlist
    is_first: bool
    added: tuple[Track, ...]
    removed: tuple[str, ...]
    reports: tuple[ExportReport, ...] = ()


def refresh(library: Library, name: str, recipe: Recipe, *, keep: bool = False, dry_run: bool = False) -> Refreshed:
    """Make a recipe again, write its targets, and remember its tracks for the next time.

    With `keep`, tracks of the last time that still match stay where they are and new ones take the other places. With
    `dry_run` nothing is written.

    Raises
    ------
    EssentialistError
        The recipe cannot be made, or a target cannot be written; the last time is then still remembered.
    """
    earlier = last_time(library.catalog, name)
    playlist = made_keeping(library, recipe, earlier) if keep and earlier else make(library, recipe)
    reports = () if dry_run else tuple(write(library, recipe, playlist, target) for target in recipe.targets)
    if not dry_run:
        remember(library.catalog, name, playlist)
    before = {each.track.id for each in earlier if each.track}
    now = {track.id for track in playlist.tracks}
    return Refreshed(
        name,
        playlist,
        is_first=not earlier,
        added=tuple(track for track in playlist.tracks if track.id not in before),
        removed=tuple(each.title for each in earlier if each.track is None or each.track.id not in now),
        reports=reports,
    )


def made_keeping(library: Library, recipe: Recipe, earlier: Sequence[Earlier]) -> Playlist:
    """Make a recipe from what still matches of the last time, as far as the wishes allow, and fill it up.

    A choice whose tracks follow from one another, such as a path, stays if all of it does, or else is made anew.
    """
    way, asked = way_of(recipe.choose), recipe.wishes.included
    candidates = existing(library.candidates(str(recipe.tree(library.fields())), recipe.choose))
    matching = {track.id for track in (*candidates.tracks, *asked)}
    there = [each.track for each in earlier if each.track]
    if way.linked or way.whole:
        anew = make(library, recipe)
        matching |= {track.id for track in anew.tracks}
        return as_it_was(anew, there) if {track.id for track in there} <= matching else anew
    picks = (Pick(track, KEPT) for track in there if track.id in matching)
    stays = [pick.track for pick in constrain(picks, recipe.wishes).picks]
    included = tuple({track.id: track for track in (*asked, *stays)}.values())
    wishes = replace(recipe.wishes, included=included)
    playlist = make(library, replace(recipe, wishes=wishes, order="as-is"))
    reasons = dict(playlist.reasons)
    for track in stays:
        reasons[track.id] = KEPT + reasons[track.id].removeprefix(ASKED)
    return replace(playlist, tracks=in_place(playlist.tracks, earlier), reasons=reasons)


def as_it_was(anew: Playlist, there: Sequence[Track]) -> Playlist:
    """The tracks of the last time where they are as many as now and lead from the same track to the same."""
    if len(there) != len(anew.tracks) or (there[0].id, there[-1].id) != (anew.tracks[0].id, anew.tracks[-1].id):
        return anew
    return replace(anew, tracks=tuple(there), reasons={track.id: KEPT for track in there})


def in_place(tracks: Sequence[Track], earlier: Sequence[Earlier]) -> tuple[Track, ...]:
    """Tracks of the last time where they were, and the others in the places between and after them."""
    chosen = {track.id: track for track in tracks}
    places = [each.track.id if each.track and each.track.id in chosen else None for each in earlier]
    fresh = iter([track for track in tracks if track.id not in set(places)])
    filled = [next(fresh, None) if place is None else chosen[place] for place in places]
    return (*(track for track in filled if track is not None), *fresh)
