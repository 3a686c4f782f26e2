"""What can be said of a track: one file an extractor, and here the contract that they keep.

An extractor computes one or more descriptors of a recording. Dropping a file with an `EXTRACTOR` in this folder
adds it everywhere: the catalogue gets its columns, the query language its fields, `tracks` and `export` its values.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from essentialist import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.recording import Recording
    from essentialist.track import Value

Kind = Literal["number", "label", "distribution"]


@dataclass(frozen=True, slots=True)
class Descriptor:
    """One thing said of a track.

    `name` is its key everywhere (column, query field, JSON). `range` is what a right value lies in, both ends
    included; a value outside is not kept. `labels` lists what a label or a distribution can name. `estimate` marks a
    value that stands in for a better one and must be shown as such. Of a distribution, probabilities under `floor`
    are not kept.
    """

    name: str
    title: str
    kind: Kind
    unit: str
    range: tuple[float, float] | None
    help: str
    labels: tuple[str, ...] = ()
    estimate: bool = False
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class Extractor:
    """How some descriptors are computed.

    `compute` returns a value for each descriptor it could determine and nothing for the others. Raise `version`
    when its values change: they are then computed again. `profiled` says that the values depend on the profile
    (`balanced` or `full`). `models` names the networks and heads it reads, `any_of` those heads of which one is
    enough. `source` is the paper or the reference implementation.
    """

    name: str
    version: int
    outputs: tuple[Descriptor, ...]
    compute: Callable[[Recording], Mapping[str, Value]]
    source: str
    models: tuple[str, ...] = ()
    profiled: bool = False
    any_of: tuple[str, ...] = ()

    @property
    def is_estimate(self) -> bool:
        """Whether its values stand in for better ones."""
        return any(descriptor.estimate for descriptor in self.outputs)

    def with_models(self, installed: frozenset[str]) -> Extractor | None:
        """The extractor as it runs where these networks and heads are installed; None where it cannot."""
        found = tuple(name for name in self.any_of if name in installed)
        if not installed.issuperset(self.models) or (self.any_of and not found):
            return None
        return replace(self, models=(*self.models, *found), any_of=())


@cache
def extractors() -> tuple[Extractor, ...]:
    """Every extractor of this folder. For analysis only: readers ask the catalogue what was measured."""
    return tuple(registry.entries(sys.modules[__name__], "EXTRACTOR", Extractor))


@dataclass(frozen=True, slots=True)
class Lack:
    """What cannot be computed for want of networks: `absent` descriptors, and those that are only `estimated`."""

    absent: tuple[str, ...]
    estimated: tuple[str, ...]


def lacking(installed: frozenset[str]) -> Lack:
    """What more networks and heads than these would give."""
    outputs = [descriptor for extractor in usable(installed) for descriptor in extractor.outputs]
    known = {descriptor.name for descriptor in outputs}
    absent = [each.name for extractor in extractors() for each in extractor.outputs if each.name not in known]
    return Lack(tuple(dict.fromkeys(absent)), tuple(each.name for each in outputs if each.estimate))


@cache
def usable(installed: frozenset[str]) -> tuple[Extractor, ...]:
    """The extractors to run where these networks and heads are installed.

    Of several for the same descriptors one is taken: the first that is no estimate, else the estimate.
    """
    ready = [ready for each in extractors() if (ready := each.with_models(installed))]
    chosen: dict[str, Extractor] = {}
    for extractor in sorted(ready, key=lambda each: each.is_estimate):
        chosen.setdefault(extractor.name, extractor)
    return tuple(each for each in ready if chosen[each.name] is each)
