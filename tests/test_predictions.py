"""Tables of predictions that any program wrote: whatever is in them, they are read or refused in one line."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from essentialist.errors import EvaluationError
from essentialist.predictions import number, read_predictions

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".tsv", ".csv", ".json", ".jsonl")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("predictions")


@given(content=st.binary(max_size=99) | st.text(max_size=99).map(str.encode), suffix=st.sampled_from(SUFFIXES))
@example(content=b"[" * 100_000, suffix=".json")
@example(content=b'path\tbpm\n"', suffix=".tsv")
def test_any_bytes_are_read_or_refused_in_one_line(folder: Path, content: bytes, suffix: str) -> None:
    path = folder / f"any{suffix}"
    path.write_bytes(content)
    try:
        assert all(file.name for file, _ in read_predictions(path).rows if str(file) not in (".", "/", "//"))
    except EvaluationError as error:
        assert str(path) in str(error)  # noqa: PT017 - either is good


@given(rows=st.lists(st.dictionaries(st.sampled_from(["path", "bpm", "Key"]), values, max_size=3), max_size=4) | values)
def test_any_json_is_read_or_refused(folder: Path, rows: object) -> None:
    path = folder / "any.json"
    path.write_text(json.dumps(rows))
    try:
        table = read_predictions(path)
    except EvaluationError:
        return
    for _, row in table.rows:
        try:
            bpm = number(row, "bpm")
        except EvaluationError:
            continue
        assert bpm is None or math.isfinite(bpm)


def test_a_number_beyond_all_numbers_is_told(folder: Path) -> None:
    path = folder / "large.json"
    path.write_text(f'[{{"path": "a.mp3", "bpm": 1{"0" * 400}}}]')
    ((_, row),) = read_predictions(path).rows
    with pytest.raises(EvaluationError, match="not a number"):
        number(row, "bpm")
