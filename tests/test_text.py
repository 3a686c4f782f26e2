"""How text is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.text import fold


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Sigur\tRÓS\x00x ", "sigur ros x"),
        ("Straße Łódź Mø Æon", "strasse lodz mo aeon"),
        ("DON\u2019T \u201cSTOP\u201d \u2013 now", 'don\'t "stop" - now'),
        ("\u0401\u0419", "\u0435\u0438"),
        ("\uff46\uff55\uff4c\uff4c \ufb01 \u2163", "full fi iv"),
        ("각", "각"),
        ("a\udcffb", "a\ufffdb"),
        (b"a\xff\xc3\x89", "a\ufffde"),
    ],
)
def test_text_is_folded(text: str | bytes, folded: str) -> None:
    assert fold(text) == folded
