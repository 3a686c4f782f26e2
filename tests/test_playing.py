"""A real browser plays every format that people keep, and goes to any place in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import runs
import studios
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from made_up import enter_folder, extractors

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 4.0
PLAY = """
(address) => new Promise((resolve) => {
  const audio = new Audio(address);
  const told = (what) => resolve({what, duration: audio.duration, time: audio.currentTime});
  audio.onerror = () => told("error");
  audio.onloadedmetadata = () => { audio.currentTime = audio.duration * 0.8; };
  audio.onseeked = () => told("played");
})
"""


@studios.needs_chromium
def test_every_format_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESSENTIALIST_CACHE", str(tmp_path / "cache"))
    music = runs.make_music(tmp_path / "music", len(runs.SUFFIXES), SECONDS)
    catalog = Catalog.create(tmp_path / "catalog.db")
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        recorder.place(str(music))
        enter_folder(recorder, music)
    tracks = catalog.tracks()
    assert {track.path.suffix for track in tracks} == set(runs.SUFFIXES)
    with studios.served(catalog.path) as served, studios.chromium() as browser:
        page = browser.new_page()
        page.goto(f"{served.url}/_stcore/health")
        for address, n_converted in (("{}", 3), ("{}?everywhere", 5)):  # AIFF, WMA, WavPack; then also Ogg and WebM
            for track in tracks:
                found = page.evaluate(PLAY, f"{served.url}/api/audio/{address.format(track.id)}")
                assert found["what"] == "played", track.path.name
                assert found["duration"] == pytest.approx(SECONDS, abs=0.1), track.path.name
                assert found["time"] == pytest.approx(0.8 * SECONDS, abs=0.1), track.path.name
            assert len(list((tmp_path / "cache/transcodes").iterdir())) == n_converted
