"""JSON: one document, an array with one object a track."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from essentialist.exports import Table
from essentialist.exports.jsonl import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from essentialist.descriptors import Descriptor
    from essentialist.track import Track


def chunks(tracks: Iterable[Track], descriptors: Sequence[Descriptor]) -> Iterator[bytes]:
    """Make the array, a track at a time."""
    lead = b"[\n"
    for track in tracks:
        yield lead + line(track, descriptors)
        lead = b",\n"
    yield b"[]\n" if lead == b"[\n" else b"\n]\n"


TABLE = Table(
    suffix=".json",
    title="JSON",
    mime="application/json",
    signature=re.compile(rb'\[\s*(?:\]|\{"id": )'),
    chunks=chunks,
)
