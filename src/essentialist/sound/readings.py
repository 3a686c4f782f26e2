"""What FFmpeg's loudness filter reads, told by every PyAV that runs on our Pythons.

Frames carry the readings since PyAV 18. The last one for Python 3.10 is PyAV 17, where the filter `ametadata` prints
them into a pipe. (Not so in general: with later releases the pipe would stay open after each recording.)
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.filter import Graph
    from av.filter.context import FilterContext

PREFIX = "lavfi.r128."
IN_FRAMES = hasattr(av.AudioFrame, "metadata")


class FrameReadings:
    """The latest readings, taken from the frames."""

    def __init__(self) -> None:
        self._latest: Mapping[str, str] = {}

    def attach(self, graph: Graph, meter: FilterContext) -> FilterContext:
        """The filter whose output is to be pulled."""
        return meter

    def note(self, frame: av.AudioFrame) -> None:
        """A metered frame; the rest at the end, shorter than the meter's step, has no readings."""
        self._latest = frame.metadata or self._latest

    def close(self) -> Mapping[str, str]:
        """The readings at the end, by their FFmpeg names."""
        return self._latest


class PipedReadings:
    """The latest readings, printed by a filter behind the meter and read as they come, so that no pipe runs full."""

    def __init__(self) -> None:
        self._latest: dict[str, str] = {}
        self._output, self._input = os.pipe()
        os.set_blocking(self._output, False)

    def attach(self, graph: Graph, meter: FilterContext) -> FilterContext:
        """The filter whose output is to be pulled."""
        printer = graph.add("ametadata", mode="print", file=f"pipe:{self._input}", direct="1")
        meter.link_to(printer)
        return printer

    def note(self, frame: av.AudioFrame) -> None:
        """A metered frame: what was printed of it waits in the pipe."""
        try:
            printed = os.read(self._output, 65_536).decode()
        except BlockingIOError:
            return
        lines = (line.partition("=") for line in printed.splitlines() if line.startswith(PREFIX))
        self._latest.update((name, value) for name, _, value in lines)

    def close(self) -> Mapping[str, str]:
        """The readings at the end, by their FFmpeg names."""
        os.close(self._output)
        os.close(self._input)
        return self._latest


def readings() -> FrameReadings | PipedReadings:
    """A reader of the way that this PyAV has."""
    return FrameReadings() if IN_FRAMES else PipedReadings()
