"""Which sounds have a beat, a key or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essentialist.demo import SAMPLE_RATE
from essentialist.demo.pieces import PIECES
from essentialist.demo.rendering import render
from essentialist.sound.character import FRAME_SIZE, Character, character
from sounds import chord, clicks, noise, silence, sine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.demo import Piece
    from sounds import Samples

RATE = 44_100
SECONDS = 6.0
FADE = np.linspace(0, 1, round(SECONDS * RATE), dtype=np.float32)


def coloured_noise(seconds: float, sample_rate: int, *, slope: float) -> Samples:
    """Noise whose power falls with frequency to the power of `slope`: 0 is white, 1 pink, 2 brown."""
    white = np.fft.rfft(noise(seconds, sample_rate))
    hz = np.fft.rfftfreq(round(seconds * sample_rate), 1 / sample_rate)
    coloured = np.fft.irfft(white * np.maximum(hz, hz[1]) ** (-slope / 2), round(seconds * sample_rate))
    return np.asarray(0.7 * coloured / np.abs(coloured).max(), np.float32)


def of(samples: NDArray[np.floating]) -> Character:
    return character(np.asarray(samples, np.float32), RATE)


NOISES = {
    "white": noise(SECONDS, RATE),
    "pink": coloured_noise(SECONDS, RATE, slope=1),
    "brown": coloured_noise(SECONDS, RATE, slope=2),
    "blue": coloured_noise(SECONDS, RATE, slope=-1),
    "faded in": noise(SECONDS, RATE) * FADE,
    "after silence": np.concatenate((silence(SECONDS, RATE), noise(SECONDS, RATE))),
    "shifted": noise(SECONDS, RATE, level=0.3) + 0.5,
    "quiet": noise(SECONDS, RATE, level=1e-3),
    "short": noise(0.2, RATE),
}
TONES = {
    "sine": sine(440, SECONDS, RATE),
    "low sine": sine(55, SECONDS, RATE),
    "clipped sine": np.clip(sine(440, SECONDS, RATE) * 20, -1, 1),
    "sine in noise": sine(440, SECONDS, RATE) + noise(SECONDS, RATE, level=0.05),
    "faded out": sine(440, SECONDS, RATE) * FADE[::-1],
    "after silence": np.concatenate((silence(SECONDS, RATE), sine(440, SECONDS, RATE))),
}


@pytest.mark.parametrize("name", NOISES)
def test_noise_has_neither_beat_nor_key(name: str) -> None:
    found = of(NOISES[name])
    assert found.is_noise
    assert found.is_steady
    assert found.is_featureless
    assert not found.is_silent
    assert not found.is_tonal


@pytest.mark.parametrize("name", TONES)
def test_a_single_tone_has_neither_beat_nor_key(name: str) -> None:
    found = of(TONES[name])
    assert found.is_steady
    assert found.is_featureless
    assert not found.is_tonal
    assert not found.is_silent


def test_swelling_noise_has_no_key() -> None:
    waves = 1 + 0.9 * np.sin(2 * np.pi * 0.3 * np.arange(round(SECONDS * RATE)) / RATE)
    assert of(noise(SECONDS, RATE) * waves).is_noise


@pytest.mark.parametrize(
    "samples",
    [
        silence(SECONDS, RATE),
        np.full(RATE, 0.5, np.float32),
        noise(SECONDS, RATE, level=1e-6),
        np.ones(1, np.float32),
        np.empty(0, np.float32),
        noise(0.09, RATE),
    ],
    ids=["silence", "constant voltage", "under -100 dBFS", "one sample", "nothing", "shorter than a frame"],
)
def test_silence_is_silent(samples: Samples) -> None:
    found = of(samples)
    assert found.is_silent
    assert found.is_featureless
    assert not found.is_tonal


def test_clicks_have_a_beat_and_no_key() -> None:
    for bpm in (60, 120, 200):
        found = of(clicks(bpm, SECONDS, RATE))
        assert not found.is_steady
        assert not found.is_tonal
        assert not found.is_featureless


def test_a_held_chord_has_a_key_and_no_beat() -> None:
    found = of(chord(seconds=SECONDS))
    assert found.is_tonal
    assert found.is_steady
    assert not found.is_featureless


@pytest.mark.parametrize("change", ["as it is", "quiet", "clipped", "shifted"])
def test_music_has_both(change: str) -> None:
    music = (clicks(120, SECONDS, RATE) + chord(seconds=SECONDS)) / 2
    changed = {"as it is": music, "quiet": music / 1_000, "clipped": np.clip(music * 10, -1, 1), "shifted": music + 0.3}
    found = of(changed[change])
    assert found.is_tonal
    assert not found.is_steady
    assert not found.is_noise


@pytest.mark.parametrize("piece", PIECES[::4], ids=lambda piece: piece.title)
def test_the_limits_leave_room_for_music(piece: Piece) -> None:
    found = character(np.ascontiguousarray(render(piece).mean(axis=1)), SAMPLE_RATE)
    assert found.is_tonal
    assert not found.is_noise
    assert found.level_range_db > 3
    assert found.n_components > 8


@given(
    n_samples=st.integers(0, 4 * FRAME_SIZE),
    level=st.sampled_from([0.0, 1e-7, 0.3, 1.0, 100.0]),
    shift=st.floats(-1, 1),
    seed=st.integers(0, 9),
)
@settings(max_examples=100)
def test_any_sound_has_finite_figures(n_samples: int, level: float, shift: float, seed: int) -> None:
    samples = noise(1, n_samples, seed, level=level) + np.float32(shift) if n_samples else np.empty(0, np.float32)
    found = of(samples)
    figures = (found.level_range_db, found.flatness, found.n_components, found.sounding)
    assert all(np.isfinite(figure) and figure >= 0 for figure in figures)
    assert found.sounding <= 1
    assert found.flatness <= 1 + 1e-6


@pytest.mark.parametrize("n_samples", [FRAME_SIZE - 1, FRAME_SIZE, FRAME_SIZE + 1, 2 * FRAME_SIZE])
def test_whole_frames_are_enough(n_samples: int) -> None:
    assert of(noise(1, n_samples)).is_silent == (n_samples < FRAME_SIZE)
