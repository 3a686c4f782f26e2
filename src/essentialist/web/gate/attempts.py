"""Guessing is slow: after a few wrong passwords an address waits, each time twice as long."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

FREE = 5
LONGEST_S = 15 * 60.0
REMEMBERED = 10_000  # addresses


@dataclass(frozen=True, slots=True)
class Failures:
    """How often an address failed, and when it may try again."""

    n: int
    until: float


class Attempts:
    """The failures of all addresses, as many as are remembered; of those that failed longest ago nothing is known."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, Failures] = OrderedDict()

    def wait_s(self, address: str, now: float) -> float:
        """How many seconds an address has to wait before it may try; 0 for none."""
        known = self._failures.get(address)
        return max(0.0, known.until - now) if known else 0.0

    def failed(self, address: str, now: float) -> None:
        """Count a wrong password."""
        n = self._failures[address].n + 1 if address in self._failures else 1
        wait = min(LONGEST_S, 2.0 ** min(n - FREE, 20)) if n >= FREE else 0.0
        self._failures[address] = Failures(n, now + wait)
        self._failures.move_to_end(address)
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget an address's failures."""
        self._failures.pop(address, None)
