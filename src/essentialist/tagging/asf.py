"""The attributes of Windows Media (ASF)."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from mutagen.asf._attrs import ASFUnicodeAttribute

from essentialist.tagging import TagSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from essentialist.tagging import Values


class Attributes(TagSet):
    """The attributes of a file that mutagen has loaded."""

    names: ClassVar[Mapping[str, Values]] = {
        "bpm": ("WM/BeatsPerMinute",),
        "key": ("WM/InitialKey",),
        "mood": ("WM/Mood",),
        "energy": ("EnergyLevel",),
    }

    def __init__(self, file: Any) -> None:
        self.file = file

    def get(self, name: str) -> Values:
        """The values of an attribute as texts; numbers too, which some write for the tempo."""
        return tuple(str(each) for each in self.file.tags.get(name, []))

    def put(self, name: str, values: Values) -> None:
        """Set the texts of an attribute, or remove it."""
        if values:
            self.file.tags[name] = [ASFUnicodeAttribute(value) for value in values]
        elif name in self.file.tags:
            del self.file.tags[name]

    def others(self) -> object:
        """Every other attribute, with its type, language and stream."""
        ours = {name for names in self.names.values() for name in names}
        return sorted((name, *shape(value)) for name, value in self.file.tags if name not in ours)

    def save(self, path: Path) -> None:
        """Write the attributes into the header."""
        self.file.save(path)


def shape(value: Any) -> tuple[int, bytes, int, int]:
    """An attribute as it is compared: bytes, so that it can be sorted; without a stream it is of the whole file."""
    return value.TYPE, value._render(), value.language or 0, value.stream or 0
