"""ID3v2 in front of MP3, and in a chunk of WAV and AIFF.

mutagen is told to know no frame: it then keeps each as the bytes that it found, and gives them back as they were. Only
the frames that are written are ever understood. ID3v1 and APEv2 at the end of an MP3 stay as they are.
"""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from mutagen._util import resize_bytes
from mutagen.aiff import AIFF
from mutagen.id3 import ID3, TXXX, Encoding, Frame, Frames, ID3NoHeaderError, TextFrame
from mutagen.id3._util import unsynch
from mutagen.wave import WAVE

from essentialist.errors import Untaggable
from essentialist.files.tags import read_tags
from essentialist.tagging import TagSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from mutagen import PaddingInfo

    from essentialist.tagging import TagField, Values
    from essentialist.track import Tags

HEADER: Final = 10  # bytes, of a tag and of a frame
PADDING: Final = 2048  # bytes after a tag that has to grow, so that the next change need not move the sound
NEW_VERSION: Final = 3  # of ID3v2, where there is none: what Windows, rekordbox and car radios read
USER: Final = "TXXX:"
SEPARATOR: Final = "; "  # between texts where a frame can have but one
MOOD: Final[Mapping[int, str]] = {3: "TXXX:MOOD", 4: "TMOO"}  # TMOO came with version 4


class _Unknown(dict[str, type[Frame]]):
    """Knows all frames by name, which tells mutagen how sizes are written, and gives none, so that it keeps bytes."""

    def __getitem__(self, name: str) -> type[Frame]:
        raise KeyError(name)


_UNKNOWN: Final = _Unknown(Frames)
_AS_IT_IS: Final = {"known_frames": _UNKNOWN, "translate": False, "load_v1": False}


class Id3Tags(TagSet):
    """The frames of one tag: as bytes those that stay, as texts those that may be written."""

    names: ClassVar[Mapping[str, Values]] = {
        "bpm": ("TBPM",),
        "key": ("TKEY", "TXXX:initialkey", "TXXX:INITIALKEY", "TXXX:KEY"),
        "mood": ("TMOO", "TXXX:MOOD"),
        "energy": ("TXXX:EnergyLevel",),
    }

    def __init__(self, tags: ID3 | None, file: BinaryIO) -> None:
        self.tags: ID3 = ID3() if tags is None else tags
        self.version = NEW_VERSION
        if tags is not None:
            self.version = tags.version[1]
            check(tags, n_unescaped(tags, file))
        ours = {name.lower() for names in self.names.values() for name in names}
        self.raw: list[bytes] = []
        self.texts: dict[str, Values] = {}
        self.spellings: dict[str, str] = {}
        for raw in self.tags.unknown_frames:
            frame = self._understood(raw) if raw[:4] in {b"TBPM", b"TKEY", b"TMOO", b"TXXX"} else None
            name = frame.HashKey if frame is not None else ""
            if frame is None or name.lower() not in ours:
                self.raw.append(bytes(raw))
                continue
            self.spellings.setdefault(name.lower(), name)
            texts = tuple(str(text) for text in frame.text)
            self.texts[name.lower()] = self.texts.get(name.lower(), ()) + texts

    def _understood(self, raw: bytes) -> Any:
        kind: Any = Frames[raw[:4].decode()]
        header: Any = self.tags._header  # its version and flags
        return kind._fromData(header, int.from_bytes(raw[8:HEADER], "big"), bytes(raw[HEADER:]))

    def get(self, name: str) -> Values:
        """The texts of a frame, or of all frames of this name."""
        return self.texts.get(name.lower(), ())

    def put(self, name: str, values: Values) -> None:
        """Set the text of a frame, or remove it."""
        if values:
            self.texts[name.lower()] = values
        else:
            self.texts.pop(name.lower(), None)
        self.spellings.setdefault(name.lower(), name)

    def spelled(self, field: TagField, values: Values) -> dict[str, Values]:
        """As for any family, but by the name that the version has for moods; version 3 has one text a frame."""
        if self.version == NEW_VERSION and len(values) > 1:
            values = (SEPARATOR.join(values),)
        if field != "mood":
            return super().spelled(field, values)
        return {name: values for name in self.names["mood"] if name == MOOD[self.version] or self.get(name)}

    def others(self) -> object:
        """The version, and the bytes of every other frame."""
        return self.version, sorted(self.raw)

    def fill(self) -> None:
        """Hand the frames back to mutagen: texts as frames, all else as the bytes that they were."""
        self.tags.clear()
        for name, texts in self.texts.items():
            self.tags.add(frame_of(self.spellings[name], texts, self.version))
        self.tags.unknown_frames = self.raw
        self.tags._unknown_v2_version = self.version

    def save(self, path: Path) -> None:
        """Write the tag in front of the sound, in the room of the old one where that is enough."""
        self.fill()
        old_size, rendered = self.tags.size, BytesIO()

        def padding(room: PaddingInfo) -> int:
            left = old_size + room.padding
            return left if left >= 0 else PADDING

        self.tags.save(rendered, v1=0, v2_version=self.version, v23_sep=None, padding=padding)
        tag = rendered.getvalue()
        with path.open("r+b") as file:
            resize_bytes(file, old_size, len(tag), 0)
            file.seek(0)
            file.write(tag)


