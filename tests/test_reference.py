"""We say what Essentia and TensorFlow say of the same samples; golden values of theirs are kept for where they are not.

`make reference` makes the environment that the slow test needs; `scripts/compare_with_reference.py` wrote the values.
"""

from __future__ import annotations

import json
from pathlib import Path

import compare_with_reference
import numpy as np
import pytest
import reference

from essentialist.models.emomusic import HEAD
from essentialist.models.msd_musicnn import MODEL
from essentialist.networks import inference
from essentialist.recording import Recording

SHARED = Path(__file__).resolve().parents[2] / "shared"
MUSIC = SHARED / "music"
GOLDEN = json.loads(Path(__file__).with_name("golden").joinpath("musicnn.json").read_text(encoding="utf-8"))
CLIPS = ("hyperrogue/hr-domina-mountain.ogg", "nexuiz/brainsukker.mp3", "wesnoth/battle.mp3")

needs_music = pytest.mark.skipif(not MUSIC.exists(), reason="the real music is not in ../shared")
needs_head = pytest.mark.skipif(
    not (reference.MODELS / f"{HEAD.name}.onnx").exists(), reason="the official emomusic head is not in ../shared"
)


@pytest.fixture(autouse=True)
def official_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESSENTIALIST_MODELS", str(reference.MODELS))


@needs_music
@needs_head
@pytest.mark.parametrize("clip", CLIPS)
def test_a_clip_is_heard_as_the_reference_hears_it(clip: str) -> None:
    golden = GOLDEN[clip]
    recording = Recording(MUSIC / clip, "full")
    embeddings, tags = recording.embeddings(MODEL.name), recording.activations(MODEL.name)
    emotion = inference.means(HEAD, embeddings)
    assert len(embeddings) == golden["n_patches"]
    assert tags.mean(axis=0) == pytest.approx(np.array(golden["tags"]), abs=0.01)
    assert emotion["arousal"] == pytest.approx(golden["arousal"], abs=0.05)
    assert emotion["valence"] == pytest.approx(golden["valence"], abs=0.05)
    mean = embeddings.mean(axis=0, keepdims=True)
    assert compare_with_reference.cosines(mean, np.array([golden["embedding"]], np.float32)) > 0.9999


def test_golden_values_tell_clips_apart() -> None:
    first, *others = (np.array(GOLDEN[clip]["embedding"], np.float32) for clip in CLIPS)
    for other in others:
        assert compare_with_reference.cosines(first[None], other[None]) < 0.99


@needs_music
@needs_head
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(bool(reference.missing()), reason=str(reference.missing()))
def test_all_clips_are_heard_as_essentia_and_tensorflow_hear_them() -> None:
    """45 clips through TensorFlow: three minutes on an idle machine."""
    clips = reference.clips_of(MUSIC)
    said = reference.ask({str(path): reference.samples_of(path) for path in clips})
    worst = compare_with_reference.compare(clips, said)
    assert worst.cosine > 0.9999
    assert worst.tags < 0.01
    assert worst.arousal < 0.05
    assert worst.valence < 0.05
