"""How long things take with a large collection: whole processes, and warm calls in one that stays.

    python benchmarks/big.py [--tracks N] [--repeat N] [--keep FOLDER] [--json]

The collection is made up by `synthetic.py`; with `--keep` it is made once in that folder and used again. Each command
is run in a process of its own, from start to exit: median of the wall times, and the largest memory (never less than
what this process has, about 90 MB). A table is printed, or with `--json` one document.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import synthetic

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.embeddings import EMBEDDING
from essentialist.choosing.wishes import Length, Wishes
from essentialist.library import Library, similar_to

if TYPE_CHECKING:
    from collections.abc import Callable

QUERY = "bpm:120..124 key:8A tag:rock>0.1"
ONCE = ("analyze", "export", "duplicates")  # commands that take long enough to be measured once


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of wall time, the median, and of processor time, the least; megabytes at most, of a process."""

    what: str
    seconds: float
    cpu_seconds: float
    megabytes: float | None = None


def whole(catalog: Path, *arguments: str | Path, repeat: int) -> Timing:
    """Run a command in a process of its own, as often as that."""
    command = [sys.executable, "-m", "essentialist", "--catalog", str(catalog), *map(str, arguments)]
    walls, cpus, sizes = [], [], []
    for _ in range(1 if arguments[0] in ONCE else repeat):
        start = time.perf_counter()
        nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_DUP2, 1, 2)]
        pid = os.posix_spawn(sys.executable, command, os.environ, file_actions=nowhere)
        _, status, usage = os.wait4(pid, 0)
        walls.append(time.perf_counter() - start)
        if status:
            raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
        cpus.append(usage.ru_utime + usage.ru_stime)
        sizes.append(usage.ru_maxrss / 1024)
    shown = " ".join(str(each) for each in arguments if not isinstance(each, Path))
    return Timing(f"essentialist {shown}", statistics.median(walls), min(cpus), max(sizes))


def warm(what: str, call: Callable[[], object], *, repeat: int) -> Timing:
    """Call something in this process; the first call, which may read much, does not count."""
    call()
    walls, cpus = [], []
    for _ in range(repeat):
        start, cpu = time.perf_counter(), time.process_time()
        call()
        walls.append(time.perf_counter() - start)
        cpus.append(time.process_time() - cpu)
    return Timing(f"warm: {what}", statistics.median(walls), min(cpus))


def measure(catalog: Path, music: Path, repeat: int) -> list[Timing]:
    """All figures."""
    middle = str(len(Catalog(catalog).ids()) // 2)
    with tempfile.TemporaryDirectory() as folder:
        commands: list[tuple[str | Path, ...]] = [
            ("--help",),
            ("status",),
            ("tracks", "--limit", "20"),
            ("tracks", QUERY, "--limit", "20"),
            ("tracks", "--sort", "bpm", "--limit", "20"),
            ("similar", middle),
            ("playlist", "--length", "25"),
            ("playlist", "--like", middle, "--length", "25"),
            ("playlist", "year:1990..1999", "--by", "-arousal"),
            ("analyze", music, "--json"),
            ("duplicates", "--likely"),
            *(("export", Path(folder, f"all{suffix}")) for suffix in (".csv", ".jsonl")),
        ]
        timings = [whole(catalog, *command, repeat=repeat) for command in commands]
    library, wishes = Library(Catalog(catalog)), Wishes(Length(tracks=25))
    seed = library.track(int(middle))
    calls: dict[str, Callable[[], object]] = {
        "ids of a query": lambda: library.catalog.ids(library.clause(QUERY)),
        "100 tracks of a query": lambda: library.tracks(QUERY, limit=100),
        "embeddings in memory": lambda: library.catalog.embeddings(EMBEDDING),
        "similar, 10 tracks": lambda: library.similar(seed),
        "playlist, 25 like one": lambda: library.playlist(choose=similar_to(seed), wishes=wishes),
    }
    return timings + [warm(what, call, repeat=repeat) for what, call in calls.items()]


def main() -> None:
    """Make the collection, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="where to make the collection, or find it again")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = (options.keep or Path(folder)).absolute()
        catalog, music = place / f"{options.tracks}.db", place / f"music-{options.tracks}"
        if not catalog.exists():
            place.mkdir(parents=True, exist_ok=True)
            synthetic.write(Catalog.create(catalog), options.tracks, music, files=True)
        megabytes = catalog.stat().st_size / 1e6
        timings = measure(catalog, music, options.repeat)
    if options.json:
        document = {"tracks": options.tracks, "megabytes": megabytes, "timings": [asdict(each) for each in timings]}
        print(json.dumps(document, indent=2))
        return
    print(f"{options.tracks:,} tracks, {megabytes:,.0f} MB; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for each in timings:
        memory = "" if each.megabytes is None else f"{each.megabytes:6,.0f} MB"
        print(f"{each.seconds:9.3f} s {each.cpu_seconds:9.3f} s cpu {memory:>9}  {each.what}")


if __name__ == "__main__":
    main()
