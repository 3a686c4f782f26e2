"""What the draft in the browser says was done to it, as a step of its history; what makes no sense changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from essentialist.web.views.generating import ordered, swapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.library import Library
    from essentialist.web.views.drafts import History

ORDERS = ("smooth", "shuffle")


def worked(history: History, done: Mapping[str, Any], library: Library) -> History:
    """The history after what was done: arrange, order, swap, clear, undo or redo."""
    draft = history.now
    match done:
        case {"kind": "undo"}:
            return history.undo()
        case {"kind": "redo"}:
            return history.redo()
        case {"kind": "arrange"}:
            ids, removed, locked = (numbers(done.get(name)) for name in ("ids", "removed", "locked"))
            return history.then(draft.arranged(ids, removed=removed, locked=locked))
        case {"kind": "order", "how": str(how)} if how in ORDERS:
            return history.then(ordered(draft, how, library, chance=len(history.past)))
        case {"kind": "swap", "id": int(track_id), "other": int(other)}:
            return history.then(swapped(draft, track_id, other, library))
        case {"kind": "clear"}:
            return history.then(replace(draft.refilled(()), notes=(), recipe=None))
    return history


def numbers(value: object) -> list[int]:
    """The whole numbers of a list, if it is one."""
    return [each for each in value if type(each) is int] if isinstance(value, list) else []
