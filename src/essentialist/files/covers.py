"""Pictures of a file: inside it, or beside it.

What is inside is other people's bytes: mutagen may read so much of a file and no more (`allowance`), and a picture is
what begins as one, whatever it calls itself.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, Protocol

import mutagen
from mutagen.flac import Picture as FLACPicture
from mutagen.id3 import ID3, PictureType

from essentialist.files.allowance import Allowance
from essentialist.files.tags import DAMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST: Final = 10 << 20  # bytes of a picture
N_PICTURES: Final = 20  # of a file that are looked at
NAMES: Final = ("cover", "folder", "front", "album", "albumart")
EXTENSIONS: Final = (".jpg", ".jpeg", ".png", ".webp")

_SIGNATURE: Final = re.compile(rb"(?P<jpeg>\xff\xd8\xff)|(?P<png>\x89PNG\r\n\x1a\n)|(?P<webp>RIFF.{4}WEBP)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as browsers show it: "image/jpeg", "image/png" or "image/webp"."""

    media_type: str
    content: bytes


def picture(content: bytes) -> Picture | None:
    """The picture that these bytes are; None for anything else, and for one that is too large."""
    found = _SIGNATURE.match(content)
    return Picture(f"image/{found.lastgroup}", content) if found and len(content) <= LARGEST else None


def beside(path: Path) -> list[Path]:
    """The pictures in a file's folder that are named as covers are, the likeliest first."""
    try:
        names = os.listdir(path.parent)
    except OSError:
        return []
    ranks = {name + extension: rank for rank, name in enumerate(NAMES) for extension in EXTENSIONS}
    return [
        path.parent / name
        for name in sorted(names, key=lambda name: (ranks.get(name.lower(), 0), name))
        if name.lower() in ranks
    ]


def read(path: Path) -> Picture | None:
    """A picture out of a picture file."""
    with path.open("rb") as file:
        return picture(file.read(LARGEST + 1))


def inside(path: Path) -> Picture | None:
    """The cover that a file holds: its front, or the first picture; OSError where it cannot be opened."""
    for load in (mutagen.File, ID3):  # around any format there may be ID3
        with Allowance(path.open("rb", buffering=0)) as file:
            try:
                loaded = load(file)
                found = sorted(islice(_pictures(loaded), N_PICTURES), key=lambda each: not each.is_front)
            except DAMAGE:
                continue
        for each in found:
            if cover := picture(each.content):
                return cover
    return None


@dataclass(frozen=True, slots=True)
class _Embedded:
    content: bytes
    is_front: bool = True


class _Block(Protocol):
    """A picture as FLAC has it, or ID3."""

    data: bytes
    type: int


def _pictures(loaded: object) -> Iterator[_Embedded]:
    """The pictures in tags of any family."""
    tags = loaded if isinstance(loaded, ID3) else getattr(loaded, "tags", None)
    blocks: list[_Block] = [*getattr(loaded, "pictures", ()), *(tags.getall("APIC") if isinstance(tags, ID3) else ())]
    for block in blocks:
        yield _embedded(block)
    if tags is not None and not isinstance(tags, ID3):
        named = ("metadata_block_picture", "covr", "Cover Art (Front)", "WM/Picture")
        for value in chain.from_iterable(_values(tags, name) for name in named):
            yield from _decoded(value)


def _embedded(block: _Block) -> _Embedded:
    return _Embedded(block.data, block.type == PictureType.COVER_FRONT)


def _values(tags: object, name: str) -> list[object]:
    """The values of a tag; not every family takes every name."""
    try:
        found = tags.get(name)  # type: ignore[attr-defined]
    except (KeyError, ValueError):
        return []
    return found if isinstance(found, list) else [found]


def _decoded(value: object) -> Iterator[_Embedded]:
    """A picture as Vorbis comments (text), MP4 (bytes), APEv2 and ASF (bytes with a head of their own) have it."""
    if isinstance(value, str):
        yield _embedded(FLACPicture(base64.b64decode(value)))
        return
    content = value if isinstance(value, bytes) else getattr(value, "value", None)
    if isinstance(content, bytes) and (found := _SIGNATURE.search(content)):
        yield _Embedded(content[found.start() :])
