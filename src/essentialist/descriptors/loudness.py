"""Loudness of the whole recording as broadcasters measure it: EBU R 128.

A mono file counts as it is played, from both loudspeakers; more channels as they sound when mixed to two. Silence and a
constant voltage have no loudness, and what is shorter than 3.5 s has no range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor, Extractor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.recording import Recording
    from essentialist.track import Value

OUTPUTS = (
    Descriptor("loudness", "Loudness", "number", "LUFS", (-70, 10), "Integrated loudness"),
    Descriptor("loudness_range", "Loudness range", "number", "LU", (0, 70), "Between soft and loud passages"),
    Descriptor("peak", "True peak", "number", "dBTP", (-100, 20), "Highest peak between the samples too"),
)


def compute(recording: Recording) -> Mapping[str, Value]:
    """What the meter read while the recording was decoded."""
    reading = recording.loudness
    found = {"loudness": reading.integrated, "loudness_range": reading.range, "peak": reading.true_peak}
    return {name: value for name, value in found.items() if value is not None}


EXTRACTOR = Extractor(
    "loudness",
    1,
    OUTPUTS,
    compute,
    source="EBU R 128, EBU Tech 3341 and 3342, ITU-R BS.1770; FFmpeg ebur128",
)
