"""What a file says of itself.

Tags are read by mutagen, from the file alone. They are other people's text: every value is cleaned, capped and checked
for range, damaged tags give what could be read, and none stops a run. Their tempo and key are hints, shown beside the
measured ones. What mutagen does not know (the INFO list of WAV, the texts of AIFF, CAF and AU, Matroska) FFmpeg says.

mutagen holds a file's pictures in memory while its tags are read, up to five times over: it is given so much of a file
and no more (`allowance`), and where that is not enough FFmpeg is asked, which holds them once.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass
from functools import singledispatch
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

import mutagen
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.id3 import ID3, TCON, ID3TimeStamp, TextFrame
from mutagen.mp4 import MP4FreeForm, MP4Tags

from essentialist import camelot
from essentialist.errors import FileChanged
from essentialist.files.allowance import Allowance
from essentialist.sound.containers import texts
from essentialist.track import Tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

T = TypeVar("T")

TEXT_LENGTH = 1000  # characters of a text that are kept
N_VALUES = 100  # values of one tag that are looked at
BPM = (20.0, 400.0)

# What reading damaged tags raises: mutagen's own errors, and what its parsers let through.
DAMAGE = (
    mutagen.MutagenError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


class _Loaded(Protocol):
    """The tags of one file, of any family."""

    def get(self, key: str) -> object: ...


@dataclass(frozen=True, slots=True)
class _Names:
    """What the families of tags call one field, the best name first."""

    id3: tuple[str, ...]
    vorbis: tuple[str, ...]
    mp4: tuple[str, ...]
    ape: tuple[str, ...]
    asf: tuple[str, ...]

    def of(self, tags: _Loaded) -> tuple[str, ...]:
        for kind, names in ((ID3, self.id3), (MP4Tags, self.mp4), (APEv2, self.ape), (ASFTags, self.asf)):
            if isinstance(tags, kind):
                return names
        return self.vorbis  # FLAC and every Ogg, and FFmpeg for the rest


_ITUNES = "----:com.apple.iTunes:"
_TITLE = _Names(("TIT2",), ("title",), ("\xa9nam",), ("Title",), ("Title",))
_ARTIST = _Names(("TPE1",), ("artist",), ("\xa9ART",), ("Artist",), ("Author", "WM/Author"))
_ALBUM_ARTIST = _Names(
    ("TPE2",),
    ("albumartist", "album artist", "album_artist"),
    ("aART",),
    ("Album Artist", "AlbumArtist"),
    ("WM/AlbumArtist",),
)
_ALBUM = _Names(("TALB",), ("album",), ("\xa9alb",), ("Album",), ("WM/AlbumTitle",))
_TRACK_NUMBER = _Names(("TRCK",), ("tracknumber", "track"), ("trkn",), ("Track",), ("WM/TrackNumber",))
_YEAR = _Names(("TDRC", "TDRL", "TDOR"), ("date", "year", "originaldate"), ("\xa9day",), ("Year", "Date"), ("WM/Year",))
_GENRE = _Names(("TCON",), ("genre",), ("\xa9gen",), ("Genre",), ("WM/Genre",))
_BPM = _Names(("TBPM",), ("bpm", "tempo"), (f"{_ITUNES}BPM", "tmpo"), ("BPM",), ("WM/BeatsPerMinute",))
_KEY = _Names(
    ("TKEY", "TXXX:initialkey", "TXXX:INITIALKEY", "TXXX:KEY"),
    ("initialkey", "key"),
    (f"{_ITUNES}initialkey", f"{_ITUNES}INITIALKEY", f"{_ITUNES}KEY"),
    ("InitialKey", "Key"),
    ("WM/InitialKey",),
)

_BIDI = "\u202a-\u202e\u2066-\u2069"  # overrides would turn the rest of a line round; right-to-left text needs none
_UNSHOWABLE = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff{_BIDI}]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_OPEN_KEY = re.compile(r"(1[0-2]|0?[1-9])([dm])", re.IGNORECASE)
_KEY_NAME = re.compile(
    r"(?P<tonic>[A-Ga-g])(?P<sign>[#♯b♭]|[ -]?(?:sharp|flat)|)[ _-]?(?P<mode>m|M|(?:min|maj)(?:or)?|)", re.IGNORECASE
)
_SIGNS = {"": "", "#": "#", "♯": "#", "sharp": "#", "b": "b", "♭": "b", "flat": "b"}
_KEYS = {  # by Camelot number, 1 to 12
    "A": ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m"),
    "B": ("B", "F#", "C#", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E"),
}


def read_tags(path: Path) -> Tags:
    """Read the tags of an audio file, cleaned; what is absent, damaged or out of range is None.

    Raises
    ------
    FileChanged
        The file cannot be opened (any more).
    """
    try:
        return next((said for tags in _loaded(path) if (said := _said(tags)) != Tags()), Tags())
    except OSError as error:
        raise FileChanged(f"{path} cannot be opened ({error.strerror}); scan the folder again") from error


def _loaded(path: Path) -> Iterator[_Loaded]:
    """Load the tags of the file's own format, then those that are found around any, then what FFmpeg finds.

    Around any file are ID3 in front and APEv2 at the end.
    """
    for load in (lambda opened: mutagen.File(opened).tags, ID3, APEv2):
        with Allowance(path.open("rb", buffering=0)) as file:
            try:
                tags = load(file)
            except DAMAGE:
                continue
        if tags:
            yield tags
    yield texts(path)


def _said(tags: _Loaded) -> Tags:
    return Tags(
        title=_first(tags, _TITLE, clean),
        artist=_first(tags, _ARTIST, clean),
        album_artist=_first(tags, _ALBUM_ARTIST, clean),
        album=_first(tags, _ALBUM, clean),
        track_number=_first(tags, _TRACK_NUMBER, parse_track_number),
        year=_first(tags, _YEAR, parse_year),
        genre=_first(tags, _GENRE, clean),
        bpm=_first(tags, _BPM, parse_bpm),
        key=_first(tags, _KEY, parse_key),
    )


def clean(text: str) -> str | None:
    """Make a text fit to show: valid UTF-8 in NFC, one line, no control characters, capped; None if nothing is left."""
    text = _SURROGATE.sub("\ufffd", _UNSHOWABLE.sub("", text[: 2 * TEXT_LENGTH]))
    return unicodedata.normalize("NFC", " ".join(text.split()))[:TEXT_LENGTH].rstrip() or None


def parse_track_number(text: str) -> int | None:
    """Read the number in "3", "03" or "3/12"; None if it is not 1 to 9999."""
    match = re.match(r"0*([1-9][0-9]{0,3})(?![0-9])", text)
    return int(match[1]) if match else None


def parse_year(text: str) -> int | None:
    """Read the first year, 1000 to 2999, in "1999", "1999-05-01", "19990501" or "1 May 1999"."""
    match = re.search(r"(?<![0-9])([12][0-9]{3})(?=[0-9]{4}(?![0-9])|(?![0-9]))", text)
    return int(match[1]) if match else None


def parse_bpm(text: str) -> float | None:
    """Read the tempo in "128", "128.00" or "127,5 BPM"; None if it is not 20 to 400 BPM."""
    match = re.match(r"[0-9]+(?:[.,][0-9]+)?", text)
    bpm = float(match[0].replace(",", ".")) if match else 0.0
    return bpm if BPM[0] <= bpm <= BPM[1] else None


def parse_key(text: str) -> str | None:
    """Read a key in letters ("A minor", "F#m", "Gbmaj"), Camelot ("8A") or Open Key ("1m").

    Returns one spelling for each of the 24 keys, as in "Am" and "F#"; None for what is no key.
    """
    text = text.strip()
    if match := _OPEN_KEY.fullmatch(text):
        hour = (int(match[1]) + 6) % camelot.HOURS + 1  # 1d, C major, is 8B
        code: str | None = f"{hour}{'A' if match[2] in 'mM' else 'B'}"
    elif match := _KEY_NAME.fullmatch(text):
        mode = match["mode"]
        if match["tonic"].islower() and not mode:
            return None  # "a" is A minor to some and A major to others
        is_minor = mode == "m" or mode.lower().startswith("min")
        sign = _SIGNS[match["sign"].lower().strip(" -")]
        code = camelot.camelot(match["tonic"] + sign, "minor" if is_minor else "major")
    else:
        code = text
    place = camelot.parse(code) if code else None
    return _KEYS[place.ring][place.number - 1] if place else None


def _first(tags: _Loaded, names: _Names, parse: Callable[[str], T | None]) -> T | None:
    """Parse the first of the names that is there and makes sense; several values are one text, parted by "; "."""
    for name in names.of(tags):
        try:
            texts = [text for value in islice(_texts(tags.get(name)), N_VALUES) if (text := clean(value))]
        except DAMAGE:
            continue
        value = parse("; ".join(dict.fromkeys(texts))[:TEXT_LENGTH])
        if value is not None:
            return value
    return None


@singledispatch
def _texts(value: object) -> Iterator[str]:
    """Every text in a tag of any family; nothing for pictures and other binary values."""
    inner = getattr(value, "value", None)  # an attribute of ASF, an item of APEv2
    if inner is not None:
        yield from _texts(inner)


@_texts.register(str)
def _(value: str) -> Iterator[str]:
    yield from value.split("\0", N_VALUES)


@_texts.register(int)
@_texts.register(float)
def _(value: float) -> Iterator[str]:
    yield str(value)


@_texts.register(list)
def _(value: list[object]) -> Iterator[str]:
    for element in value:
        yield from _texts(element)


@_texts.register(tuple)
def _(value: tuple[object, ...]) -> Iterator[str]:
    yield from _texts(value[0])  # MP4's track: its number, and how many there are


@_texts.register(MP4FreeForm)
def _(value: MP4FreeForm) -> Iterator[str]:
    yield value.decode("utf-8", "replace")


@_texts.register(TextFrame)
def _(value: TextFrame) -> Iterator[str]:
    yield from _texts(value.genres if isinstance(value, TCON) else list(value))


@_texts.register(ID3TimeStamp)
def _(value: ID3TimeStamp) -> Iterator[str]:
    yield value.text
