"""Whoever looks on learns from the catalogue how far an analysis is."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from command_line import Here, apart
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.errors import CollectionError
from essentialist.runs import jobs
from essentialist.runs.jobs import SILENT_S, Job
from essentialist.runs.planning import Wanted
from essentialist.runs.progress import Progress
from essentialist.runs.runner import analyze
from essentialist.settings import Settings
from runs import Command, make_music

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.create(tmp_path / "catalog.db")


def latest(catalog: Catalog) -> Job:
    job = jobs.latest(catalog)
    assert job is not None
    return job


def test_without_an_analysis_there_is_no_job(catalog: Catalog) -> None:
    assert jobs.latest(catalog) is None


def test_an_analysis_under_way_shows_how_far_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    music = make_music(tmp_path / "music", 6, seconds=8.0)
    command = Command.start("--catalog", tmp_path / "catalog.db", "analyze", music, "--workers", "1")
    command.until(lambda: (tmp_path / "catalog.db").exists() and is_at_work(tmp_path / "catalog.db"))
    job = latest(Catalog(tmp_path / "catalog.db"))
    assert (job.host, job.pid, job.ledger) == (platform.node(), command.process.pid, {})
    assert job.progress.planned == 6
    command.end()
    job = latest(Catalog(tmp_path / "catalog.db"))
    assert not job.is_running
    assert job.ledger["analysed"] == 6
    here = Here(tmp_path / "catalog.db", capsys)
    assert "6 of 6 analysed" in here("status").out
    assert json.loads(here("status", "--json").out)["run"]["ledger"] == job.ledger


def is_at_work(path: Path) -> bool:
    job = jobs.latest(Catalog(path))
    return job is not None and job.is_running and job.progress.planned > 0


def test_one_that_was_killed_is_not_taken_for_running(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    music = make_music(tmp_path / "music", 6, seconds=8.0)
    command = Command.start("--catalog", tmp_path / "catalog.db", "analyze", music, "--workers", "1")
    command.until(lambda: (tmp_path / "catalog.db").exists() and is_at_work(tmp_path / "catalog.db"))
    os.kill(command.process.pid, signal.SIGSTOP)  # that it is still under way when it is looked at
    here = Here(tmp_path / "catalog.db", capsys)
    assert "under way: " in here("status").out
    assert json.loads(here("status", "--json").out)["run"]["running"] is True
    os.kill(command.process.pid, signal.SIGKILL)
    command.end()
    assert not latest(Catalog(tmp_path / "catalog.db")).is_running
    assert "was cut off" in here("status").out


def test_an_analysis_elsewhere_is_believed_while_it_gives_signs_of_life(catalog: Catalog) -> None:
    with Recorder(catalog) as recorder, recorder.run():
        here = latest(catalog)
        assert here.is_running
        assert replace(here, host="elsewhere", pid=1).is_running
        assert not replace(here, host="elsewhere", seen=here.seen - SILENT_S - 1).is_running
        assert not replace(here, finished=here.seen).is_running
        assert not replace(here, pid=dead_pid()).is_running


def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_an_analysis_that_ends_in_an_error_has_ended(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CollectionError):
        analyze(catalog, Wanted((tmp_path / "empty",)), Settings(catalog.path, 1))
    job = latest(catalog)
    assert not job.is_running
    assert job.finished is not None
    assert job.ledger == {}
    assert "ended in an error" in apart("--catalog", str(catalog.path), "status").out


def test_names_that_are_no_text_are_written_all_the_same(catalog: Catalog) -> None:
    with Recorder(catalog) as recorder, recorder.run() as run_id:
        recorder.note_progress(run_id, Progress(planned=2, done=1, share=0.5, now=("na\ufffdve.flac",)))
        assert latest(catalog).progress == Progress(planned=2, done=1, share=0.5, now=("na\ufffdve.flac",))
