"""The time left of a run: by seconds of sound, learnt while files are heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.runs.pace import LEAST_S, TRACK_S, WINDOW_S, Pace
from essentialist.track import AudioFile

MP3 = 40_000  # bytes a second of these files: more than is usual
FLAC = 90_000


def files(*lengths_s: float, suffix: str = "mp3", rate: int = MP3) -> list[AudioFile]:
    return [AudioFile("/music", f"{i}.{suffix}", int(s * rate), 0) for i, s in enumerate(lengths_s)]


def length_s(file: AudioFile) -> float:
    return file.size / (FLAC if file.path.endswith("flac") else MP3)


def listen(pace: Pace, heard: list[AudioFile], now: float, speed: float) -> float:
    """Hear files one after the other at so many seconds of sound a second; the time afterwards."""
    for file in heard:
        now += (length_s(file) + TRACK_S) / speed
        pace.heard(file, length_s(file))
        pace.done(file, now)
    return now


def test_nobody_knows_at_the_beginning_and_nothing_is_left_at_the_end() -> None:
    some = files(200, 200)
    pace = Pace(some, 0.0)
    assert pace.seconds_left(LEAST_S) is None
    now = listen(pace, some, 0.0, speed=100)
    assert pace.seconds_left(now) == 0.0
    assert pace.share_done == 1.0


def test_an_empty_run_is_done() -> None:
    assert Pace((), 0.0).share_done == 1.0
    assert Pace((), 0.0).seconds_left(0.0) == 0.0


def test_a_long_mix_at_the_end_is_no_surprise() -> None:
    short, mix = files(*[180] * 60), files(10_800)
    pace = Pace([*short, *mix], 0.0)
    now = listen(pace, short, 0.0, speed=100)
    assert pace.seconds_left(now) == pytest.approx((10_800 + TRACK_S) / 100, rel=0.05)
    assert pace.share_done == pytest.approx(60 * 240 / (60 * 240 + 10_860), rel=0.05)


def test_bytes_a_second_are_learnt_by_kind_of_file() -> None:
    lossy, lossless = files(*[240] * 30), files(*[240] * 30, suffix="flac", rate=FLAC)
    pace = Pace([*lossy, *lossless], 0.0)
    now = listen(pace, [*lossy[:15], *lossless[:15]], 0.0, speed=50)
    assert pace.seconds_left(now) == pytest.approx(30 * 300 / 50, rel=0.06)


def test_the_speed_is_that_of_the_latest_minutes() -> None:
    pace = Pace(some := files(*[240] * 200), 0.0)
    now = listen(pace, some[:100], 0.0, speed=1_000)
    now = listen(pace, some[100:150], now, speed=50)  # the disk is busy: 5 minutes of this
    assert now > 2 * WINDOW_S
    assert pace.seconds_left(now) == pytest.approx(50 * 300 / 50, rel=0.06)


@given(st.lists(st.floats(0, 20_000), min_size=1, max_size=30), st.floats(0.1, 10_000))
def test_the_share_grows_to_one(lengths: list[float], speed: float) -> None:
    some = files(*lengths)
    pace = Pace(some, 0.0)
    now, shares = 0.0, []
    for file in some:
        pace.done(file, now := now + (length_s(file) + TRACK_S) / speed)  # nothing is learnt: known, or failed
        shares.append(pace.share_done)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
