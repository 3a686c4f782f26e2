"""Values in the words of a reason."""

from __future__ import annotations

import time

import pytest

from essentialist.choosing.wording import worded


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("duration", 187.4, "3:07"),
        ("duration", 59.6, "1:00"),
        ("bpm", 123.6, "124"),
        ("voice", 0.618, "0.62"),
        ("loudness", -8.04, "-8"),
        ("year", 1999, "1999"),
        ("plays", 3, "3"),
        ("title", "Help!", "Help!"),
        ("genre", "", "unknown"),
        ("played", None, "unknown"),
    ],
)
def test_a_value_is_said_as_one_hears_it(field: str, value: object, said: str) -> None:
    assert worded(field, value) == said


def test_a_moment_is_a_local_date() -> None:
    noon = time.mktime((2026, 1, 31, 12, 0, 0, 0, 0, -1))
    assert worded("added", noon) == "2026-01-31"
