from __future__ import annotations

import math
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essentialist.sound import patches
from essentialist.sound import quiet_essentia as es
from essentialist.sound.patches import (
    FRAME_SIZE,
    HOP_SIZE,
    MAX_STRETCHES,
    N_BANDS,
    SAMPLE_RATE_HZ,
    STRETCH_FRAMES,
    STRETCH_HOP,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from essentialist.settings import Profile

ROUNDING = 2e-6  # of bands from 0 to 6 in single precision


def noise(n_samples: int) -> NDArray[np.float32]:
    return np.random.default_rng(n_samples).uniform(-0.3, 0.3, n_samples).astype(np.float32)


def collect(profile: Profile, samples: NDArray[np.float32], lengths: list[int]) -> tuple[NDArray[np.float32], ...]:
    """Push samples in blocks of these lengths, over and over."""
    collector = patches.collector(profile)
    start, i = 0, 0
    while start < len(samples):
        collector.push(samples[start : start + lengths[i % len(lengths)]])
        start += lengths[i % len(lengths)]
        i += 1
    return collector.finish()


@pytest.mark.parametrize("n_samples", [1, 255, 256, 257, 511, 512, 513, 5_000])
def test_framing_and_bands_are_those_of_essentia(n_samples: int) -> None:
    samples = noise(n_samples)
    bands = es.TensorflowInputMusiCNN()
    expected = [bands(frame) for frame in es.FrameGenerator(samples, frameSize=512, hopSize=256)]
    np.testing.assert_allclose(patches.mel_spectrogram(samples), expected, atol=ROUNDING)


def test_a_sine_of_1_khz_lies_in_band_31() -> None:
    """By Slaney's scale, linear up to 1 kHz and logarithmic above: 97 equal steps of 0 to 8 kHz, a band around each."""
    top = 15 + 27 * math.log(8) / math.log(6.4)
    expected = round(15 / (top / (N_BANDS + 1))) - 1
    sine = np.sin(2 * np.pi * 1_000 * np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ).astype(np.float32)
    assert expected == 31
    assert set(patches.mel_spectrogram(sine)[5:-5].argmax(axis=1)) == {expected}


def test_no_samples_have_no_frames() -> None:
    nothing = np.empty(0, np.float32)
    assert patches.mel_spectrogram(nothing).shape == (0, N_BANDS)
    assert patches.collector("balanced").finish() == ()
    assert patches.collector("full").finish() == ()


def test_silence_is_zero() -> None:
    assert not patches.mel_spectrogram(np.zeros(4_000, np.float32)).any()


@settings(max_examples=20)
@given(n_samples=st.integers(0, 60_000), lengths=st.lists(st.integers(1, 20_000), min_size=1, max_size=5))
def test_the_full_profile_is_the_whole_mel_spectrogram_whatever_the_blocks(n_samples: int, lengths: list[int]) -> None:
    samples = noise(n_samples)
    stretches = collect("full", samples, [length + 50 for length in lengths])
    whole = np.concatenate([np.empty((0, N_BANDS), np.float32), *stretches])
    assert len(stretches) == bool(n_samples)
    np.testing.assert_allclose(whole, patches.mel_spectrogram(samples), atol=ROUNDING)


@settings(max_examples=15)
@given(n_samples=st.integers(0, 5 * STRETCH_HOP), lengths=st.lists(st.integers(100, 90_000), min_size=1, max_size=5))
def test_the_balanced_profile_is_every_patch_of_a_short_track_whatever_the_blocks(
    n_samples: int, lengths: list[int]
) -> None:
    samples = noise(n_samples)
    stretches = collect("balanced", samples, lengths)
    whole = patches.mel_spectrogram(samples)
    assert len(stretches) == len(whole) // STRETCH_FRAMES
    for i, stretch in enumerate(stretches):
        np.testing.assert_allclose(stretch, whole[i * STRETCH_FRAMES : (i + 1) * STRETCH_FRAMES], atol=ROUNDING)


@pytest.mark.parametrize("n_stretches", [32, 33, 65, 130, 300])
def test_the_balanced_profile_spreads_its_stretches_evenly(n_stretches: int) -> None:
    track = noise(n_stretches * STRETCH_HOP)
    stretches = collect("balanced", track, [100_000])
    assert len(stretches) == min(n_stretches, MAX_STRETCHES)

    positions = positions_of(stretches, track)
    assert positions == sorted(set(positions))
    gaps = np.diff([-1, *positions, n_stretches])
    assert gaps.max() <= 2 * n_stretches / MAX_STRETCHES + 1


def positions_of(stretches: tuple[NDArray[np.float32], ...], track: NDArray[np.float32]) -> list[int]:
    """Find each stretch in the track by the bands of its third frame."""
    bands = es.TensorflowInputMusiCNN()
    starts = range(HOP_SIZE, len(track), STRETCH_HOP)
    known = np.array([bands(track[start : start + FRAME_SIZE]) for start in starts])
    distances = [np.abs(known - stretch[2]).max(axis=1) for stretch in stretches]
    assert max(distance.min() for distance in distances) <= ROUNDING
    return [int(distance.argmin()) for distance in distances]


def test_the_spread_does_not_depend_on_the_blocks() -> None:
    track = noise(80 * STRETCH_HOP)
    for ours, theirs in zip(collect("balanced", track, [7_777]), collect("balanced", track, [1_000_000]), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_long_track_holds_no_more_than_a_short_one() -> None:
    collector = patches.SpreadCollector()
    block = noise(20 * STRETCH_HOP)
    held = []
    for _ in range(40):
        collector.push(block)
        held.append(sum(stretch.nbytes for stretch in collector._held) + collector._pending.nbytes)
    assert max(held) < 16 * 2**20


@pytest.mark.parametrize(("length", "hop", "n_patches"), [(187, 187, 4), (187, 93, 7), (128, 62, 11), (749, 1, 0)])
def test_windows_cut_every_patch_that_fits(length: int, hop: int, n_patches: int) -> None:
    mel = np.random.default_rng(0).random((748, N_BANDS), np.float32)
    cut = patches.windows([mel], length, hop)
    assert cut.shape == (n_patches, length, N_BANDS)
    for i, patch in enumerate(cut):
        np.testing.assert_array_equal(patch, mel[i * hop : i * hop + length])


def test_windows_of_one_stretch_are_a_view() -> None:
    mel = np.zeros((1_000, N_BANDS), np.float32)
    assert np.shares_memory(patches.windows([mel], 187, 93), mel)


def test_windows_never_cross_from_one_stretch_to_the_next() -> None:
    stretches = [np.full((187, N_BANDS), level, np.float32) for level in (1, 2, 3)]
    cut = patches.windows([*stretches, np.full((100, N_BANDS), 4, np.float32)], 128, 62)
    assert [set(patch.ravel()) for patch in cut] == [{1.0}, {2.0}, {3.0}]


def test_importing_essentia_prints_nothing() -> None:
    command = [sys.executable, "-c", "import essentialist.sound.patches"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
