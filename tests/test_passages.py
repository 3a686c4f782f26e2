"""The part of a track that is heard as its preview: the most typical or the loudest, never blindly the beginning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.hearing.passages import Overview, Passage, Where, likeness, mean_within, passage
from essentialist.sound import patches
from essentialist.sound.patches import SAMPLE_RATE_HZ, STRETCH_FRAMES

NOWHERE = np.empty((0, 0))
NEVER = np.empty(0)


def overview(duration: float, parts: list[tuple[float, float, int]]) -> Overview:
    """A track of parts, each with its end in s, its level and its kind of sound."""
    ends = np.array([end for end, _, _ in parts])

    def part_at(times: np.ndarray) -> np.ndarray:
        return np.minimum(np.searchsorted(ends, times, side="right"), len(parts) - 1)

    outline = np.array([level for _, level, _ in parts])[part_at((np.arange(400) + 0.5) * duration / 400)]
    middles_s = np.arange(1.5, duration - 1.5, 3.0)
    kinds = np.eye(8)[[kind for _, _, kind in parts]][part_at(middles_s)]
    return Overview(duration, outline, kinds, middles_s)


QUIET_INTRO = overview(200, [(60, 0.1, 0), (120, 0.5, 1), (160, 0.9, 2), (200, 0.5, 1)])
"""A quiet intro, then what most of the track is like, with a loud chorus in between."""


def test_the_typical_passage_is_like_most_of_the_track() -> None:
    found = passage(QUIET_INTRO, 30, "typical")
    assert found.start_s >= 60
    assert found.start_s + 30 <= 120


def test_the_energetic_passage_is_the_loud_chorus() -> None:
    found = passage(QUIET_INTRO, 30, "energetic")
    assert found.start_s >= 118
    assert found.start_s + 30 <= 162


def test_of_a_record_that_is_loud_throughout_the_typical_part_is_the_energetic_one() -> None:
    loud = overview(200, [(80, 0.98, 0), (160, 0.99, 1), (200, 1.0, 2)])
    assert passage(loud, 30, "energetic") == passage(loud, 30, "typical")


@pytest.mark.parametrize("where", ["typical", "energetic"])
def test_without_patches_the_loudest_part_is_taken(where: Where) -> None:
    track = Overview(100, np.repeat([0.1, 0.8, 0.1, 0.1], 100), NOWHERE, NEVER)
    assert passage(track, 25, where) == Passage(25.0, 25)


@pytest.mark.parametrize("where", ["typical", "energetic"])
@pytest.mark.parametrize("outline", [np.zeros(400), np.empty(0)], ids=["silence", "too short for an outline"])
def test_what_is_the_same_everywhere_is_heard_in_the_middle(where: Where, outline: np.ndarray) -> None:
    assert passage(Overview(100, outline, NOWHERE, NEVER), 30, where) == Passage(35.0, 30)


@pytest.mark.parametrize("duration", [0.4, 29.9, 30.0])
def test_a_short_track_is_heard_whole(duration: float) -> None:
    assert passage(overview(duration, [(duration, 0.5, 0)]), 30, "typical") == Passage(0.0, duration)


def test_a_long_track_has_windows_without_a_patch() -> None:
    middles_s = np.array([600.0, 1200.0, 1800.0])
    track = Overview(2400, np.ones(400), np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]), middles_s)
    found = passage(track, 30, "typical")
    assert found.start_s <= 1200 <= found.start_s + 30


@given(
    duration=st.floats(0.1, 5_000),
    seconds=st.floats(5, 120),
    where=st.sampled_from(["typical", "energetic"]),
    seed=st.integers(0, 99),
    n_patches=st.integers(0, 32),
)
def test_a_passage_lies_within_its_track(
    duration: float, seconds: float, where: Where, seed: int, n_patches: int
) -> None:
    generator = np.random.default_rng(seed)
    middles_s = np.sort(generator.uniform(0, duration, n_patches))
    track = Overview(duration, generator.uniform(0, 1, 400), generator.normal(size=(n_patches, 4)), middles_s)
    found = passage(track, seconds, where)
    assert found.start_s >= 0
    assert found.start_s + found.seconds <= duration + 1e-6
    assert found.seconds == min(seconds, duration)
    assert found == passage(track, seconds, where)


def test_a_mean_within_is_the_mean_of_what_lies_there() -> None:
    means = mean_within(np.array([1.0, 2.0, 5.0]), np.array([1.0, 3.0, 8.0]), np.array([0.0, 2.0, 3.0, 6.0]), 2.5)
    np.testing.assert_array_equal(means, [2.0, 3.0, 8.0, np.nan])


def test_patches_of_nothing_are_like_nothing() -> None:
    np.testing.assert_array_equal(likeness(np.zeros((3, 4))), [0, 0, 0])
    assert len(likeness(NOWHERE)) == 0


@pytest.mark.parametrize("n_stretches", [1, 5, 32, 33, 63, 64, 65, 100, 130, 300])
def test_where_patches_lie_is_known(n_stretches: int) -> None:
    """Each frame of a made-up recording sounds as loud as it is late; so each stretch tells where it was."""
    n_samples = n_stretches * patches.STRETCH_HOP
    duration = n_samples / SAMPLE_RATE_HZ
    tone = np.sin(2 * np.pi * 1_000 * np.arange(patches.STRETCH_HOP, dtype=np.float32) / SAMPLE_RATE_HZ)
    collector = patches.collector("balanced")
    for index in range(n_stretches):
        collector.push(tone.astype(np.float32) * np.float32(0.001 * 1.02**index))
    levels = [float(stretch[10:-10].max()) for stretch in collector.finish()]
    every = patches.WholeCollector()
    for index in range(n_stretches):
        every.push(tone.astype(np.float32) * np.float32(0.001 * 1.02**index))
    (whole,) = every.finish()
    middles_s = patches.middles_s("balanced", STRETCH_FRAMES, 93, duration)
    assert len(middles_s) == len(levels)
    frames = np.round(middles_s * SAMPLE_RATE_HZ / patches.HOP_SIZE).astype(int)
    expected = [float(whole[frame - 80 : frame + 80].max()) for frame in frames]
    np.testing.assert_allclose(levels, expected, rtol=1e-4)


def test_in_full_patches_lie_a_hop_apart() -> None:
    middles_s = patches.middles_s("full", 187, 93, 30.0)
    np.testing.assert_allclose(np.diff(middles_s), 93 * 256 / SAMPLE_RATE_HZ)
    assert middles_s[0] == pytest.approx(187 / 2 * 256 / SAMPLE_RATE_HZ)
    n_frames = patches.n_frames(30 * SAMPLE_RATE_HZ)
    cut = patches.windows([np.zeros((n_frames, 96), np.float32)], 187, 93)
    assert len(middles_s) == len(cut)
