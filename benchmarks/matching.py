"""How long a playlist of elsewhere takes to be matched to a collection: `python benchmarks/matching.py [CATALOG]`.

Without a catalogue one of 100,000 made-up tracks is written (see `synthetic.py`). A thousand of its tracks are named by
their paths, by their file names in another folder, and by their tags alone; each list is matched to a collection that
has been asked nothing before, as `essentialist import` does. Seconds are of the processor.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from synthetic import write

from essentialist.catalogue.catalog import Catalog
from essentialist.playlist_files.matching import Collection
from essentialist.playlist_files.reading import read_playlist

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from essentialist.track import Track

N_TRACKS = 100_000
N_ENTRIES = 1_000
NAMED: dict[str, Callable[[Track], str]] = {
    "path": lambda track: str(track.path),
    "name": lambda track: f"elsewhere/{track.path.name}",
    "tags": lambda track: f"elsewhere/{track.id:08}.mp3",
}


def listed(tracks: Sequence[Track], named: Callable[[Track], str]) -> str:
    """A playlist of the tracks, as another program wrote it."""
    lines = [
        f"#EXTINF:{round(track.duration or -1)},{track.artist} - {track.title}\n{named(track)}\n" for track in tracks
    ]
    return "#EXTM3U\n" + "".join(lines)


def measure(catalog: Path, folder: Path) -> None:
    """Print a line for each way of naming the tracks."""
    tracks = Catalog(catalog).tracks(distributions=False)
    chosen = tracks[:: max(1, len(tracks) // N_ENTRIES)][:N_ENTRIES]
    print(f"{len(tracks):,} tracks, {len(chosen):,} entries")
    for way, named in NAMED.items():
        file = folder / f"{way}.m3u8"
        file.write_text(listed(chosen, named), encoding="utf-8")
        start = time.process_time()
        matched = Collection(Catalog(catalog)).match(read_playlist(file))
        took = time.process_time() - start
        n_found = sum(each.track is not None for each in matched.matches)
        print(f"by {way}: {took:.2f} s, {n_found:,} found")


def main() -> None:
    """Measure with the catalogue that is named, or a made-up one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", nargs="?", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.catalog is None:
            made = Catalog.create(Path(folder) / "catalog.db")
            write(made, N_TRACKS, Path(folder) / "Music")
        measure(asked.catalog or made.path, Path(folder))


if __name__ == "__main__":
    main()
