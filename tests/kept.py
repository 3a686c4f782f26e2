"""Made-up collections for recipes and history: files that are there, with artists, albums and values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.files.collection import walk
from essentialist.library import Library
from essentialist.track import AudioFile, Tags
from made_up import extractors, heard, make_files

if TYPE_CHECKING:
    from pathlib import Path

N_ARTISTS = 10


def library(folder: Path, n_tracks: int = 60, name: str = "catalog.db") -> Library:
    """A collection in a folder: "Title 7" by "Artist 7", three to an album, each with values of its own."""
    sounds = {f"{number:03}.flac": b"sound %03d" % number for number in range(n_tracks)}
    add(folder / name, make_files(folder / "music", sounds))
    return Library(Catalog(folder / name))


def add(catalog: Path, music: Path) -> None:
    """Enter all files of a folder whose names are numbers."""
    with Recorder(Catalog.create(catalog)) as recorder:
        recorder.learn(extractors())
        recorder.place(str(music))
        for file in sorted(walk(music), key=lambda entry: entry.path):
            if isinstance(file, AudioFile):
                number = int(file.absolute.stem)
                tags = Tags(f"Title {number}", f"Artist {number % N_ARTISTS}", album=f"Album {number // 3}")
                recorder.enter(file, replace(heard(file.absolute.read_bytes()), tags=tags))
