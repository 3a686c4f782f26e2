"""A draft: a playlist that somebody works on, and every step of the work, so that each can be undone.

A draft never changes: each operation gives the next one. What names a track that is not in it changes nothing, so that
a click that comes late is no error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from essentialist.web.views.ids import read_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from essentialist.recipes.recipe import Recipe

MOST_STEPS: Final = 100  # that can be undone
MOST_REMEMBERED: Final = 1_000  # tracks, by a browser
BY_HAND: Final = "added by hand"


@dataclass(frozen=True, slots=True)
class Draft:
    """Tracks by id, each once, in the order of play.

    `locked` ones stay where they are when the others are chosen anew. `reasons` says why a track is there (by id),
    `notes` what could not be as wished, and `recipe` what it was made by: None where it was put together by hand.
    """

    title: str = ""
    ids: tuple[int, ...] = ()
    locked: frozenset[int] = frozenset()
    reasons: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    recipe: Recipe | None = None

    def added(self, ids: Iterable[int], reason: str = BY_HAND) -> Draft:
        """With these at the end; those that are in it already stay where they are."""
        there = set(self.ids)
        fresh = [each for each in dict.fromkeys(ids) if each not in there]
        return replace(self, ids=(*self.ids, *fresh), reasons={**self.reasons, **dict.fromkeys(fresh, reason)})

    def arranged(self, ids: Sequence[int], *, removed: Collection[int] = (), locked: Collection[int] = ()) -> Draft:
        """In this order, without what is removed, and with just these locked.

        Tracks that the order does not name come after those that it does.
        """
        there = set(self.ids)
        named = [each for each in dict.fromkeys(ids) if each in there]
        others = [each for each in self.ids if each not in set(named)]
        kept = [each for each in (*named, *others) if each not in removed]
        return replace(self, locked=frozenset(locked))._of(kept)

    def swapped(self, track_id: int, other: int, reason: str) -> Draft:
        """With another track in place of one."""
        if track_id not in self.ids or other in self.ids:
            return self
        ids = (other if each == track_id else each for each in self.ids)
        return replace(self, reasons={**self.reasons, other: reason})._of(ids)

    def refilled(self, ids: Iterable[int], reasons: Mapping[int, str] | None = None) -> Draft:
        """With these tracks in place of all that are not locked, which keep their places as far as there are others."""
        filled = [each for each in dict.fromkeys(ids) if each not in self.locked]
        for place, each in enumerate(self.ids):
            if each in self.locked:  # from the front on, so that each comes where it was
                filled.insert(place, each)
        kept = {each: reason for each, reason in self.reasons.items() if each in self.locked or reasons is None}
        return replace(self, reasons={**(reasons or {}), **kept})._of(filled)

    def _of(self, ids: Iterable[int]) -> Draft:
        """Of these tracks, with nothing kept of others."""
        chosen = tuple(ids)
        kept = frozenset(chosen)
        return replace(
            self,
            ids=chosen,
            locked=self.locked & kept,
            reasons={each: reason for each, reason in self.reasons.items() if each in kept},
        )


@dataclass(frozen=True, slots=True)
class History:
    """A draft as it is, as it was before each step, and the steps that were undone, the next one first."""

    now: Draft = field(default_factory=Draft)
    past: tuple[Draft, ...] = ()
    undone: tuple[Draft, ...] = ()

    def then(self, draft: Draft) -> History:
        """One step on; a draft that is the same is no step."""
        if draft == self.now:
            return self
        return History(draft, (*self.past, self.now)[-MOST_STEPS:])

    def undo(self) -> History:
        """One step back, where there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.undone))

    def redo(self) -> History:
        """The step that was undone last, where there is one."""
        if not self.undone:
            return self
        return History(self.undone[0], (*self.past, self.now), self.undone[1:])


def told(draft: Draft) -> dict[str, str]:
    """What a browser remembers of a draft."""
    ids, locked = draft.ids[:MOST_REMEMBERED], sorted(draft.locked)
    return {"title": draft.title, "ids": ",".join(map(str, ids)), "locked": ",".join(map(str, locked))}


def recalled(told: Mapping[str, str]) -> Draft:
    """The draft that a browser remembers; whatever it says makes a draft of some tracks, or an empty one."""
    once = tuple(dict.fromkeys(read_ids(told.get("ids", ""))))[:MOST_REMEMBERED]
    return Draft(told.get("title", "")[:100], once).arranged(once, locked=read_ids(told.get("locked", "")))
