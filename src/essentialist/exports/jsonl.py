"""JSON Lines: one object a line, for pipes and for collections larger than memory."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from essentialist.exports import Table
from essentialist.rows import row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from essentialist.descriptors import Descriptor
    from essentialist.track import Track

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

# Valid inside JSON, but taken for the end of a line by readers that split at every Unicode line break.
_LINE_ENDS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def line(track: Track, descriptors: Sequence[Descriptor]) -> bytes:
    r"""Write a track as an object on one line, without its line end.

    The bytes of a name that are not UTF-8 are unpaired surrogates in Python. They become escapes such as `\udce9`,
    which every JSON reader takes and Python's gives back as they were.
    """
    document = _encode(row(track, descriptors))
    for character, escape in _LINE_ENDS:
        document = document.replace(character, escape)
    return document.encode("utf-8", errors="backslashreplace")


def chunks(tracks: Iterable[Track], descriptors: Sequence[Descriptor]) -> Iterator[bytes]:
    """Make each track's line."""
    for track in tracks:
        yield line(track, descriptors) + b"\n"


TABLE = Table(
    suffix=".jsonl",
    title="JSON Lines",
    mime="application/jsonl",
    signature=re.compile(rb'\{"id": '),
    chunks=chunks,
)
