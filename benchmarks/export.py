"""How long exports take, and how much memory: `python benchmarks/export.py`.

A playlist of 20,000 real (empty) files, written and checked in each path style and format; and tables of 100,000
tracks with twelve numbers, 50 tags and 12 styles each, made one after the other as a catalogue would give them.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from essentialist.descriptors import Descriptor
from essentialist.exports import export, export_table, exporters, tables
from essentialist.locations import PATH_STYLES, PathMapping
from essentialist.playlist import Playlist
from essentialist.spelling import Spelling
from essentialist.track import Track

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

N_LISTED = 20_000
N_ROWS = 100_000
NUMBERS = tuple(Descriptor(f"number_{each}", "Number", "number", "", None, "A number") for each in range(12))
KEY = Descriptor("key", "Key", "label", "", None, "A label")
TAGS = Descriptor("tags", "Tags", "distribution", "probability", None, "50 labels")
STYLES = Descriptor("styles", "Styles", "distribution", "probability", None, "12 labels")
DESCRIPTORS = (*NUMBERS, KEY, TAGS, STYLES)


def library(folder: Path) -> Playlist:
    """Albums of ten tracks; every tenth name is awkward."""
    tracks = []
    for number in range(N_LISTED):
        name = (
            f"Artist {number // 100}/Album {number // 10}/{number % 10:02d} track{'#' if number % 10 == 0 else ''}.mp3"
        )
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        tracks.append(Track(number + 1, path, f"Track {number}", f"Artist {number // 100}", duration=200.0))
    return Playlist("Everything", tuple(tracks))


def analysed() -> Iterator[Track]:
    """Tracks with made-up values."""
    numbers = random.Random(1)
    for number in range(N_ROWS):
        values = {each.name: numbers.random() for each in NUMBERS}
        tags = {f"tag {each}": numbers.random() for each in range(50)}
        styles = {f"Genre---Style {each}": numbers.random() for each in range(12)}
        path = Path(f"/music/Artist {number // 100}/Album {number // 10}/{number}.mp3")
        yield Track(
            number + 1,
            path,
            f"Track {number}",
            f"Artist {number // 100}",
            duration=numbers.uniform(60, 600),
            values={**values, "key": "C#", "tags": tags, "styles": styles},
        )


def timed(name: str, step: Callable[[], object], written: Path | None = None) -> None:
    """Print seconds, MB written and the peak of memory up to now."""
    started = time.perf_counter()
    step()
    seconds = time.perf_counter() - started
    size = written.stat().st_size / 1e6 if written else 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:36} {seconds:6.2f} s  {size:6.1f} MB  peak of memory so far {peak:4.0f} MB")


def main() -> None:
    """Run everything in a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        timed(f"{N_ROWS} tracks made, not written", lambda: sum(1 for _ in analysed()))
        for table in tables():
            path = folder / f"table{table.suffix}"
            timed(f"{N_ROWS} rows, {table.title}", partial(export_table, analysed(), path, DESCRIPTORS), path)
        playlist = library(folder)
        for style in PATH_STYLES:
            path = folder / f"{style}.m3u8"
            served = [PathMapping(name, "http://nas/music")] if style == "http" else []
            spelling = Spelling(style, mappings=served)
            timed(f"{N_LISTED} entries, {style}", partial(export, playlist, path, spelling=spelling), path)
        for exporter in exporters():
            path = folder / f"list{exporter.suffix}"
            timed(f"{N_LISTED} entries, {exporter.title}", partial(export, playlist, path), path)


if __name__ == "__main__":
    main()
