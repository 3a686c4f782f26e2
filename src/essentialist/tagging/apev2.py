"""APEv2 at the end of WavPack, Monkey's Audio and Musepack: items by name, of one or more texts."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from mutagen.apev2 import APETextValue, _APEv2Data

from essentialist.errors import Untaggable
from essentialist.tagging import TagSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from essentialist.tagging import Values


class Items(TagSet):
    """The items of a file that mutagen has loaded."""

    names: ClassVar[Mapping[str, Values]] = {
        "bpm": ("BPM",),
        "key": ("INITIALKEY", "KEY"),
        "mood": ("MOOD",),
        "energy": ("ENERGYLEVEL",),
    }

    def __init__(self, file: Any, opened: BinaryIO) -> None:
        self.file = file
        if file.tags is None:
            file.add_tags()
        there: Any = _APEv2Data(opened)
        if (there.items or 0) != len(file.tags):
            raise Untaggable("has damaged APEv2 items, which would be lost: have a tagger mend them")
        opened.seek(max(0, opened.seek(0, 2) - 128))
        if opened.read(3) == b"TAG":
            raise Untaggable("has an ID3v1 tag behind its APEv2 tag, which would be lost: have a tagger remove it")

    def get(self, name: str) -> Values:
        """The texts of an item. Raises Untaggable for one that is no text."""
        item = self.file.tags.get(name)
        if item is None:
            return ()
        if not isinstance(item, APETextValue):
            raise Untaggable(f"has a tag {name} that is no text: remove it first")
        return tuple(item)

    def put(self, name: str, values: Values) -> None:
        """Set the texts of an item, or remove it."""
        if values:
            self.file.tags[name] = list(values)
        elif name in self.file.tags:
            del self.file.tags[name]

    def others(self) -> object:
        """Every other item, with its kind."""
        ours = {name.lower() for names in self.names.values() for name in names}
        items = {name: (item.kind, item._write()) for name, item in self.file.tags.items()}
        return {name: item for name, item in items.items() if name.lower() not in ours}

    def save(self, path: Path) -> None:
        """Write the items at the end of the file."""
        self.file.save(path)
