"""What is said of a sound is right, or it is not said; and it is what Essentia says of the same samples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from essentialist.analysis import kept
from essentialist.descriptors import danceability, key, loudness, tempo
from essentialist.recording import Recording
from essentialist.sound import quiet_essentia as es
from sounds import chord, clicks, noise, silence, sine, stereo, write
from test_character import coloured_noise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from essentialist.descriptors import Extractor
    from essentialist.settings import Profile
    from essentialist.track import Value
    from sounds import Samples

RATE = 44_100
EXTRACTORS = (tempo.EXTRACTOR, key.EXTRACTOR, loudness.EXTRACTOR, danceability.EXTRACTOR)
TEMPO = {"bpm", "bpm_confidence", "bpm_alternative"}
KEY = {"key", "scale", "camelot", "key_strength"}
MUSIC = Path(__file__).resolve().parents[2] / "shared" / "music"


def said_of(recording: Recording, *extractors: Extractor) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for extractor in extractors or EXTRACTORS:
        values |= kept(extractor.compute(recording), extractor.outputs)
    return values


@pytest.fixture
def listen(tmp_path: Path) -> Callable[..., Recording]:
    """Write samples as a WAV file of floats, and listen to it."""

    def listening(samples: Samples, sample_rate: int = RATE, profile: Profile = "balanced") -> Recording:
        as_floats = np.asarray(samples, np.float32)
        return Recording(write(tmp_path / "sound.wav", as_floats, sample_rate, codec="pcm_f32le"), profile)

    return listening


def progression(notes: Sequence[tuple[int, ...]], seconds: float = 10.0, sample_rate: int = RATE) -> Samples:
    return np.concatenate([chord(each, seconds / len(notes), sample_rate) for each in notes])


MAJOR_CADENCE = [(48, 60, 64, 67), (53, 60, 65, 69), (55, 59, 62, 67), (48, 60, 64, 67)]
MINOR_CADENCE = [(45, 60, 64, 69), (50, 57, 62, 65), (52, 56, 59, 64), (45, 57, 60, 64)]
MUSIC_10_S = (progression(MAJOR_CADENCE) + clicks(120, 10, RATE)) * np.float32(0.5)


class TestTempo:
    @pytest.mark.parametrize("sample_rate", [8_000, 44_100, 48_000, 96_000])
    def test_clicks_have_their_tempo_at_any_sample_rate(
        self, listen: Callable[..., Recording], sample_rate: int
    ) -> None:
        values = said_of(listen(clicks(120, 12, sample_rate), sample_rate), tempo.EXTRACTOR)
        assert values["bpm"] == pytest.approx(120, abs=1)

    @pytest.mark.parametrize("bpm", [80, 100, 140])
    def test_clicks_have_their_tempo(self, listen: Callable[..., Recording], bpm: float) -> None:
        values = said_of(listen(clicks(bpm, 12, RATE)), tempo.EXTRACTOR)
        assert values["bpm"] == pytest.approx(bpm, rel=0.015)
        assert set(values) == TEMPO

    @pytest.mark.parametrize("profile", ["balanced", "full"])
    def test_a_minute_is_heard_the_same_in_both_profiles(
        self, listen: Callable[..., Recording], profile: Profile
    ) -> None:
        values = said_of(listen(clicks(132, 20, RATE), profile=profile), tempo.EXTRACTOR)
        assert values["bpm"] == pytest.approx(132, rel=0.01)

    def test_a_middle_that_is_sure_speaks_for_the_whole(self, listen: Callable[..., Recording]) -> None:
        """The intro and the end are noise; `balanced` hears the minute between, and `full` all of it."""
        rustle = noise(15, 22_050, level=0.02)
        samples = np.concatenate((rustle, clicks(120, 60, 22_050), rustle))
        balanced = listen(samples, 22_050)
        assert balanced.duration == 90
        values = said_of(balanced, tempo.EXTRACTOR)
        alone = said_of(listen(clicks(120, 60, 22_050), 22_050), tempo.EXTRACTOR)
        assert values["bpm"] == pytest.approx(alone["bpm"], abs=0.3)
        assert values["bpm"] == pytest.approx(120, abs=1)
        full = said_of(Recording(balanced.path, "full"), tempo.EXTRACTOR)
        assert full["bpm"] == pytest.approx(120, abs=1)

    def test_files_do_not_leak_into_one_another(self, listen: Callable[..., Recording]) -> None:
        """MTG/essentia#1324: an instance that is used again may answer with the tempo of the last file."""
        slow, fast = clicks(80, 10, RATE), clicks(140, 10, RATE)
        first = [said_of(listen(each)) for each in (slow, fast)]
        second = [said_of(listen(each)) for each in (fast, slow)]
        assert first == second[::-1]
        assert first[0]["bpm"] != first[1]["bpm"]


