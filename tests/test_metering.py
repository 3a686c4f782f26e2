"""The meters against the test signals of EBU Tech 3341 and 3342, synthesised here, and against Essentia's."""

from __future__ import annotations

import math
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essentialist.demo import SAMPLE_RATE
from essentialist.demo.pieces import PIECES
from essentialist.demo.rendering import render
from essentialist.sound import quiet_essentia as es
from essentialist.sound.audio import Decoder
from essentialist.sound.metering import N_PEAKS, Excerpt, Loudness, LoudnessMeter, TruePeakMeter, WaveformMeter
from sounds import noise, silence, sine, stereo

if TYPE_CHECKING:
    from essentialist.demo import Piece
    from sounds import Samples

RATE = 48_000
BLOCK = 16_384


def measured(samples: Samples, sample_rate: int = RATE) -> Loudness:
    """The reading of samples (n, n_channels), pushed in blocks."""
    meter = LoudnessMeter(sample_rate, samples.shape[1])
    for start in range(0, len(samples), BLOCK):
        meter.push(np.ascontiguousarray(samples[start : start + BLOCK].T))
    return meter.finish()


def tones(*parts: tuple[float, float], sample_rate: int = RATE) -> Samples:
    """1 kHz in both channels, one part after the other, each of a level in dBFS and a length in seconds."""
    return stereo(
        np.concatenate([sine(1_000, seconds, sample_rate, level=10 ** (dbfs / 20)) for dbfs, seconds in parts])
    )


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23),
        ([(-33, 20)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
    ids=["case 1", "case 2", "case 3", "case 4", "case 5"],
)
def test_integrated_loudness_by_tech_3341(parts: list[tuple[float, float]], lufs: float) -> None:
    assert measured(tones(*parts)).integrated == pytest.approx(lufs, abs=0.1)


@pytest.mark.parametrize(
    ("parts", "lu"),
    [
        ([(-20, 20), (-30, 20)], 10),
        ([(-20, 20), (-15, 20)], 5),
        ([(-40, 20), (-20, 20)], 20),
        ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15),
    ],
    ids=["case 1", "case 2", "case 3", "case 4"],
)
def test_loudness_range_by_tech_3342(parts: list[tuple[float, float]], lu: float) -> None:
    assert measured(tones(*parts)).range == pytest.approx(lu, abs=1)


@pytest.mark.parametrize(
    ("period", "degrees", "level", "dbtp"),
    [(4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3)],
    ids=["case 15", "case 16", "case 17", "case 18", "case 19"],
)
def test_true_peak_by_tech_3341(period: int, degrees: float, level: float, dbtp: float) -> None:
    """A sine of so many samples a period, at a phase that its samples miss the top."""
    phases = 2 * math.pi * np.arange(RATE) / period + math.radians(degrees)
    fade = np.minimum(1, np.minimum(np.arange(RATE), np.arange(RATE)[::-1]) / 1_000)
    wave = (level * fade * np.sin(phases)).astype(np.float32)
    true_peak = measured(stereo(wave)).true_peak
    assert true_peak is not None
    assert dbtp - 0.4 <= true_peak <= dbtp + 0.2


def test_the_true_peak_is_found_wherever_a_block_ends() -> None:
    wave = (0.5 * np.sin(2 * np.pi * np.arange(400) / 4 + np.pi / 4)).astype(np.float32)
    readings = set()
    for cut in range(190, 215):
        meter = TruePeakMeter(1)
        for part in (wave[None, :cut], wave[None, cut:]):
            meter.push(part)
        readings.add(round(meter.highest, 6))
    assert len(readings) == 1


@pytest.mark.parametrize("sample_rate", [8_000, 22_050, 44_100, 88_200, 96_000, 192_000])
def test_the_sample_rate_does_not_count(sample_rate: int) -> None:
    reading = measured(tones((-23, 5), sample_rate=sample_rate), sample_rate)
    assert reading.integrated == pytest.approx(-23, abs=0.1)
    assert reading.range == pytest.approx(0, abs=0.1)
    assert reading.true_peak == pytest.approx(-23, abs=0.2)


def test_one_channel_is_played_from_two_loudspeakers() -> None:
    both = tones((-23, 5))
    assert measured(both[:, :1]).integrated == pytest.approx(-23, abs=0.1)
    left_only = np.stack((both[:, 0], silence(5, RATE)), axis=1)
    assert measured(left_only).integrated == pytest.approx(-26, abs=0.1)


def test_opposite_channels_are_as_loud_as_equal_ones() -> None:
    left = tones((-23, 5))[:, 0]
    assert measured(stereo(left, -left)).integrated == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize(
    "samples",
    [silence(5, RATE), np.full(5 * RATE, 0.5, np.float32), silence(0, RATE), sine(1_000, 5, RATE, level=5e-6)],
    ids=["silence", "constant voltage", "nothing", "under -100 dBFS"],
)
def test_silence_has_no_loudness(samples: Samples) -> None:
    assert measured(samples[:, None]) == Loudness(None, None, None)


def test_a_constant_shift_is_not_heard() -> None:
    wave = tones((-23, 5))
    assert measured(wave + np.float32(0.2)).integrated == pytest.approx(-23, abs=0.15)


