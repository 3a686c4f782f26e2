"""Compare what is to be said of a track with what its file says; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from essentialist.errors import Untaggable
from essentialist.tagging import MAX_TEXT
from essentialist.tagging.opening import open_tags
from essentialist.tagging.rewriting import GONE, Target, target_of
from essentialist.tagging.wanting import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from essentialist.catalogue.refiling import FiledFile
    from essentialist.tagging import TagField, TagSet, Values
    from essentialist.tagging.wanting import Wanted
    from essentialist.track import Track

CHANGED: Final = "changed since it was analysed: analyse it again"

Fate = Literal["to write", "written", "same", "left"]


@dataclass(frozen=True, slots=True)
class Said:
    """One field of one file: what it says, and what was measured; `kept` where the former stays."""

    field: TagField
    old: Values
    new: Values
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One file: what would be or was done with it. `reason`: why it was left as it is. `puts`: by name of tag."""

    path: Path
    fate: Fate
    said: tuple[Said, ...] = ()
    puts: Mapping[str, Values] = field(default_factory=dict)
    track_id: int | None = None
    reason: str = ""

    def left(self, reason: str) -> Row:
        """The same file, left as it is."""
        return replace(self, fate="left", reason=reason)


@dataclass(frozen=True, slots=True)
class Planner:
    """Looks at files; `estimated` are the descriptors that are estimates."""

    wanted: Wanted
    roots: Sequence[str]
    estimated: frozenset[str]

    def row(self, track: Track, file: FiledFile | None) -> Row:
        """What is to be done with a track's file."""
        row = Row(track.path, "same", track_id=track.id)
        said = texts(track, self.wanted, self.estimated)
        if not said:
            return row
        try:
            if file is None:
                raise Untaggable(GONE)
            target = unchanged(file, self.roots)
            return self._compared(row, open_tags(target.path), said)
        except Untaggable as reason:
            return row.left(str(reason))
        except OSError as error:
            return row.left(f"cannot be read: {error.strerror or error}")

    def _compared(self, row: Row, tags: TagSet, said: Mapping[TagField, Values]) -> Row:
        """The fields one by one."""
        fields, puts = [], {}
        for each, new in said.items():
            old = tags.present(each)
            check_length(old)
            spelled = tags.spelled(each, new)
            changed = {name: values for name, values in spelled.items() if tags.get(name) != values}
            kept = bool(old and changed and not self.wanted.replace)
            fields.append(Said(each, old, next(iter(spelled.values())), kept))
            puts.update({} if kept else changed)
        return replace(row, fate="to write" if puts else "same", said=tuple(fields), puts=puts)


def unchanged(file: FiledFile, roots: Iterable[str]) -> Target:
    """A file that may be written and is as it was when it was analysed; Untaggable otherwise."""
    target = target_of(file.path, roots)
    if (target.status.st_size, target.status.st_mtime_ns) != (file.size, file.mtime_ns):
        raise Untaggable(CHANGED)
    return target


def check_length(values: Values) -> None:
    """Raise Untaggable for a text that is none of what it should be."""
    if sum(map(len, values)) > MAX_TEXT:
        raise Untaggable(f"has a tag of more than {MAX_TEXT:,} characters where few belong: have a tagger mend it")
