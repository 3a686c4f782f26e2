"""How long the studio takes to make a draft, by each way, with the library held as the studio holds it.

    python benchmarks/building.py [CATALOG] [--tracks N] [--repeat N]

Without a catalogue, one of made-up tracks (`synthetic.py`). Processor time, the least of some repeats, and the memory
of the process: the columns, the embeddings and the tracks, without Streamlit.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import synthetic

from essentialist.catalogue.catalog import Catalog
from essentialist.library import Library
from essentialist.playlists import Seed
from essentialist.playlists.filter import Filter
from essentialist.playlists.flow import Flow
from essentialist.playlists.path import Path as Between
from essentialist.playlists.similar import Similar
from essentialist.recipes.recipe import Recipe
from essentialist.web.views.drafts import Draft
from essentialist.web.views.generating import generated


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalog", nargs="?", type=Path)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        catalog = asked.catalog or Path(folder, "catalog.db")
        if asked.catalog is None:
            synthetic.write(Catalog.create(catalog), asked.tracks, Path(folder, "Music"))
        measure(Library.open(catalog), asked.repeat)
    return 0


def measure(library: Library, n_repeats: int) -> None:
    """Make drafts of 25 tracks in each way, of all tracks and of a part."""
    began = time.process_time()
    library.hold()
    library.candidates("", Filter())
    print(f"| hold columns and tracks | {time.process_time() - began:.2f} s |")
    one, other = library.tracks(limit=2)
    ways = {
        "by chance": Filter(),
        "the most of a field": Filter("-bpm"),
        "like two tracks": Similar((Seed(one), Seed(other))),
        "flow": Flow(one),
        "path": Between(one, other),
    }
    for query in ("", "bpm:90..120 -tag:metal"):
        for name, choose in ways.items():
            took = min(timed(library, Recipe(query=query, choose=choose)) for _ in range(n_repeats))
            print(f"| {name}{', of a query' if query else ''} | {took:.2f} s |")
    print(f"| memory | {resident_megabytes():.0f} MB |")


def timed(library: Library, recipe: Recipe) -> float:
    """Processor time in s of one draft."""
    began = time.process_time()
    generated(Draft(), recipe, library, has_files=False)
    return time.process_time() - began


def resident_megabytes() -> float:
    """The memory that the process has now, on Linux."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    sys.exit(main())
