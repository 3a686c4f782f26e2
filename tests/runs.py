"""Real runs for tests: a small collection of sounds, the command in a process of its own, and catalogues compared."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import sounds
from essentialist.catalogue.catalog import Catalog
from essentialist.runs.observing import Observer
from essentialist.runs.planning import Plan, Wanted
from essentialist.runs.runner import analyze as run_through
from essentialist.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from essentialist.runs.ledger import Fate, Ledger
    from essentialist.tasks import Task

DEADLINE_S = 120.0
PROGRAM = (sys.executable, "-m", "essentialist")
SUFFIXES = (".flac", ".mp3", ".opus", ".m4a", ".wav", ".aiff", ".wma", ".wv", ".webm")


def make_music(folder: Path, n_tracks: int, seconds: float = 4.0) -> Path:
    """Write pieces of different tempo, pitch and format, a third of them in a sub-folder; the folder."""
    for index in range(n_tracks):
        beat = sounds.clicks(80 + 9 * index, seconds, 44_100)
        piece = np.clip(beat + 0.5 * sounds.chord((48 + index, 52 + index), seconds), -1, 1)
        name = f"{index:02}{SUFFIXES[index % len(SUFFIXES)]}"
        tags = {"title": f"Piece {index}", "artist": "Tests"}
        sounds.write(folder / ("sub/" * (index % 3 == 2)) / name, sounds.stereo(piece), 44_100, tags=tags)
    return folder


@dataclass
class Command:
    """A command of essentialist in a process, and in a process group, of its own."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, *arguments: str | Path, program: Sequence[str] = PROGRAM) -> Command:
        """Begin it."""
        return cls(
            subprocess.Popen(
                [*program, *map(str, arguments)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                preexec_fn=heed_ctrl_c,
            )
        )

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; it has to be before the command ends."""
        deadline = time.monotonic() + DEADLINE_S
        while not is_so():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def workers(self) -> list[int]:
        """The ids of its worker processes."""
        return [
            pid
            for pid in processes()
            if parent_of(pid) == self.process.pid and b"spawn_main" in read(Path(f"/proc/{pid}/cmdline"))
        ]

    def end(self) -> tuple[int, str, str]:
        """Wait for its end: exit code, stdout, stderr."""
        out, err = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, out, err


def heed_ctrl_c() -> None:
    """A test run in the background ignores Ctrl-C, and so would its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def analyze(catalog: Path, *arguments: str | Path) -> dict[str, Any]:
    """Run `analyze` to its end, which has to be a good one; its ledger."""
    code, out, err = Command.start("analyze", *arguments, "--workers", "2", "--json", "--catalog", catalog).end()
    assert code == 0, err
    ledger = json.loads(out)
    assert isinstance(ledger, dict)
    return ledger


def processes() -> Iterator[int]:
    """The ids of all processes."""
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())


def parent_of(pid: int) -> int | None:
    """The parent of a process; None when it has ended."""
    stat = read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()
    return int(stat[1]) if stat and stat[0] != b"Z" else None


def read(path: Path) -> bytes:
    """A file of /proc; nothing when the process has ended."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def n_tracks(catalog: Path) -> int:
    """How many recordings are entered; 0 while there is no catalogue."""
    if not catalog.exists():
        return 0
    with Catalog(catalog).connected() as db:
        return int(db.execute("SELECT count(*) FROM track").fetchone()[0])


def added(catalog: Path) -> dict[bytes, float]:
    """When each recording was entered, by fingerprint."""
    with Catalog(catalog).connected() as db:
        return dict(tuple(row) for row in db.execute("SELECT fingerprint, added FROM track"))


CONTENTS = (
    "SELECT descriptor.* FROM descriptor ORDER BY name",
    "SELECT root.path FROM root ORDER BY path",
    "SELECT root.path, file.path, size, mtime_ns, missing, title, artist, album_artist, album, track_number, year,"
    " genre, tag_bpm, tag_key, search, fingerprint, duration, waveform, track.file_id = file.id"
    " FROM file JOIN root ON root.id = root_id JOIN track ON track.id = track_id ORDER BY 1, 2",
    "SELECT fingerprint, measurement.* FROM measurement JOIN track ON track.id = track_id ORDER BY 1",
    "SELECT fingerprint, descriptor, name, value FROM probability JOIN label ON label.id = label_id"
    " JOIN track ON track.id = track_id ORDER BY 1, 2, 3",
    "SELECT fingerprint, model, vector FROM embedding JOIN track ON track.id = track_id ORDER BY 1, 2",
    "SELECT fingerprint, extractor, provenance, failure FROM computed JOIN track ON track.id = track_id ORDER BY 1, 2",
    "SELECT root.path, failure.path, stage, reason, size, mtime_ns, attempts FROM failure"
    " JOIN root ON root.id = root_id ORDER BY 1, 2",
)


def contents(catalog: Path) -> list[list[dict[str, object]]]:
    """All that a catalogue holds but ids and times."""
    with Catalog(catalog).connected() as db:
        tables = [[dict(row) for row in db.execute(query)] for query in CONTENTS]
    return [[{name: row[name] for name in row if name != "track_id"} for row in rows] for rows in tables]


class Witness(Observer):
    """Remembers what a run told."""

    def __init__(self) -> None:
        self.n_planned = 0
        self.fates: dict[str, tuple[str, str]] = {}

    def planned(self, plan: Plan) -> None:
        """Keep how many files were to be listened to."""
        self.n_planned = len(plan.tasks)

    def finished(self, task: Task, fate: Fate, reason: str) -> None:
        """Keep what became of a file."""
        self.fates[task.file.path] = fate, reason


class Collection:
    """Music, its catalogue, and what the latest run told."""

    def __init__(self, folder: Path) -> None:
        self.music = folder / "music"
        self.settings = Settings(folder / "catalog.db", 2)
        self.catalog = Catalog.create(self.settings.catalog)
        self.witness = Witness()

    def analyse(self, *, retry: bool = False) -> Ledger:
        """Run, and check that the ledger adds up."""
        self.witness = Witness()
        ledger = run_through(self.catalog, Wanted((self.music,), retry=retry), self.settings, self.witness)
        assert len(self.witness.fates) == self.witness.n_planned
        row = ledger.as_row()
        assert ledger.found == sum(row[fate] for fate in ("analysed", "unchanged", "duplicates", "failed", "skipped"))
        status = self.catalog.status()
        assert status.found == sum(
            (status.analysed, status.unchanged, status.duplicates, status.failed, status.skipped)
        )
        return ledger

    def titles(self) -> dict[str, str]:
        """Path -> title of what is listed."""
        return {os.path.relpath(track.path, self.music): track.title for track in self.catalog.tracks()}


def fates(ledger: Ledger) -> dict[str, float]:
    """The counts of a ledger that are not zero."""
    return {name: n for name, n in ledger.as_row().items() if n and name not in ("found", "seconds")}
