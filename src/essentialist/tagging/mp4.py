"""The list of iTunes in MP4: `tmpo` is a whole number, all else that DJs write is free form under a name."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from mutagen.mp4 import MP4FreeForm

from essentialist.errors import Untaggable
from essentialist.tagging import TagSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from essentialist.tagging import TagField, Values

ITUNES: Final = "----:com.apple.iTunes:"
TEMPO: Final = "tmpo"
PRECISE: Final = f"{ITUNES}BPM"


class Atoms(TagSet):
    """The tags of an MP4 file that mutagen has loaded."""

    names: ClassVar[Mapping[str, Values]] = {
        "bpm": (TEMPO, PRECISE),
        "key": (f"{ITUNES}initialkey", f"{ITUNES}INITIALKEY", f"{ITUNES}KEY"),
        "mood": (f"{ITUNES}MOOD",),
        "energy": (f"{ITUNES}ENERGYLEVEL",),
    }

    def __init__(self, file: Any) -> None:
        self.file = file
        if file.tags is None:
            file.add_tags()

    def get(self, name: str) -> Values:
        """The texts of an atom. Raises Untaggable for a free form that is no text."""
        values = self.file.tags.get(name, [])
        try:
            return tuple(each.decode() if isinstance(each, bytes) else str(each) for each in values)
        except UnicodeDecodeError as error:
            raise Untaggable(f"has a tag {name.removeprefix(ITUNES)} that is no text: remove it first") from error

    def put(self, name: str, values: Values) -> None:
        """Set an atom, or remove it."""
        if not values:
            self.file.tags.pop(name, None)
        elif name == TEMPO:
            self.file.tags[name] = [int(value) for value in values]
        else:
            self.file.tags[name] = [MP4FreeForm(value.encode()) for value in values]

    def spelled(self, field: TagField, values: Values) -> dict[str, Values]:
        """As for any family, but `tmpo` is rounded; decimals go into the free form beside it."""
        put = super().spelled(field, values)
        if field == "bpm" and values:
            put[TEMPO] = tuple(str(round(float(value))) for value in values)
            if any("." in value for value in values):
                put[PRECISE] = values
        return put

    def others(self) -> object:
        """Every other atom, with its type, and those that mutagen could not read."""
        ours = {name for names in self.names.values() for name in names}
        kept = {name: [shape(each) for each in listed(value)] for name, value in self.file.tags.items()}
        return {name: value for name, value in kept.items() if name not in ours}, self.file.tags._failed_atoms

    def save(self, path: Path) -> None:
        """Write the list; mutagen corrects the places of the sound where the list grew."""
        self.file.save(path)


def listed(value: object) -> list[object]:
    """The values of an atom; a few have but one."""
    return value if isinstance(value, list) else [value]


def shape(value: Any) -> tuple[object, ...]:
    """A value with what is written beside it: what kind of bytes a free form or a cover holds."""
    return value, getattr(value, "dataformat", None), getattr(value, "imageformat", None)
