"""A catalogue whose texts do harm where a page takes them for more than text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.files.collection import walk
from essentialist.track import AudioFile, Tags
from made_up import extractors, heard, make_files

if TYPE_CHECKING:
    from pathlib import Path

TITLES = (
    '<img src=x onerror="window.harmed = 1">',
    "</script><script>window.harmed = 1</script>",
    "[a](javascript:window.harmed=1) ![b](https://example.org/b.png)",
    "$x$ :red[x] :material/close: **bold** `code` # head",
    "\u202eright to left\u2066 \U0001f3b5 e" + "\u0301" * 300,
    "long " * 60,
    "a\0b\x1b[2J\nc",
    "';--\" or 1=1",
)


def hostile_catalog(folder: Path) -> Path:
    """Make it; a track for each text, which is its title, artist, album and genre."""
    make_files(folder / "Music", {f"{number:02}.flac": title.encode() for number, title in enumerate(TITLES)})
    catalog = Catalog.create(folder / "catalog.db")
    files = sorted((each for each in walk(folder / "Music") if isinstance(each, AudioFile)), key=lambda each: each.path)
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        for file, title in zip(files, TITLES, strict=True):
            tags = Tags(title=title, artist=title, album=title, genre=title, year=1990)
            recorder.enter(file, replace(heard(file.absolute.read_bytes()), tags=tags))
    return catalog.path
