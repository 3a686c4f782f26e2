"""Fixtures of all tests: a small collection, analysed once a session by the command itself."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from command_line import Here, apart
from sounds import chord, clicks, stereo, write

if TYPE_CHECKING:
    from sounds import Samples

# How long an example takes depends on what else the machine does.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

pytest_plugins = ("pushed",)

RATE = 44_100
SECONDS = 8.0
A_MINOR = (57, 60, 64)
D_MAJOR = (62, 66, 69)


@dataclass(frozen=True, slots=True)
class Collection:
    """A music folder and its catalogue, for reading only. Six files can be played; one is a copy, one is damaged."""

    music: Path
    catalog: Path
    n_tracks: int = 6


def piece(bpm: float, notes: tuple[int, ...], *, level: float = 0.5) -> Samples:
    """A chord with a click on every beat, (n_samples, 2)."""
    return stereo((level * (clicks(bpm, SECONDS, RATE) + chord(notes, SECONDS, RATE)) / 2).astype(np.float32))


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """An analysed collection with nasty and plain names."""
    root = tmp_path_factory.mktemp("collection")
    music = root / "Music"
    tags = {"artist": "The Metronomes", "album": "Beats", "date": "1994"}
    write(music / "Beats" / "01 One.flac", piece(120, A_MINOR), RATE, tags={"title": "One", **tags})
    write(music / "Beats" / "02 Two.mp3", piece(100, D_MAJOR), RATE, tags={"title": "Two", **tags})
    write(music / "Beats" / "03 Three #3.ogg", piece(140, A_MINOR), RATE, tags={"title": "Three", **tags})
    write(music / "Élan" / "café 100%41.m4a", piece(90, D_MAJOR), RATE, tags={"title": "Café", "artist": "Élan"})
    write(music / "untagged.wav", piece(128, A_MINOR, level=0.9), RATE)
    with_bytes = Path(os.fsdecode(os.fsencode(music) + b"/na\xefve.flac"))
    write(root / "naive.flac", piece(80, D_MAJOR, level=0.2), RATE, tags={"title": "Naïve"}).rename(with_bytes)
    shutil.copy(music / "untagged.wav", music / "untagged copy.wav")
    (music / "damaged.flac").write_bytes(b"fLaC" + bytes(1000))
    catalog = root / "catalog.db"
    answer = apart("--catalog", str(catalog), "analyze", str(music), "--workers", "2")
    assert answer.code == 0, answer.err
    return Collection(music, catalog)


@pytest.fixture
def here(collection: Collection, capsys: pytest.CaptureFixture[str]) -> Here:
    """Commands on the collection, run in this process."""
    return Here(collection.catalog, capsys)
