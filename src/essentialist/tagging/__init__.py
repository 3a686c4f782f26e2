"""Write what was measured into the files' own tags: the one part of this project that changes anybody's music.

    Track --wanting--> texts --planning--> Row --writing--> journal, file, catalogue --undoing--> file as before

A family of tags is one file here: it knows what its tags call a field, reads and puts texts, and gives all else that a
file says in a form that can be compared, so that whoever writes can see that nothing else has changed. How a file is
written safely is told in `rewriting`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from essentialist.files.tags import parse_bpm, parse_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TagField: TypeAlias = Literal["bpm", "key", "mood", "energy"]
Values: TypeAlias = tuple[str, ...]
"""The texts of one tag; none where it is absent."""

FIELDS: Final[tuple[TagField, ...]] = ("bpm", "key", "mood", "energy")
MAX_TEXT: Final = 1000  # characters: what has more is no tempo, key, mood or energy
_READS_AS: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType({"bpm": parse_bpm, "key": parse_key})


class TagSet(ABC):
    """The tags of one file, read and held in memory until they are saved.

    `names` are what this family calls each field: the first is written, the others are read and kept in step.
    """

    names: ClassVar[Mapping[str, Values]]

    @abstractmethod
    def get(self, name: str) -> Values:
        """The texts of a tag. Raises Untaggable where it holds something other than text."""

    @abstractmethod
    def put(self, name: str, values: Values) -> None:
        """Set the texts of a tag, or remove it where there are none."""

    @abstractmethod
    def others(self) -> object:
        """All that the file says besides `names`, to be compared with what it says after."""

    @abstractmethod
    def save(self, path: Path) -> None:
        """Write them to the file that they were read from, or to a copy of it."""

    def present(self, field: TagField) -> Values:
        """What the file says of a field, by whichever name."""
        return next((values for name in self.names[field] if (values := self.get(name))), ())

    def spelled(self, field: TagField, values: Values) -> dict[str, Values]:
        """What has to be put, by name, for a field to be these texts.

        Another name for the field follows where the file has it and it reads as such: no player then shows the old
        value. What does not is somebody's own, such as the JSON that Mixed In Key keeps under KEY.
        """
        first, *others = self.names[field]
        reads = _READS_AS.get(field)
        follow = [name for name in others if reads and (there := self.get(name)) and reads(there[0]) is not None]
        return dict.fromkeys((first, *follow), values)


def is_field(name: str) -> bool:
    """Whether a name is that of a field that can be written."""
    return name in FIELDS


def fields_of(text: str) -> tuple[TagField, ...]:
    """The fields in "bpm,key", in the usual order. Raises ValueError for another name, or for none."""
    named = [each.strip().lower() for each in text.split(",") if each.strip()]
    wrong = [each for each in named if not is_field(each)]
    if wrong or not named:
        raise ValueError(f"there is no {wrong[0]!r}" if wrong else "nothing is named")
    return tuple(each for each in FIELDS if each in named)
