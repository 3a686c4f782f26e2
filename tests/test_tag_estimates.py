from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sounds
from essentialist.descriptors import emotion_estimate as emotion
from essentialist.descriptors import tags
from essentialist.descriptors import voice_estimate as voice
from essentialist.models.msd_musicnn import MODEL
from essentialist.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.descriptors import Extractor

CLASSES = MODEL.classes
SHARED = Path(__file__).resolve().parents[2] / "shared"

any_tags = st.fixed_dictionaries({name: st.floats(0, 1) for name in CLASSES})


def plain(**changed: float) -> dict[str, float]:
    """Tags of equal probability, some of them changed."""
    return dict.fromkeys(CLASSES, 0.05) | {name.replace("_", " "): value for name, value in changed.items()}


@pytest.fixture(scope="module")
def chord(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    path = tmp_path_factory.mktemp("sounds") / "chord.flac"
    return Recording(sounds.write(path, sounds.chord(seconds=8), 44_100))


@pytest.mark.parametrize("extractor", [tags.EXTRACTOR, voice.EXTRACTOR, emotion.EXTRACTOR], ids=lambda e: e.name)
@pytest.mark.parametrize("seconds", [2.0, 8.0], ids=["short", "silent"])
def test_what_has_no_patch_has_no_value(tmp_path: Path, extractor: Extractor, seconds: float) -> None:
    samples = sounds.chord(seconds=seconds) if seconds < 3 else sounds.silence(seconds, 44_100)
    recording = Recording(sounds.write(tmp_path / "sound.wav", samples, 44_100))
    assert extractor.compute(recording) == {}


def test_tags_are_the_mean_over_patches(chord: Recording) -> None:
    found = tags.compute(chord)["tags"]
    assert list(found) == list(CLASSES)
    activations = chord.activations(MODEL.name)
    assert len(activations) == 2
    assert found["ambient"] == pytest.approx((activations[0] + activations[1])[CLASSES.index("ambient")] / 2)


@pytest.mark.parametrize("extractor", [tags.EXTRACTOR, voice.EXTRACTOR, emotion.EXTRACTOR], ids=lambda e: e.name)
def test_a_recording_has_every_value(chord: Recording, extractor: Extractor) -> None:
    assert set(extractor.compute(chord)) == {output.name for output in extractor.outputs}
    assert extractor.models == (MODEL.name,)


def test_estimates_are_marked_as_such() -> None:
    assert all(output.estimate for output in (*voice.EXTRACTOR.outputs, *emotion.EXTRACTOR.outputs))


def test_voice_and_instrumental_sum_to_one(chord: Recording) -> None:
    values = voice.compute(chord)
    assert values["voice"] + values["instrumental"] == pytest.approx(1)


@pytest.mark.parametrize("sung", voice.SUNG)
def test_a_sung_tag_raises_voice_and_the_unsung_one_lowers_it(sung: str) -> None:
    between = voice.voice(plain())
    assert between is not None
    more, less = voice.voice(plain() | {sung: 0.5}), voice.voice(plain(instrumental=0.5))
    assert more is not None
    assert less is not None
    assert less < between < more


def test_voice_is_unknown_where_no_tag_speaks_of_it() -> None:
    assert voice.voice(dict.fromkeys(CLASSES, 0.0)) is None


@given(any_tags)
def test_voice_stays_in_its_range(probabilities: Mapping[str, float]) -> None:
    share = voice.voice(probabilities)
    assert share is None or 0 <= share <= 1


@given(any_tags)
def test_emotions_stay_in_their_range(probabilities: Mapping[str, float]) -> None:
    for axis in emotion.AXES.values():
        assert 1 <= axis.rating(probabilities) <= 9


@pytest.mark.parametrize("name", emotion.AXES)
def test_a_tag_raises_an_axis_where_its_word_lies_above_the_others(name: str) -> None:
    axis = emotion.AXES[name]
    middle = sum(axis.norms.values()) / len(axis.norms)
    for tag, norm in axis.norms.items():
        assert (axis.place(plain() | {tag: 0.2}) > axis.place(plain())) == (norm > middle)


def test_happy_and_sad_music_lie_where_people_feel_the_words() -> None:
    arousal, valence = (emotion.AXES[name] for name in ("arousal", "valence"))
    assert valence.rating(plain(happy=0.3)) > valence.rating(plain()) > valence.rating(plain(sad=0.3))
    assert arousal.rating(plain(party=0.3)) > arousal.rating(plain()) > arousal.rating(plain(Mellow=0.3))


def test_how_probable_all_tags_are_says_nothing_of_emotions() -> None:
    for axis in emotion.AXES.values():
        assert sum(axis.weights.values()) == pytest.approx(0)
        assert sum(abs(weight) for weight in axis.weights.values()) == pytest.approx(1)
        assert axis.place(dict.fromkeys(CLASSES, 0.9)) == pytest.approx(axis.place(plain()))


def test_the_mean_of_music_is_the_middle_and_a_deviation_is_a_point() -> None:
    axis = emotion.Axis({"happy": 6.0, "sad": 2.0}, mean=0.0, deviation=0.5)
    assert axis.rating(plain()) == pytest.approx(5)
    assert axis.rating(plain(happy=0.05 * 2.718281828)) == pytest.approx(6)


@pytest.mark.skipif(not (SHARED / "music").exists(), reason="the real music is not in ../shared")
def test_real_music_lies_where_it_sounds() -> None:
    calm = emotion.compute(Recording(SHARED / "music" / "hyperrogue" / "hr3-graveyard.m4a"))
    lively = emotion.compute(Recording(SHARED / "music" / "nexuiz" / "brainsukker.mp3"))
    assert calm["arousal"] < 5 < lively["arousal"]
