"""Open the tags of a file, by the family that its format has them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import mutagen
from mutagen.aiff import AIFF
from mutagen.asf import ASF
from mutagen.flac import FLAC
from mutagen.monkeysaudio import MonkeysAudio
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.musepack import Musepack
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from mutagen.wavpack import WavPack

from essentialist.errors import Untaggable
from essentialist.files.allowance import READ_MB, Allowance
from essentialist.files.tags import DAMAGE
from essentialist.tagging import id3
from essentialist.tagging.apev2 import Items
from essentialist.tagging.asf import Attributes
from essentialist.tagging.mp4 import Atoms
from essentialist.tagging.vorbis import Comments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from essentialist.tagging import TagSet

FORMATS: Final[dict[type[mutagen.FileType], Callable[[Any, Any, Path], TagSet]]] = {
    MP3: lambda file, opened, path: id3.in_front(opened),
    WAVE: lambda file, opened, path: id3.in_wave(opened, path),
    AIFF: lambda file, opened, path: id3.in_aiff(opened, path),
    **dict.fromkeys((FLAC, OggVorbis, OggOpus, OggFLAC, OggSpeex), lambda file, opened, path: Comments(file)),
    MP4: lambda file, opened, path: Atoms(file),
    ASF: lambda file, opened, path: Attributes(file),
    **dict.fromkeys((WavPack, MonkeysAudio, Musepack), lambda file, opened, path: Items(file, opened)),
}


def open_tags(path: Path) -> TagSet:
    """The tags of a file, read with the allowance that any file has.

    Raises Untaggable for formats that have none, for damaged tags, and for those that could not be written again as
    they are; OSError where the file cannot be read.
    """
    with Allowance(path.open("rb", buffering=0)) as opened:
        try:
            file = mutagen.File(opened, options=list(FORMATS))
            if file is None:
                raise Untaggable("is of a format in which no tags are written")
            opened.seek(0)
            return FORMATS[type(file)](file, opened, path)
        except DAMAGE as error:
            raise Untaggable(f"has damaged tags ({said(error)}): have a tagger mend them") from error


def said(error: BaseException) -> str:
    """What an error says, in one line."""
    if isinstance(error, EOFError | MemoryError):
        return f"cut short, or larger than {READ_MB} MB"
    return " ".join(str(error).split())[:100] or type(error).__name__