def test_short_sounds_have_what_their_length_allows() -> None:
    """Blocks of 400 ms for the integrated loudness, of 3 s for the range."""
    click = measured(tones((-20, 0.2)))
    assert (click.integrated, click.range) == (None, None)
    assert click.true_peak == pytest.approx(-20, abs=0.2)
    second = measured(tones((-20, 1)))
    assert second.integrated == pytest.approx(-20, abs=0.1)
    assert second.range is None
    one_sample = measured(np.full((1, 2), 0.5, np.float32))
    assert (one_sample.integrated, one_sample.range) == (None, None)


@pytest.mark.parametrize("piece", PIECES[::5], ids=lambda piece: piece.title)
def test_essentia_agrees_on_music(piece: Piece) -> None:
    samples = render(piece)[: 12 * SAMPLE_RATE]
    _, _, integrated, loudness_range = es.LoudnessEBUR128(sampleRate=SAMPLE_RATE)(samples)
    reading = measured(samples, SAMPLE_RATE)
    assert reading.integrated == pytest.approx(integrated, abs=0.2)
    assert reading.range == pytest.approx(loudness_range, abs=0.5)


MUSIC = Path(__file__).resolve().parents[2] / "shared" / "music"


@pytest.mark.skipif(not MUSIC.is_dir(), reason="needs the 45 clips of real music, which are not part of the project")
@pytest.mark.parametrize("game", ["asc", "nexuiz", "wesnoth"])
def test_essentia_agrees_on_recordings(game: str) -> None:
    path = sorted((MUSIC / game).iterdir())[0]
    with closing(Decoder(path)) as decoder:
        samples = np.concatenate(list(decoder), axis=1).T
        sample_rate = decoder.sample_rate
    two = samples if samples.shape[1] == 2 else stereo(samples[:, 0])
    _, _, integrated, _ = es.LoudnessEBUR128(sampleRate=sample_rate)(np.ascontiguousarray(two))
    assert measured(samples, sample_rate).integrated == pytest.approx(integrated, abs=0.2)


blocks_of = st.lists(st.integers(0, 3_000), min_size=1, max_size=8)


def cut(samples: Samples, lengths: list[int]) -> list[Samples]:
    """The samples, shape (..., n), in parts of these lengths and a rest."""
    return np.split(samples, np.cumsum(lengths).clip(max=samples.shape[-1]), axis=-1)


@given(lengths=blocks_of)
@settings(max_examples=25)
def test_the_outline_does_not_depend_on_blocks(lengths: list[int]) -> None:
    samples = np.stack([noise(0.2, RATE, 1), noise(0.2, RATE, 2)])
    meter = WaveformMeter()
    for part in cut(samples, lengths):
        meter.push(part)
    whole = WaveformMeter()
    whole.push(samples)
    np.testing.assert_array_equal(meter.finish(), whole.finish())


def test_the_outline_is_that_of_the_louder_channel() -> None:
    ramp = np.linspace(0, 1, 400 * 512, dtype=np.float32)
    for left, right in ((ramp, ramp * 0), (ramp, -ramp), (-ramp / 2, ramp)):
        meter = WaveformMeter()
        meter.push(np.stack((left, right)))
        outline = meter.finish()
        assert outline.shape == (N_PEAKS,)
        assert outline.dtype == np.uint8
        np.testing.assert_allclose(outline, np.linspace(0, 255, N_PEAKS), atol=1.5)


@pytest.mark.parametrize("n_samples", [0, 1, 255])
def test_what_is_shorter_than_a_peak_has_no_outline(n_samples: int) -> None:
    meter = WaveformMeter()
    meter.push(np.ones((1, n_samples), np.float32))
    assert meter.finish().shape == (0,)


@pytest.mark.parametrize("n_samples", [256, 1_000, 256 * N_PEAKS + 1])
def test_a_short_outline_has_as_many_peaks(n_samples: int) -> None:
    meter = WaveformMeter()
    meter.push(np.full((1, n_samples), 2.0, np.float32))
    np.testing.assert_array_equal(meter.finish(), np.full(N_PEAKS, 255))


@given(n=st.integers(0, 5_000), room=st.integers(1, 3_000), lengths=blocks_of)
@settings(max_examples=200)
def test_the_excerpt_is_the_middle(n: int, room: int, lengths: list[int]) -> None:
    samples = np.arange(n, dtype=np.float32)
    excerpt = Excerpt(room, lambda: n)
    for part in cut(samples, lengths):
        excerpt.push(part)
    start = max(0, (n - room) // 2)
    np.testing.assert_array_equal(excerpt.finish(), samples[start : start + room])


def test_the_length_is_asked_for_only_when_there_is_too_much() -> None:
    asked = []
    excerpt = Excerpt(100, lambda: asked.append(1) or 300)  # type: ignore[func-returns-value]
    excerpt.push(np.zeros(100, np.float32))
    assert not asked
    for _ in range(20):
        excerpt.push(np.zeros(10, np.float32))
    assert asked == [1]
    assert len(excerpt.finish()) == 100
