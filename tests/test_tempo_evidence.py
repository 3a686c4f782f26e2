"""Tempo from the periodicity of onsets, on clicks and drum patterns whose tempo is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.sound import tempo_evidence
from essentialist.sound.tempo_evidence import autocovariance, candidates, estimate, onset_envelope
from sounds import chord, clicks, noise, silence, sine

if TYPE_CHECKING:
    from sounds import Samples

RATE = 44_100
SECONDS = 12.0


def drums(bpm: float, hits: dict[float, float], beats_a_bar: int, seconds: float = SECONDS) -> Samples:
    """Hits (beat of the bar -> pitch in Hz) repeated bar by bar."""
    out = silence(seconds, RATE)
    bar_s = 60 / bpm * beats_a_bar
    for beat, hz in hits.items():
        burst = sine(hz, 0.08, RATE) * np.exp(-np.arange(round(0.08 * RATE)) / RATE / 0.02).astype(np.float32)
        for start in np.arange(beat * 60 / bpm, seconds - 0.1, bar_s):
            first = round(start * RATE)
            out[first : first + len(burst)] += burst
    return out


@pytest.mark.parametrize("bpm", [60, 75, 90, 100, 120, 133.3, 150, 174])
def test_clicks_have_the_tempo_of_the_clicks(bpm: float) -> None:
    tempo = estimate(clicks(bpm, SECONDS, RATE))
    assert tempo is not None
    assert tempo.bpm == pytest.approx(bpm, rel=0.004)


def test_the_fastest_clicks_may_be_counted_in_pairs() -> None:
    tempo = estimate(clicks(200, SECONDS, RATE))
    assert tempo is not None
    assert sorted([tempo.bpm, tempo.alternative]) == pytest.approx([100, 200], rel=0.004)


def test_a_dotted_rhythm_is_not_taken_for_the_beat() -> None:
    three_three_two = {0: 80.0, 0.75: 900.0, 1.5: 900.0, 2.0: 900.0, 2.75: 900.0, 3.5: 900.0, 1.0: 3000.0, 3.0: 3000.0}
    tempo = estimate(drums(112, three_three_two, 4))
    assert tempo is not None
    octaves = math.log2(tempo.bpm / 112)
    assert octaves == pytest.approx(round(octaves), abs=0.01)


def test_a_bass_that_comes_back_after_four_beats_tells_a_fast_beat_from_a_slow_one() -> None:
    hats = {beat / 2: 5000.0 for beat in range(8)}
    snares = {1.0: 1200.0, 3.0: 1200.0}
    tempo = estimate(drums(160, {**hats, **snares, 0.0: 70.0, 2.5: 70.0}, 4))
    assert tempo is not None
    assert tempo.bpm == pytest.approx(160, rel=0.01)


def test_loudness_does_not_count() -> None:
    loud = clicks(120, SECONDS, RATE)
    quiet = estimate(loud * np.float32(0.1))
    assert quiet is not None
    assert quiet.bpm == pytest.approx(120, rel=0.004)


def test_clicks_in_noise_are_less_sure_than_clicks_and_surer_than_noise() -> None:
    pure = clicks(120, SECONDS, RATE)
    noisy = noise(SECONDS, RATE, level=0.5)
    confidences = []
    for samples in (pure, pure * np.float32(0.3) + noisy, noisy):
        tempo = estimate(samples)
        assert tempo is not None
        confidences.append(tempo.confidence)
    assert confidences[0] > confidences[1] > confidences[2]


@pytest.mark.parametrize("samples", [silence(10, RATE), clicks(120, 4, RATE), silence(0, RATE)])
def test_silence_and_what_is_too_short_have_no_tempo(samples: Samples) -> None:
    assert estimate(samples) is None


def test_a_constant_level_has_no_tempo() -> None:
    assert estimate(np.full(10 * RATE, 0.25, np.float32)) is None


def test_a_vote_is_asked_for_only_where_it_can_decide() -> None:
    asked: list[int] = []

    def half(samples: Samples) -> float:
        asked.append(len(samples))
        return 100.0

    unsure, sure = clicks(200, SECONDS, RATE), clicks(120, SECONDS, RATE)
    alone = estimate(unsure)
    voted = estimate(unsure, half)
    assert asked == [len(unsure)]
    assert alone is not None
    assert voted is not None
    assert voted.bpm == pytest.approx(100, rel=0.004)
    assert estimate(sure, half) == estimate(sure)
    assert asked == [len(unsure)]


def test_a_vote_for_none_changes_nothing() -> None:
    unsure = clicks(200, SECONDS, RATE)
    assert estimate(unsure, lambda _: 0.0) == estimate(unsure)


def test_confidence_is_a_probability_and_the_alternative_another_tempo() -> None:
    for samples in (clicks(96, SECONDS, RATE), noise(SECONDS, RATE), chord(seconds=SECONDS)):
        tempo = estimate(samples)
        assert tempo is not None
        assert 0 < tempo.confidence <= 1
        for bpm in (tempo.bpm, tempo.alternative):
            assert tempo_evidence.SLOWEST_BPM <= bpm <= tempo_evidence.FASTEST_BPM
        assert tempo.alternative != tempo.bpm


@given(st.floats(80, 160))
def test_candidates_are_octaves_of_the_pulse_and_of_three_quarters_and_four_thirds_of_it(pulse: float) -> None:
    found = candidates(pulse)
    assert len(found) >= 6
    assert pulse in found
    octaves = np.log2(found[:, None] / pulse / np.array([1, 3 / 4, 4 / 3]))
    assert np.abs(octaves - np.round(octaves)).min(axis=1) == pytest.approx(np.zeros(len(found)), abs=1e-9)


@given(st.integers(16, 40), st.integers(6, 20))
def test_autocovariance_of_a_repeated_pattern_comes_back_after_its_period(period: int, times: int) -> None:
    pattern = np.random.default_rng(period).uniform(0, 1, period).astype(np.float32)
    signal = np.tile(pattern, times)
    found = autocovariance(signal, len(signal) // 2)
    assert found[0] > 0
    assert found[period] > 0.8 * found[0]


@pytest.mark.parametrize("bpm", [75.0, 100.0, 128.0, 150.0, 174.0])
def test_a_held_chord_has_no_bar_that_would_halve_the_tempo(bpm: float) -> None:
    held = (clicks(bpm, SECONDS, RATE) + chord(seconds=SECONDS, sample_rate=RATE)) / np.float32(2)
    tempo = estimate(held)
    assert tempo is not None
    assert tempo.bpm == pytest.approx(bpm, rel=0.02)


def test_onsets_are_seen_where_they_are() -> None:
    samples = silence(2, RATE)
    samples[RATE:] = noise(1, RATE)
    flux = onset_envelope(samples).sum(axis=1)
    assert np.argmax(flux) / tempo_evidence.FRAME_RATE_HZ == pytest.approx(1, abs=0.05)
    assert flux.shape == (math.floor((2 * RATE / 2 - tempo_evidence.FRAME) / tempo_evidence.HOP),)
