"""What `benchmark` measures is the code of a run, and it leaves the user's catalogue alone."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import Here, apart
from essentialist.catalogue.catalog import Catalog
from essentialist.cli.benchmark import print_runs, print_stages
from essentialist.descriptors import usable
from essentialist.errors import NoAudio
from essentialist.models import installed
from essentialist.runs.benchmarking import Run, peak_bytes, sample, worker_counts
from essentialist.runs.planning import Wanted
from essentialist.runs.stages import REST, STEPS, StageTimes, Stopwatch, stage_times
from essentialist.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from conftest import Collection


class Clock:
    """A clock that only goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_time_in_an_inner_stage_is_not_the_outer_ones() -> None:
    clock = Clock()

    def work(name: str, seconds: float) -> None:
        clock.now += seconds

    def blocks() -> Iterator[int]:
        for index in range(3):
            clock.now += 10
            yield index

    def outer() -> None:
        clock.now += 1
        for _ in blocks():
            work("network", 100)
        clock.now += 2

    def named(frame: FrameType) -> str:
        return str(frame.f_locals["name"])

    with Stopwatch({outer.__code__: "outer", blocks.__code__: "decode", work.__code__: named}, clock) as watch:
        outer()
        clock.now += 0.5
    assert watch.seconds == {"outer": 3, "decode": 30, "network": 300, REST: 0.5}


def test_a_stage_that_fails_or_is_given_up_has_ended() -> None:
    clock = Clock()

    def fails() -> None:
        clock.now += 1
        raise ValueError("no")

    def given_up() -> Iterator[int]:
        clock.now += 2
        yield 1
        clock.now += 4

    with Stopwatch({fails.__code__: "fails", given_up.__code__: "given up"}, clock) as watch:
        with pytest.raises(ValueError, match="no"):
            fails()
        started = given_up()
        next(started)
        del started
        clock.now += 8
    assert watch.seconds == {"fails": 1, "given up": 2, REST: 8}


@pytest.mark.parametrize("profile", ["balanced", "full"])
def test_every_stage_of_a_run_is_timed_and_its_work_entered(
    collection: Collection, tmp_path: Path, profile: str
) -> None:
    catalog = Catalog.create(tmp_path / "catalog.db")
    times = stage_times(catalog, Wanted((collection.music / "Beats",)), read_settings({"profile": profile}))
    assert times.n_tracks == len(catalog.tracks()) == 3
    extractors = usable(installed())
    expected = {name for name, _ in STEPS} | {f"extractor {each.name}" for each in extractors}
    assert {*times.seconds} >= expected | {"network msd-musicnn-1", REST}
    assert all(seconds > 0 for seconds in times.seconds.values())
    assert list(times.seconds)[-2:] == ["commit", REST]
    assert times.a_track()["decode"] == times.seconds["decode"] / 3


def test_a_sample_is_spread_over_the_folder_and_always_the_same(tmp_path: Path) -> None:
    for index in range(10):
        (tmp_path / f"{index} [live].mp3").write_bytes(b"\xff\xfb\x90\x00" * 100)
    chosen = sample(tmp_path, 5)
    assert chosen == sample(tmp_path, 5)
    assert chosen.n_files == 10
    assert chosen.wanted.selection.include == tuple(f"/{index} [live].mp3" for index in (0, 2, 4, 6, 8))
    assert len(sample(tmp_path, 100).wanted.selection.include) == 10


def test_a_folder_without_music_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoAudio, match="no audio"):
        sample(tmp_path, 5)


@given(st.integers(1, 200))
def test_workers_are_doubled_up_to_the_most(most: int) -> None:
    counts = worker_counts(most)
    assert counts[0] == 1
    assert counts[-1] == most
    assert all(after <= 2 * before for before, after in pairwise(counts))


def test_the_command_measures_and_leaves_the_catalogue_alone(collection: Collection, tmp_path: Path) -> None:
    own = tmp_path / "own.db"
    answer = apart(
        "benchmark", str(collection.music / "Beats"), "--tracks=2", "--workers=1", "--json", "--catalog", str(own)
    )
    assert answer.code == 0, answer.err
    document = json.loads(answer.out)
    assert (document["files"], document["tracks"], document["profile"]) == (3, 2, "balanced")
    assert document["duration"] == pytest.approx(16, abs=1)
    (run,) = document["runs"]
    assert (run["workers"], run["n_tracks"], run["n_failed"]) == (1, 2, 0)
    assert run["tracks_an_hour"] == pytest.approx(2 / run["seconds"] * 3600)
    assert sum(document["seconds_a_track"].values()) > 0
    assert run["worker_bytes"] > run["parent_bytes"] > 10 << 20
    assert not own.exists()


def test_a_folder_with_nothing_to_hear_ends_with_one_line(collection: Collection, tmp_path: Path) -> None:
    shutil.copy(collection.music / "damaged.flac", tmp_path)
    answer = apart("benchmark", str(tmp_path), "--workers", "1")
    assert answer.code == 1
    assert answer.err.splitlines()[-1].startswith("essentialist: None of these files can be listened to")
    assert "Traceback" not in answer.err


def test_a_folder_that_is_not_there_ends_with_one_line(here: Here, tmp_path: Path) -> None:
    answer = here("benchmark", str(tmp_path / "nowhere"))
    assert answer.code == 1
    assert answer.err.count("\n") == 1


def test_tables_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    print_stages(StageTimes({"decode": 3.0, REST: 1.0}, 2))
    print_runs([Run(2, 10, 0, 300.0, 5.0, 9.0, 80 << 20, 300 << 20)])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["decode", "1.5000", "75.0%"] in lines
    assert ["in", "all", "2.0000"] in lines
    assert lines[-1] == ["2", "5.0", "0.500", "7,200", "60", "80", "MiB", "300", "MiB"]


def test_memory_is_this_process_own() -> None:
    before = peak_bytes()
    held = bytearray(before)  # zeros that are not touched take no memory
    held[:] = b"\1" * len(held)
    assert peak_bytes() > 1.5 * before
