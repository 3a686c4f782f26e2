"""The ledger of an analysis: every file found is accounted for, once."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Literal

Fate = Literal["analysed", "unchanged", "duplicates", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What became of the files found: `found` is the sum of the five that follow it.

    `analysed`: something was computed of it. `unchanged`: all that can be computed was there; also of a file that was
    moved, renamed, touched or tagged anew. `duplicates`: the same sound as another file. `failed`: could not be read,
    see the failures. `skipped`: failed before and has not changed since, or the run was stopped before its turn.
    `seconds`: how long the run took.
    """

    analysed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    @property
    def found(self) -> int:
        """How many files there were (and folders that could not be opened)."""
        return self.analysed + self.unchanged + self.duplicates + self.failed + self.skipped

    def plus(self, fate: Fate, n: int = 1) -> Ledger:
        """The ledger with so many more files of a fate."""
        return replace(self, **{fate: getattr(self, fate) + n})

    def as_row(self) -> dict[str, float]:
        """The ledger for JSON, `found` first."""
        return {"found": self.found, **asdict(self)}
