"""A run on a Dask cluster: a real scheduler, real workers, one of them killed on the way."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

import sounds
import untrained
from clusters import Cluster, cluster
from essentialist import models
from essentialist.catalogue.catalog import Catalog
from essentialist.errors import CrewError
from essentialist.tasks import Task
from essentialist.track import AudioFile
from runs import Command, added, analyze, contents, make_music, n_tracks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytest.importorskip("distributed", reason="the extra `dask` is not installed")
from essentialist.crews._on_dask_worker import check_fitness, expectations

N_TRACKS = 9
N_COPIES = 1
N_BROKEN = 1
NAME = os.fsdecode(b"caf\xe9.flac")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The music, as the workers see it."""
    folder = make_music(tmp_path_factory.mktemp("there") / "music", N_TRACKS)
    shutil.copy(folder / "00.flac", folder / "sub" / "copy.flac")
    (folder / "00.flac").rename(folder / NAME)
    (folder / "broken.mp3").write_bytes(b"no sound at all")
    return folder


@pytest.fixture(scope="module")
def here(there: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files as this machine sees them, but nothing is in them: who listens here hears nothing."""
    folder = tmp_path_factory.mktemp("here") / "music"
    for path in (path for path in there.rglob("*") if path.is_file()):
        hollow = folder / path.relative_to(there)
        hollow.parent.mkdir(parents=True, exist_ok=True)
        hollow.touch()
        os.truncate(hollow, path.stat().st_size)
        os.utime(hollow, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    return folder


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    with cluster(tmp_path, "first", "second") as made:
        yield made


def start(catalog: Path, dask: Cluster, *arguments: str | Path) -> Command:
    return Command.start("analyze", *arguments, "--dask", dask.address, "--json", "--catalog", catalog)


def ended(command: Command, code: int = 0) -> dict[str, Any]:
    """The ledger of a command that ends with this code, and without a word of Dask's."""
    found, out, err = command.end()
    assert found == code, err
    assert not any(word in err for word in ("Traceback", "distributed", "Warning")), err
    ledger = json.loads(out)
    assert isinstance(ledger, dict)
    return ledger


def heard(catalog: Path) -> list[list[dict[str, object]]]:
    """What a catalogue holds, but for the root's path and which copy came first."""
    return [
        [{name: row[name] for name in row if name not in ("path", "track.file_id = file.id")} for row in rows]
        for rows in contents(catalog)
    ]


def test_workers_listen_under_another_root_and_one_that_is_killed_costs_nothing(
    here: Path, there: Path, dask: Cluster, tmp_path: Path
) -> None:
    catalog, local = tmp_path / "catalog.db", tmp_path / "local.db"
    command = start(catalog, dask, here, "--map-root", f"{here}={there}")
    command.until(lambda: n_tracks(catalog) >= 2)
    dask.kill("first")
    ledger = ended(command)
    counts = {name: ledger[name] for name in ("analysed", "duplicates", "failed", "skipped")}
    assert counts == {"analysed": N_TRACKS, "duplicates": N_COPIES, "failed": N_BROKEN, "skipped": 0}
    analyze(local, there)
    assert heard(catalog) == heard(local)

    again = ended(start(catalog, dask, here, "--map-root", f"{here}={there}", "--retry-failed"))
    assert (again["unchanged"], again["duplicates"], again["failed"]) == (N_TRACKS, N_COPIES, N_BROKEN)
    (here / "01.mp3").rename(here / "moved.mp3")
    (there / "01.mp3").rename(there / "moved.mp3")
    entered = added(catalog)
    moved = ended(start(catalog, dask, here, "--map-root", f"{here}={there}"))
    (here / "moved.mp3").rename(here / "01.mp3")
    (there / "moved.mp3").rename(there / "01.mp3")
    assert (moved["unchanged"], moved["analysed"]) == (N_TRACKS, 0)
    assert added(catalog) == entered

    code, out, err = start(tmp_path / "wrong.db", dask, here, "--map-root", f"{here}={tmp_path}/nowhere").end()
    assert (code, out) == (1, "")
    line = err.splitlines()[-1]
    assert f"does not see {here}" in line
    assert "--map-root HERE=THERE" in line


def test_a_scheduler_that_is_started_again_costs_what_was_in_work(there: Path, dask: Cluster, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.db"
    command = start(catalog, dask, there)
    command.until(lambda: n_tracks(catalog) >= 2)
    for name in ("scheduler", "first", "second"):
        dask.kill(name)
    finished = added(catalog)
    dask.start_scheduler()
    dask.start_worker("third", threads=2)
    assert ended(command)["analysed"] == N_TRACKS
    assert finished.items() <= added(catalog).items()


def test_a_file_whose_workers_are_lost_too_often_is_a_failure(tmp_path: Path) -> None:
    music, catalog = make_music(tmp_path / "music", 3), tmp_path / "catalog.db"
    long = sounds.write(music / "long.wav", sounds.noise(1500.0, 8_000), 8_000)
    with cluster(tmp_path, "first", "second", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as dask:
        command = start(catalog, dask, music)
        readers: list[str] = []

        def is_read() -> bool:
            readers[:] = dask.workers_reading(long)
            return bool(readers)

        command.until(is_read)
        dask.kill(readers[0])
        ledger = ended(command)
    assert (ledger["analysed"], ledger["failed"]) == (3, 1)
    (failure,) = Catalog(catalog).failures()
    assert (failure.path, failure.stage, failure.attempts) == (long, "crash", 1)


def test_a_worker_that_would_compute_something_else_is_refused(tmp_path: Path) -> None:
    task = Task(AudioFile(str(tmp_path), "a.flac", 0, 0), None, "balanced")
    expected = expectations(task)
    check_fitness(task, expected, "tcp://a:1")
    with pytest.raises(
        CrewError, match=r'The Dask worker tcp://a:1 computes tempo as ".*", not "an older one": install'
    ):
        check_fitness(task, {**expected, "tempo": "an older one"}, "tcp://a:1")


def test_a_cluster_that_goes_away_for_good_ends_the_run_with_a_line(there: Path, dask: Cluster, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.db"
    command = start(catalog, dask, there)
    command.until(lambda: n_tracks(catalog) >= 1)
    for name in tuple(dask.processes):
        dask.kill(name)
    code, out, err = command.end()
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    assert err.splitlines()[-1].endswith("What was finished is kept, and the same command goes on from here.")
    finished = added(catalog)
    assert analyze(catalog, there)["analysed"] == N_TRACKS - len(finished)
    assert finished.items() <= added(catalog).items()


def test_a_model_that_workers_lack_is_a_line_and_not_another_analysis(
    there: Path, dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = models.head("voice_instrumental-msd-musicnn-1")
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(tmp_path / "models"))
    put(head.name, tmp_path / "models")
    code, out, err = start(tmp_path / "catalog.db", dask, there).end()
    assert (code, out) == (1, "")
    line = err.splitlines()[-1]
    assert f"has no {head.name}: run `essentialist models pull {head.name}`" in line
    assert n_tracks(tmp_path / "catalog.db") == 0


def put(name: str, folder: Path) -> None:
    """Install an untrained head by its name, on this side only."""
    path = untrained.put(folder, name, untrained.head(200, 2), untrained.card(("instrumental", "voice")))
    path.with_suffix(".sha256").write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
