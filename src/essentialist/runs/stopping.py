"""How a run is asked to end: Ctrl-C, or the SIGTERM of a service manager or a system that shuts down."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from dataclasses import dataclass
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

USUAL: dict[signal.Signals, Callable[[int, FrameType | None], object] | signal.Handlers] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}


@dataclass(slots=True)
class Stop:
    """Whether somebody asked for the end, and by which signal."""

    by: signal.Signals | None = None

    def __bool__(self) -> bool:
        return self.by is not None


@contextmanager
def stop_asked_for() -> Iterator[Stop]:
    """A stop that a signal asks for; the same signal again ends the program at once, as usual.

    Only the main thread hears signals, and what somebody else handles is left to them.
    """
    stop = Stop()
    ours = [each for each, usual in USUAL.items() if signal.getsignal(each) == usual]
    if current_thread() is not main_thread():
        ours = []

    def ask(number: int, frame: FrameType | None) -> None:
        stop.by = signal.Signals(number)
        signal.signal(number, USUAL[stop.by])

    for each in ours:
        signal.signal(each, ask)
    try:
        yield stop
    finally:
        for each in ours:
            signal.signal(each, USUAL[each])
