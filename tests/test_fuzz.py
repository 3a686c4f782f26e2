"""Whatever the files are, the run ends, its ledger is complete, and nothing but the catalogue is touched.

Mutants of every format and files made to do harm go through `essentialist analyze` with two workers. `make fuzz` sends
2,000 mutants (SEED=… and N=… for others), prints what became of each kind, and the highest memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import malice
from essentialist.catalogue.catalog import Catalog
from mutants import Original, make_originals, mutants
from runs import Command, read
from sounds import sine, write

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

SEED, N = int(os.environ.get("SEED", "0")), int(os.environ.get("N", "2000"))
LOOK_EVERY_S = 0.2
MOST_MB = 600  # of one process, with the networks in it
LONG_AGO_NS = 10**18
FATES = ("analysed", "unchanged", "duplicates", "failed", "skipped")
DAMAGED = ("decode",)
HARMFUL = (*DAMAGED, "crash", "memory", "time-out")
"""Stages: what a file may do to FFmpeg is a row as well, but of a mutant that is always the same one wants to hear."""
REMEDIES = ("copy it again", "exclude", "--retry-failed", "run the analysis again", "scan the folder again")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run on a folder came to. `failures`: stage and reason by path; the peaks are of the resident memory."""

    ledger: Mapping[str, int]
    failures: Mapping[Path, tuple[str, str]]
    parent_mb: float
    worker_mb: float


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Original]:
    return make_originals(tmp_path_factory.mktemp("originals"))


def analysed(music: Path) -> Outcome:
    """Run the command to its end and look at what it left; the parent has to end well."""
    catalog, peaks = music.parent / "catalog.db", defaultdict[int, float](float)
    command = Command.start("analyze", music, "--workers", "2", "--json", "--catalog", catalog)
    parent = command.process.pid
    while True:
        try:
            out, err = command.process.communicate(timeout=LOOK_EVERY_S)
            break
        except subprocess.TimeoutExpired:
            for pid in (parent, *command.workers()):
                peaks[pid] = max(peaks[pid], peak_mb(pid))
    assert command.process.returncode == 0, err
    assert "Traceback" not in err
    ledger = json.loads(out)
    failures = {failure.path: (failure.stage, failure.reason) for failure in Catalog(catalog).failures()}
    parent_mb = peaks.pop(parent)
    return Outcome(ledger, failures, parent_mb, max(peaks.values()))


def peak_mb(pid: int) -> float:
    """The most that a process has held in memory so far."""
    words = read(Path(f"/proc/{pid}/status")).partition(b"VmHWM:")[2].split()
    return int(words[0]) / 1024 if words else 0.0


def check(outcome: Outcome, stages: Container[str] = DAMAGED) -> None:
    """What holds for any files."""
    ledger = outcome.ledger
    assert ledger["found"] == sum(ledger[fate] for fate in FATES)
    assert ledger["failed"] == len(outcome.failures)
    assert ledger["unchanged"] == ledger["skipped"] == 0
    for path, (stage, reason) in outcome.failures.items():
        assert stage in stages, (path, stage, reason)
        assert len(reason.splitlines()) == 1, path
        assert any(remedy in reason for remedy in REMEDIES), (path, reason)
    assert outcome.parent_mb < MOST_MB
    assert outcome.worker_mb < MOST_MB


def states(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of everything in a folder but the catalogue."""
    paths = (path for path in folder.rglob("*") if not path.name.startswith("catalog"))
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in paths if path.is_file()}


def breed(folder: Path, originals: list[Original], n: int, seed: int) -> Path:
    """Write mutants, in a folder for each mutation."""
    for mutant in mutants(originals, n, seed):
        path = folder / mutant.mutation / mutant.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mutant.content)
    return folder


def table(music: Path, outcome: Outcome) -> str:
    """What became of each kind of mutant, and the memory that it took."""
    written = Counter(path.parent.name for path in music.rglob("*") if path.is_file())
    failed = defaultdict[str, Counter[str]](Counter)
    for path, (stage, _) in outcome.failures.items():
        failed[path.parent.name][stage] += 1
    lines = [f"{'mutation':20} {'files':>6}  failed"]
    for kind, n_files in sorted(written.items()):
        stages = ", ".join(f"{stage} {n}" for stage, n in sorted(failed[kind].items()))
        lines.append(f"{kind:20} {n_files:6}  {stages}")
    counts = ", ".join(f"{fate} {outcome.ledger[fate]}" for fate in ("found", *FATES))
    lines.append(f"{counts}; peak memory: parent {outcome.parent_mb:.0f} MB, worker {outcome.worker_mb:.0f} MB")
    reasons = Counter(reason for _, reason in outcome.failures.values())
    return "\n".join([*lines, *(f"{n:6} {reason}" for reason, n in reasons.most_common())])


def test_a_hundred_and_fifty_mutants(tmp_path: Path, originals: list[Original]) -> None:
    music = breed(tmp_path / "music", originals, 150, seed=1)
    before = states(tmp_path)
    outcome = analysed(music)
    check(outcome)
    assert outcome.ledger["analysed"] > 30, "mutations that nothing survives show little"
    assert outcome.ledger["failed"] > 10, "mutations that harm nothing show little"
    assert states(tmp_path) == before


def test_files_made_to_do_harm(tmp_path: Path) -> None:
    """The pretenders name a file outside the folder; the time of its last reading tells that it was not read."""
    outside, control = (write(tmp_path / name, sine(440, 1, 44_100), 44_100) for name in ("outside.mp3", "control.mp3"))
    music = tmp_path / "music"
    malice.make(music)
    for path in (outside, control):
        os.utime(path, ns=(LONG_AGO_NS, path.stat().st_mtime_ns))
    before = states(tmp_path)
    outcome = analysed(music)
    check(outcome)
    titles = {track.path.name: track.title for track in Catalog(tmp_path / "catalog.db").tracks()}
    assert {titles[f"cover{suffix}"] for suffix in (".mp3", ".m4a", ".flac")} == {"Under a cover"}
    assert titles["inflated.mp3"] == "inflated"
    assert all("\x1b" not in title and "\u202e" not in title and len(title) <= 1000 for title in titles.values())
    assert states(tmp_path) == before
    control.read_bytes()
    if control.stat().st_atime_ns != LONG_AGO_NS:  # else this file system does not tell
        assert outside.stat().st_atime_ns == LONG_AGO_NS


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_mutants_by_the_thousand(tmp_path: Path, originals: list[Original], capsys: pytest.CaptureFixture[str]) -> None:
    music = breed(tmp_path / "music", originals, N, SEED)
    malice.make(music / "made to do harm", cover_mb=64, silent_hours=2)
    outcome = analysed(music)
    with capsys.disabled():
        sys.stdout.write(f"\nseed {SEED}, {N} mutants\n{table(music, outcome)}\n")
    check(outcome, HARMFUL)
