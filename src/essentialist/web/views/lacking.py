"""What networks would add: descriptors that are missing, or only estimated, and the command that mends it.

Extractors are not asked, as `Library.lacking` does: to ask them is to import what listens. What is lacking is known
from what the catalogue has and from what the networks give.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from essentialist import models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from essentialist.descriptors import Descriptor

ANALYZE: Final = "essentialist analyze"


@dataclass(frozen=True, slots=True)
class Lacking:
    """Descriptors that come together, whether there are estimates of them, and the command that gives them.

    `size` is what it fetches, in words; "" where the networks are here and only have to be run.
    """

    title: str
    is_estimate: bool
    command: str
    size: str


def lacking(descriptors: Iterable[Descriptor], entries: Sequence[models.Entry] | None = None) -> tuple[Lacking, ...]:
    """What is lacking in a catalogue that has these; `entries` are all networks and heads unless given."""
    known = {each.name: each for each in descriptors}
    giving: dict[tuple[str, ...], list[models.Entry]] = defaultdict(list)
    for entry in models.everything() if entries is None else entries:
        giving[entry.gives].append(entry)
    found = []
    for names, some in giving.items():
        absent = [name for name in names if name not in known]
        estimated = [name for name in names if name in known and known[name].estimate]
        if absent or estimated:
            title = " and ".join(known[name].title.lower() if name in known else _spoken(name) for name in names)
            found.append(_mending(title[0].upper() + title[1:], some, is_estimate=not absent))
    return tuple(sorted(found, key=lambda each: not each.is_estimate))


def _mending(title: str, entries: Sequence[models.Entry], *, is_estimate: bool) -> Lacking:
    if any(models.available(entry.name) for entry in entries):
        return Lacking(title, is_estimate, ANALYZE, "")
    size = sum(entry.weights.size or 0 for entry in entries)
    about = f"about {size / 1e6:.0f} MB" if size >= 1e6 else f"about {size / 1e3:.0f} kB"
    return Lacking(title, is_estimate, f"essentialist models pull {entries[0].gives[0]} && {ANALYZE}", about)


def _spoken(name: str) -> str:
    return name.replace("_", " ")
