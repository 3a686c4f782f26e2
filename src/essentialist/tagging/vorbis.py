"""Vorbis comments, in FLAC and in Ogg: a list of NAME=text, in which names may come again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from mutagen.flac import FLAC, Padding, VCFLACDict

from essentialist.errors import Untaggable
from essentialist.tagging import TagSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from essentialist.tagging import Values


class Comments(TagSet):
    """The comments of a file that mutagen has loaded."""

    names: ClassVar[Mapping[str, Values]] = {
        "bpm": ("BPM", "TEMPO"),
        "key": ("INITIALKEY", "KEY"),
        "mood": ("MOOD",),
        "energy": ("ENERGYLEVEL",),
    }

    def __init__(self, file: Any) -> None:
        self.file = file
        if file.tags is None:
            file.add_tags()
        if any("\ufffd" in text for pair in file.tags for text in pair):
            raise Untaggable("has comments that are not UTF-8, which would be changed: have a tagger mend them")

    def get(self, name: str) -> Values:
        """The texts of all comments of this name, in any case of its letters."""
        return tuple(text for key, text in self.file.tags if key.lower() == name.lower())

    def put(self, name: str, values: Values) -> None:
        """Replace the comments of this name where they stood; new ones come last."""
        comments = list(self.file.tags)
        spelling = next((key for key, _ in comments if key.lower() == name.lower()), name)
        at = next((place for place, (key, _) in enumerate(comments) if key == spelling), len(comments))
        before, after = ([pair for pair in part if pair[0].lower() != name.lower()] for part in halves(comments, at))
        self.file.tags[:] = [*before, *((spelling, text) for text in values), *after]

    def others(self) -> object:
        """Who wrote the stream, every other comment in order, and the other blocks of FLAC."""
        ours = {name.lower() for names in self.names.values() for name in names}
        blocks = self.file.metadata_blocks if isinstance(self.file, FLAC) else ()
        return (
            self.file.tags.vendor,
            [pair for pair in self.file.tags if pair[0].lower() not in ours],
            [(block.code, block.write()) for block in blocks if not isinstance(block, Padding | VCFLACDict)],
        )

    def save(self, path: Path) -> None:
        """Write the comments; FLAC keeps an ID3 tag that somebody put before it."""
        self.file.save(path)


def halves(comments: list[tuple[str, str]], at: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What stands before a place, and from there on."""
    return comments[:at], comments[at:]