class TestKey:
    @pytest.mark.parametrize("sample_rate", [16_000, 44_100, 48_000, 96_000])
    def test_a_cadence_has_its_key_at_any_sample_rate(self, listen: Callable[..., Recording], sample_rate: int) -> None:
        values = said_of(listen(progression(MAJOR_CADENCE, 8, sample_rate), sample_rate), key.EXTRACTOR)
        assert (values["key"], values["scale"], values["camelot"]) == ("C", "major", "8B")

    @pytest.mark.parametrize("semitones", range(12))
    @pytest.mark.parametrize("scale", ["major", "minor"])
    def test_all_24_keys_are_heard(self, listen: Callable[..., Recording], scale: str, semitones: int) -> None:
        cadence = MAJOR_CADENCE if scale == "major" else MINOR_CADENCE
        tonic = key.TONICS[(semitones + (3 if scale == "major" else 0)) % 12]
        transposed = [tuple(note + semitones for note in notes) for notes in cadence]
        values = said_of(listen(progression(transposed, 6)), key.EXTRACTOR)
        assert (values["key"], values["scale"]) == (tonic, scale)

    @pytest.mark.parametrize("change", ["clipped", "shifted", "one side", "quiet"])
    def test_a_poor_recording_keeps_its_key(self, listen: Callable[..., Recording], change: str) -> None:
        music = progression(MAJOR_CADENCE)
        changed = {
            "clipped": np.clip(music * 20, -1, 1),
            "shifted": music / 2 + 0.4,
            "one side": stereo(music, np.zeros_like(music)),
            "quiet": music / 30,
        }
        values = said_of(listen(changed[change]), key.EXTRACTOR)
        assert (values["key"], values["scale"]) == ("C", "major")


class TestAgreement:
    """Exact where the algorithm is Essentia's: on the same samples."""

    def check(self, recording: Recording) -> None:
        values = said_of(recording)
        tonic, scale, strength = es.KeyExtractor(sampleRate=RATE)(recording.mono)
        assert (values["key"], values["scale"], values["key_strength"]) == (tonic, scale, strength)
        assert values["danceability"] == es.Danceability(sampleRate=RATE)(recording.mono)[0]

    def test_on_a_cadence_with_clicks(self, listen: Callable[..., Recording]) -> None:
        self.check(listen(MUSIC_10_S))

    def test_the_reference_tempo_is_kept_in_the_profile_full(self, listen: Callable[..., Recording]) -> None:
        recording = listen(MUSIC_10_S, profile="full")
        reference = es.RhythmExtractor2013(method="multifeature")(recording.mono)[0]
        assert said_of(recording, tempo.EXTRACTOR)["bpm_essentia"] == reference

    @pytest.mark.skipif(
        not MUSIC.is_dir(), reason="needs the 45 clips of real music, which are not part of the project"
    )
    @pytest.mark.parametrize("game", ["hyperrogue", "ufoai"])
    def test_on_recordings(self, game: str) -> None:
        self.check(Recording(sorted((MUSIC / game).iterdir())[0]))


WHITE = noise(10, RATE)
NEITHER: dict[str, Samples] = {
    "white noise": WHITE,
    "pink noise": coloured_noise(10, RATE, slope=1),
    "faded noise": WHITE * np.linspace(0, 1, len(WHITE), dtype=np.float32),
    "noise after silence": np.concatenate((silence(5, RATE), WHITE)),
    "sine": sine(440, 10, RATE),
    "clipped sine": np.clip(sine(440, 10, RATE) * 20, -1, 1),
    "shifted sine": sine(440, 10, RATE, level=0.3) + 0.5,
}


@pytest.mark.parametrize("name", NEITHER)
def test_noise_and_tones_have_a_loudness_only(listen: Callable[..., Recording], name: str) -> None:
    assert set(said_of(listen(NEITHER[name]))) == {"loudness", "loudness_range", "peak"}


@pytest.mark.parametrize(
    "samples",
    [silence(10, RATE), np.full(10 * RATE, 0.5), noise(10, RATE, level=1e-6), stereo(silence(10, RATE))],
    ids=["silence", "constant voltage", "under -100 dBFS", "silence, stereo"],
)
def test_nothing_is_said_of_silence(listen: Callable[..., Recording], samples: Samples) -> None:
    assert said_of(listen(samples)) == {}


@pytest.mark.parametrize("seconds", [1 / RATE, 0.05, 0.2, 1.0])
@pytest.mark.parametrize("kind", ["music", "noise", "clicks"])
def test_little_is_said_of_a_short_sound(listen: Callable[..., Recording], kind: str, seconds: float) -> None:
    n_samples = round(seconds * RATE)
    sounds: dict[str, Samples] = {
        "music": MUSIC_10_S,
        "noise": WHITE,
        "clicks": clicks(120, 10, RATE) + np.float32(0.01),
    }
    values = said_of(listen(sounds[kind][:n_samples]))
    assert set(values) <= {"peak", "loudness"}
    assert ("loudness" in values) == (seconds == 1.0)


def test_clicks_have_no_key(listen: Callable[..., Recording]) -> None:
    assert not KEY & set(said_of(listen(clicks(120, 10, RATE))))


def test_a_constant_shift_changes_nothing(listen: Callable[..., Recording]) -> None:
    as_it_is, shifted = said_of(listen(MUSIC_10_S / 2)), said_of(listen(MUSIC_10_S / 2 + 0.3))
    for name in ("key", "scale"):
        assert shifted[name] == as_it_is[name]
    assert shifted["bpm"] == pytest.approx(as_it_is["bpm"], abs=0.5)
    assert shifted["loudness"] == pytest.approx(as_it_is["loudness"], abs=0.2)


def test_opposite_channels_have_a_loudness_only(listen: Callable[..., Recording]) -> None:
    """Their mean, on which tempo and key are heard, is silence."""
    values = said_of(listen(stereo(MUSIC_10_S, -MUSIC_10_S)))
    assert set(values) == {"loudness", "loudness_range", "peak"}
    assert values["loudness"] == pytest.approx(said_of(listen(stereo(MUSIC_10_S)))["loudness"], abs=0.05)


def test_a_key_that_does_not_fit_is_none(listen: Callable[..., Recording]) -> None:
    """Too soft for Essentia to find a peak of the spectrum: it says "A minor", strength 0."""
    assert not KEY & set(said_of(listen(MUSIC_10_S / 2_000)))
