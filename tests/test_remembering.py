"""Heads and networks that arrive after the analysis: what they say is computed once, from what was kept."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

import sounds
import untrained
from command_line import apart
from essentialist import Library, models
from essentialist.catalogue.patch_store import KeptPatches, PatchStore
from essentialist.models.discogs_effnet import MODEL as EFFNET
from essentialist.models.mood_happy import HEAD as HAPPY
from essentialist.models.mood_party import HEAD as PARTY
from essentialist.models.voice_instrumental_musicnn import HEAD as VOICE
from essentialist.recording import Recording
from essentialist.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from essentialist.runs.ledger import Ledger

N_TRACKS = 2
STYLES = tuple(f"{genre}---{style}" for genre in ("Electronic", "Rock") for style in (f"Style {n}" for n in range(200)))


class Analysed:
    """A small collection that was analysed before any head was there."""

    def __init__(self, folder: Path) -> None:
        self.music = folder / "music"
        for index in range(N_TRACKS):
            piece = 0.5 * (sounds.clicks(100 + 20 * index, 8, 44_100) + sounds.chord((57 + index, 60, 64), 8))
            sounds.write(self.music / f"{index}.flac", piece.astype(np.float32), 44_100)
        self.catalog = folder / "catalog.db"
        self.library = Library.open(self.catalog)
        self.analyze()

    def analyze(self, **chosen: str) -> Ledger:
        settings = Settings(self.catalog, workers=1, **chosen)  # type: ignore[arg-type]
        return self.library.analyze(self.music, settings=settings)

    def make_unreadable(self) -> None:
        """Put noise in the place of every file, with its size and time: opening it could only fail."""
        for path in self.music.iterdir():
            status = path.stat()
            path.write_bytes(os.urandom(status.st_size))
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.fixture
def analysed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Analysed:
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(tmp_path / "models"))
    return Analysed(tmp_path)


def install(entry: models.Model | models.Head, graph: bytes, card: bytes) -> None:
    untrained.put(models.folder(), entry.name, graph, card)
    entry.weights.record.write_text(f"{hashlib.sha256(graph).hexdigest()}  {entry.name}.onnx\n")


def install_voice() -> None:
    install(VOICE, untrained.head(200, 2), untrained.card(["instrumental", "voice"]))


def test_a_head_that_comes_later_is_computed_without_opening_a_file(analysed: Analysed) -> None:
    before = analysed.library.tracks()
    install_voice()
    expected = [Recording(track.path).head(VOICE.name) for track in before]
    analysed.make_unreadable()
    done = apart(
        "--catalog", str(analysed.catalog), "analyze", str(analysed.music), ESSENTIALIST_MODELS=str(models.folder())
    )
    assert f"{N_TRACKS} files to complete from kept patches. Ctrl-C stops" in done.err
    assert f"{N_TRACKS} found: {N_TRACKS} analysed" in done.out + done.err
    for old, new, means in zip(before, analysed.library.tracks(), expected, strict=True):
        assert new.number("voice") == pytest.approx(means["voice"], abs=2e-3)
        assert new.number("voice") != old.number("voice")
        assert new.number("bpm") == old.number("bpm")
    assert not next(each for each in analysed.library.descriptors() if each.name == "voice").estimate
    assert analysed.analyze().unchanged == N_TRACKS


def test_without_kept_patches_the_files_are_listened_to_again(analysed: Analysed) -> None:
    analysed.catalog.with_suffix(".patches.db").unlink()
    install_voice()
    assert analysed.analyze().analysed == N_TRACKS
    analysed.catalog.with_suffix(".patches.db").unlink()
    analysed.make_unreadable()
    VOICE.weights.path.unlink()
    ledger = analysed.analyze()  # back to the estimate, which needs audio, and there is none
    assert (ledger.failed, ledger.found) == (N_TRACKS, N_TRACKS)


def test_patches_of_the_balanced_profile_do_not_serve_the_full_one(analysed: Analysed) -> None:
    analysed.make_unreadable()
    install_voice()
    assert analysed.analyze(profile="full").failed == N_TRACKS


def test_a_network_that_comes_later_listens_once_and_its_styles_can_be_asked_for(analysed: Analysed) -> None:
    install(EFFNET, untrained.effnet(), untrained.card(STYLES, "activations"))
    assert analysed.analyze().analysed == N_TRACKS
    track = analysed.library.tracks()[0]
    styles = track.distribution("styles")
    probable = max(styles, key=lambda style: styles[style])
    genre, style = probable.split("---")
    assert track in analysed.library.tracks(f'style:"{style}">0.01')
    assert track in analysed.library.tracks(f"style:{genre.lower()}>0.01")
    assert analysed.analyze().unchanged == N_TRACKS


def test_a_mood_whose_head_comes_later_joins_the_others_without_opening_a_file(analysed: Analysed) -> None:
    install(EFFNET, untrained.effnet(), untrained.card(STYLES, "activations"))
    install(HAPPY, untrained.head(1280, 2), untrained.card(["happy", "non_happy"]))
    assert analysed.analyze().analysed == N_TRACKS
    before = [track.distribution("moods") for track in analysed.library.tracks()]
    assert all(set(moods) == {"happy"} for moods in before)
    install(PARTY, untrained.head(1280, 2, seed=1), untrained.card(["non_party", "party"]))
    analysed.make_unreadable()
    assert analysed.analyze().analysed == N_TRACKS
    for old, track in zip(before, analysed.library.tracks(), strict=True):
        moods = track.distribution("moods")
        assert set(moods) == {"happy", "party"}
        assert moods["happy"] == pytest.approx(old["happy"], abs=2e-3)
    assert analysed.analyze().unchanged == N_TRACKS


def test_kept_patches_are_recalled_as_they_were(tmp_path: Path) -> None:
    embeddings = np.random.default_rng(0).normal(0, 3, (32, 200)).astype(np.float16)
    kept = KeptPatches("msd-musicnn-1", "0123abcd", "balanced", embeddings)
    with PatchStore(tmp_path / "catalog.db") as store:
        store.keep(b"f" * 16, [kept])
    with PatchStore(tmp_path / "catalog.db") as store:
        recalled = store.recall(b"f" * 16, "msd-musicnn-1")
        assert store.recall(b"g" * 16, "msd-musicnn-1") is None
    assert recalled is not None
    assert (recalled.network, recalled.weights, recalled.profile) == ("msd-musicnn-1", "0123abcd", "balanced")
    np.testing.assert_array_equal(recalled.embeddings, embeddings)
