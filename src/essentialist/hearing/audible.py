"""What to serve when a track is to be heard: its file, a transcoded one, or its clip.

A track is named by its id and nothing else. Its files come from the catalogue, and none is served that does not lie in
an analysed folder when all symbolic links are followed, or that is not audio by its first bytes: who can write a link
or a text into the collection cannot have it read to the world. Where the whole track cannot be given, its clip is, and
is called a preview.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from essentialist.catalogue import sources
from essentialist.catalogue.roots import root_of
from essentialist.errors import Gone, Inaudible, Refused, Unplayable
from essentialist.files.sniff import HEAD_SIZE, has_audio_extension, is_audio
from essentialist.hearing import transcodes
from essentialist.hearing.browsers import Kind, kind_of
from essentialist.hearing.clips import MEDIA_TYPE, Clips, length_s

if TYPE_CHECKING:
    from essentialist.catalogue.catalog import Catalog
    from essentialist.catalogue.sources import Source
    from essentialist.hearing.transcodes import Transcodes
    from essentialist.track import AudioFile

Mode: TypeAlias = Literal["full", "clips", "none"]
"""What is heard: whole tracks, clips only, or nothing."""

NO_CLIP = "There is no clip of this track: make it with `essentialist clips`."


@dataclass(frozen=True, slots=True)
class Audible:
    """A file to serve: what it is, whether only a preview, and how long in s, where that is known."""

    path: Path
    media_type: str
    is_preview: bool
    duration: float | None


@dataclass(frozen=True, slots=True)
class Original:
    """A file of the collection that may be served: its real path, and what browsers take it for."""

    path: Path
    kind: Kind | None


class Hearing:
    """Gives what is to be served of the tracks of a catalogue; for any number of threads."""

    def __init__(self, catalog: Catalog, mode: Mode, kept: Transcodes) -> None:
        self.catalog = catalog
        self.mode = mode
        self.clips = Clips(catalog.path)
        self.transcodes = kept

    def audible(self, track_id: int, *, everywhere: bool = False) -> Audible:
        """What to serve of a track, `everywhere` in a form that every browser plays.

        It takes milliseconds, and seconds where something has to be transcoded for the first time.

        Raises UnknownTrack, Gone, Refused, Unplayable or Busy where there is nothing to serve.
        """
        if self.mode == "none":
            raise Refused("Nothing is played here.")
        source = sources.source(self.catalog, track_id)
        if self.mode == "clips":
            return self._preview(source, Gone(NO_CLIP), everywhere=everywhere)
        try:
            return self._whole(source, everywhere=everywhere)
        except Inaudible as error:
            return self._preview(source, error, everywhere=everywhere)

    def _whole(self, source: Source, *, everywhere: bool) -> Audible:
        original = first_original(source.files, sources.roots(self.catalog))
        kind = original.kind
        if kind is not None and (kind.everywhere or not everywhere):
            return Audible(original.path, kind.media_type, is_preview=False, duration=source.duration)
        path = self.transcodes.get(original.path, source.fingerprint)
        return Audible(path, transcodes.MEDIA_TYPE, is_preview=False, duration=source.duration)

    def _preview(self, source: Source, otherwise: Inaudible, *, everywhere: bool) -> Audible:
        """The clip; raises the error where there is none."""
        clip = self.clips.find(source.fingerprint)
        if clip is None:
            raise otherwise
        duration = length_s(clip)
        if not everywhere:
            return Audible(clip, MEDIA_TYPE, is_preview=True, duration=duration)
        path = self.transcodes.get(clip, source.fingerprint)
        return Audible(path, transcodes.MEDIA_TYPE, is_preview=True, duration=duration)


def first_original(files: tuple[AudioFile, ...], roots: tuple[bytes, ...]) -> Original:
    """The first file of a recording that may be served; raises why the first one may not, where none may."""
    why: Inaudible = Gone("The file of this track is not here.")
    for number, file in enumerate(files):
        try:
            return original(file.absolute, roots)
        except Inaudible as error:
            why = why if number else error
    raise why


def original(path: Path, roots: tuple[bytes, ...]) -> Original:
    """A file of the collection that may be served.

    Raises Gone where nothing is there, Refused for what lies outside of all roots, Unplayable for what is no audio.
    """
    real = within(path, roots)
    try:
        if not stat.S_ISREG(real.stat().st_mode):
            raise Refused("What is there now is no file.")
        with real.open("rb") as file:
            kind = kind_of(file)
            file.seek(0)
            if kind is None and not (is_audio(file.read(HEAD_SIZE)) or has_audio_extension(real.name)):
                raise Unplayable("What is there now is no audio.")
    except PermissionError as error:
        raise Refused("The file may not be read.") from error
    except OSError as error:
        raise Gone("The file of this track is not here.") from error
    return Original(real, kind)


def within(path: Path, roots: tuple[bytes, ...]) -> Path:
    """The real path of a file of the collection; Refused where it lies outside of all roots, Gone where it is not."""
    try:
        real = os.path.realpath(os.fsencode(path), strict=True)
    except (OSError, ValueError) as error:  # a ValueError for a null byte, which another's catalogue may hold
        raise Gone("The file of this track is not here.") from error
    if root_of(real, roots) is None:
        raise Refused("The file lies outside of the folders that were analysed.")
    return Path(os.fsdecode(real))
