"""Put a cover into a file of sound that was made here."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, BinaryIO, Final

from mutagen import MutagenError
from mutagen.flac import FLAC
from mutagen.flac import Picture as FLACPicture
from mutagen.id3 import APIC, ID3, PictureType
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggopus import OggOpus

from essentialist.errors import Undecodable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.files.covers import Picture

MP4_FORMATS: Final = {"image/jpeg": MP4Cover.FORMAT_JPEG, "image/png": MP4Cover.FORMAT_PNG}


def embed(cover: Picture, file: BinaryIO, suffix: str) -> None:
    """Add a front cover to the tags of a file; MP4 takes no WebP, which is then left out.

    Raises Undecodable where the file cannot be written.
    """
    file.seek(0)
    try:
        _INTO[suffix](cover, file)
    except MutagenError as error:
        raise Undecodable(f"its cover cannot be carried over ({error}); copy the file as it is") from error


def _into_mp3(cover: Picture, file: BinaryIO) -> None:
    tagged = MP3(file)
    tags = ID3() if tagged.tags is None else tagged.tags
    tags.add(APIC(mime=cover.media_type, type=PictureType.COVER_FRONT, data=cover.content))
    file.seek(0)
    tags.save(file, v2_version=3)


def _into_mp4(cover: Picture, file: BinaryIO) -> None:
    if cover.media_type not in MP4_FORMATS:
        return
    tagged = MP4(file)
    tagged["covr"] = [MP4Cover(cover.content, MP4_FORMATS[cover.media_type])]
    file.seek(0)
    tagged.save(file)


def _into_flac(cover: Picture, file: BinaryIO) -> None:
    tagged = FLAC(file)
    tagged.add_picture(_block(cover))
    file.seek(0)
    tagged.save(file)


def _into_opus(cover: Picture, file: BinaryIO) -> None:
    tagged = OggOpus(file)
    tagged["metadata_block_picture"] = [base64.b64encode(_block(cover).write()).decode("ascii")]
    file.seek(0)
    tagged.save(file)


def _block(cover: Picture) -> FLACPicture:
    block = FLACPicture()
    block.type, block.mime, block.data = PictureType.COVER_FRONT, cover.media_type, cover.content
    return block


_INTO: Final[Mapping[str, Callable[[Picture, BinaryIO], None]]] = {
    ".mp3": _into_mp3,
    ".m4a": _into_mp4,
    ".flac": _into_flac,
    ".opus": _into_opus,
}