class ChunkTags(Id3Tags):
    """The same in a chunk of its own, which mutagen puts at the end where there is none."""

    def save(self, path: Path) -> None:
        """Write the chunk."""
        self.fill()
        self.tags.save(path, v2_version=self.version, v23_sep=None)


def check(tags: ID3, n_frame_bytes: int) -> None:
    """Raise Untaggable where a frame would be lost or changed by writing the tag again."""
    header: Any = tags._header
    if tags.version[1] not in MOOD:
        raise Untaggable("has tags of ID3v2.2, which nothing writes any more: have a tagger make ID3v2.3 of them")
    if header.f_extended or header.f_footer or (header.f_unsynch and tags.version[1] == 4):
        raise Untaggable("has an ID3 tag of a rare kind (footer, extended header, escaped bytes): have it written anew")
    if sum(map(len, tags.unknown_frames)) != n_frame_bytes - tags._padding:
        raise Untaggable("has damaged ID3 frames, which would be lost: have a tagger mend them")


def n_unescaped(tags: ID3, file: BinaryIO) -> int:
    """How many bytes of frames and padding a tag has; in version 3, some taggers put a zero after each 0xFF."""
    n_bytes: int = tags.size - HEADER
    if not tags.f_unsynch:
        return n_bytes
    file.seek(0)
    content = file.read(tags.size)
    return len(unsynch.decode(content[HEADER:])) if content.startswith(b"ID3") else -1


def frame_of(name: str, texts: Values, version: int) -> TextFrame:
    """A frame by its name; TXXX by its description."""
    plain = all(text.isascii() for text in (name, *texts))
    encoding = Encoding.LATIN1 if plain else Encoding.UTF16 if version == NEW_VERSION else Encoding.UTF8
    if name.startswith(USER):
        return TXXX(encoding=encoding, desc=name.removeprefix(USER), text=list(texts))
    kind: Any = Frames[name]
    return cast("TextFrame", kind(encoding=encoding, text=list(texts)))


def in_front(file: BinaryIO) -> TagSet:
    """The tag before the sound, whatever the sound is."""
    try:
        return Id3Tags(ID3(file, **_AS_IT_IS), file)
    except ID3NoHeaderError:
        return Id3Tags(None, file)


def in_wave(file: BinaryIO, path: Path) -> TagSet:
    """The tag in a WAV file."""
    return _in_chunk(WAVE(file, **_AS_IT_IS), file, path)


def in_aiff(file: BinaryIO, path: Path) -> TagSet:
    """The tag in an AIFF file."""
    return _in_chunk(AIFF(file, **_AS_IT_IS), file, path)


def _in_chunk(loaded: Any, file: BinaryIO, path: Path) -> TagSet:
    """The tag in a chunk; a new one says what the file says elsewhere (INFO, NAME, AUTH), which it would hide."""
    there = loaded.tags
    if there is None:
        loaded.add_tags()
    made = ChunkTags(there, file)
    made.tags = loaded.tags
    if there is None:
        made.raw += repeated(read_tags(path))
    return made


def repeated(tags: Tags) -> list[bytes]:
    """Tags as frames of a new tag; tempo and key are left to whoever writes them."""
    made = ID3()
    for name, value in (
        ("TIT2", tags.title),
        ("TPE1", tags.artist),
        ("TPE2", tags.album_artist),
        ("TALB", tags.album),
        ("TRCK", tags.track_number),
        ("TYER", tags.year),
        ("TCON", tags.genre),
    ):
        if value is not None:
            made.add(frame_of(name, (str(value),), NEW_VERSION))
    rendered = BytesIO()
    made.save(rendered, v1=0, v2_version=NEW_VERSION)
    rendered.seek(0)
    return [bytes(frame) for frame in ID3(rendered, **_AS_IT_IS).unknown_frames] if made else []
