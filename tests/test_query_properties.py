"""What holds for any query and any tree: it reads back, it is answered alike by SQL and by mask, it stays text."""

from __future__ import annotations

import datetime as dt
import math
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essentialist.errors import QueryError
from essentialist.query import parse, sql
from essentialist.query.grammar import MAX_DEPTH
from essentialist.query.keys import TONICS
from essentialist.query.tree import (
    AgeIn,
    And,
    Bound,
    DateIn,
    KeyIs,
    LabelIn,
    Labelled,
    Not,
    NumberIn,
    Or,
    Percentile,
    Present,
    Range,
    TextHas,
    TextIs,
    Tree,
    Words,
)
from essentialist.text import fold
from queried import DAY_S, FIELDS, NOW, ROWS, STYLES, Row, catalogue, found, masked

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(catalogue(tmp_path_factory.mktemp("query") / "catalogue.db", ROWS)) as connection:
        yield connection


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(fold)
FIELD_QUERIES = st.tuples(
    st.sampled_from(sorted(FIELDS)),
    st.sampled_from(["", "=", "<", ">", "<=", ">=", ".."]),
    st.sampled_from(
        ["120", "-8.25", "p20", "p99.5", "3:30", "30d", "2024-02", "Am", "house", "piano>0.2", '""', "any"]
    ),
    st.sampled_from(["", "..", "..130", "..<p80", "..2025", ",0.5", ',"x"', ">0.25", "=0.1..p90"]),
).map(lambda parts: f"{parts[0]}:{''.join(parts[1:])}")
ANY_QUERIES = st.lists(
    st.one_of(
        FIELD_QUERIES, TEXTS, TEXTS.map(lambda text: f'"{text}"'), st.sampled_from(["or", "and", "not", "-", "(", ")"])
    ),
    max_size=8,
).map(" ".join)
WORDS = st.sampled_from(["a", "é", "E\u0301", "Nina", "nina simone", "A B", "ß", "\u00e4rz", "x/y", "0", "-", '"', "%"])
NUMBERS = st.one_of(st.integers(-3, 8).map(float), st.sampled_from([0.1, 0.5, 2.5, 119.5]))
QUANTITIES = st.from_regex(r"[0-9]{1,16}(\.[0-9]{1,13})?(|s|m|h|d|y)", fullmatch=True)
PERCENTILES = st.builds(Percentile, st.sampled_from([0.0, 0.5, 20.0, 50.0, 66.6, 99.9, 100.0]))
DAYS = st.dates(dt.date(2024, 6, 25), dt.date(2024, 7, 2))


def ranges(values: st.SearchStrategy[float | Percentile]) -> st.SearchStrategy[Range]:
    """Ranges as queries write them: one end or two, in order where they can be compared, no end open in `=3`."""
    ends = st.builds(Bound, values, st.booleans())
    both = st.tuples(ends, ends).filter(lambda pair: _may_be_a_range(*pair)).map(lambda pair: Range(*pair))
    return st.one_of(ends.map(lambda end: Range(end, None)), ends.map(lambda end: Range(None, end)), both)


def _may_be_a_range(low: Bound, high: Bound) -> bool:
    values = [end.value.rank if isinstance(end.value, Percentile) else end.value for end in (low, high)]
    return isinstance(low.value, Percentile) != isinstance(high.value, Percentile) or values[0] <= values[1]


LEAVES = st.one_of(
    WORDS.map(Words),
    TEXTS.map(Words),
    st.builds(TextHas, st.sampled_from(["title", "path", "genre"]), WORDS),
    st.builds(TextIs, st.sampled_from(["artist", "genre", "scale"]), st.one_of(WORDS, st.just("minor"))).filter(
        lambda tree: tree.field != "scale" or tree.text == "minor"
    ),
    st.builds(Present, st.sampled_from(["bpm", "key", "album", "year", "genre"])),
    st.builds(Labelled, st.sampled_from(["tags", "styles"])),
    st.builds(KeyIs, st.sampled_from(TONICS), st.sampled_from(["major", "minor", None])),
    st.builds(
        NumberIn, st.sampled_from(["intro", "duration", "year", "tag_bpm"]), ranges(st.one_of(NUMBERS, PERCENTILES))
    ),
    st.builds(AgeIn, st.just("added"), ranges(NUMBERS.map(lambda days: days * DAY_S))),
    st.builds(lambda days: DateIn("added", min(days), max(days)), st.tuples(DAYS, DAYS)),
    st.builds(
        LabelIn,
        st.just("styles"),
        st.sampled_from(["Electronic", "house", "Electronic---Deep House", "funk / soul", "Indie"]),
        ranges(st.one_of(st.sampled_from([0.0, 0.05, 0.1, 0.5, 1.0]), PERCENTILES)),
    ),
)


def _branches(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(trees, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(And), several.map(Or), trees.map(Not))


TREES = st.recursive(LEAVES, _branches, max_leaves=6)
ROWS_OF_ANY = st.lists(
    st.builds(
        Row,
        title=WORDS,
        artist=st.one_of(WORDS, st.just("")),
        album=st.one_of(WORDS, st.just("")),
        path=st.binary(max_size=3),
        genre=st.one_of(WORDS, st.just("")),
        year=st.one_of(st.none(), st.integers(-3, 8)),
        duration=NUMBERS,
        added=st.one_of(st.floats(NOW - 4 * DAY_S, NOW), st.integers(0, 4).map(lambda days: NOW - days * DAY_S)),
        missing=st.sampled_from([0, 0, 0, 1]),
        values=st.fixed_dictionaries(
            {},
            optional={
                "bpm": NUMBERS,
                "intro": NUMBERS,
                "key": st.sampled_from(["A", "Gb", "F#", "B"]),
                "scale": st.sampled_from(["major", "minor"]),
            },
        ),
        labels=st.fixed_dictionaries(
            {},
            optional={
                "styles": st.dictionaries(st.sampled_from(STYLES), st.sampled_from([0.0, 0.05, 0.1, 0.5, 1.0])),
                "tags": st.just({"piano": 0.3}),
            },
        ),
    ),
    max_size=8,
).map(lambda rows: tuple(replace(row, path=row.path + bytes([number])) for number, row in enumerate(rows)))


@given(ROWS_OF_ANY, TREES)
def test_sql_and_mask_find_the_same_tracks(rows: tuple[Row, ...], tree: Tree) -> None:
    with closing(catalogue(Path(":memory:"), rows)) as connection:
        assert masked(connection, tree) == found(connection, tree)


@given(TREES.filter(lambda tree: str(tree).count("(") + str(tree).count("-") <= MAX_DEPTH))
def test_any_tree_parses_back_from_its_canonical_query(tree: Tree) -> None:
    assert parse(str(tree), FIELDS) == tree


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.one_of(ANY_QUERIES, st.text(max_size=30)))
def test_any_text_is_a_query_or_an_error(collection: sqlite3.Connection, query: str) -> None:
    message = ""
    try:
        tree = parse(query, FIELDS)
    except QueryError as error:
        tree, message = And(()), str(error)
    assert message.isprintable()
    assert parse(str(tree), FIELDS) == tree
    assert found(collection, tree) == masked(collection, tree)


@given(st.sampled_from(["bpm", "duration", "year", "added"]), QUANTITIES, st.sampled_from(["", "=", "<", ">="]))
def test_any_number_reads_back(field: str, quantity: str, comparison: str) -> None:
    try:
        tree = parse(f"{field}:{comparison}{quantity}", FIELDS)
    except QueryError:
        tree = And(())
    assert parse(str(tree), FIELDS) == tree


@given(TEXTS)
def test_no_text_of_the_query_enters_the_sql(text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    for template in ("x {}", "artist:{}", "genre:={}", "path:{}"):
        ours, other = (sql(parse(template.format(value), FIELDS), now=NOW) for value in (quoted, '"other"'))
        assert ours.text == other.text


def test_injection_stays_text(collection: sqlite3.Connection) -> None:
    for text in ("'); DROP TABLE track; --", "x' OR '1'='1", "a\x00b", "\udcff\udcff\udcff"):
        for name in ("title", "artist", "genre", "path"):
            assert found(collection, TextHas(name, text)) == []
    assert found(collection, And(())) == [1, 2, 3, 4]
    with pytest.raises(ValueError, match="cannot be the name of a field"):
        sql(Present('bpm" OR 1 --'))


@settings(max_examples=25)
@given(
    st.lists(st.one_of(st.none(), st.integers(60, 70).map(float)), max_size=12),
    st.sampled_from([0, 1, 33.3, 50, 60, 99.9, 100]),
)
def test_a_percentile_is_the_nearest_rank_of_the_present_values(values: list[float | None], rank: float) -> None:
    rows = tuple(Row(values={} if value is None else {"bpm": value}) for value in values)
    present = sorted(value for value in values if value is not None)
    limit = present[max(math.ceil(len(present) * rank / 100), 1) - 1] if present else math.inf
    with closing(catalogue(Path(":memory:"), rows)) as connection:
        ids = found(connection, parse(f"bpm:p{rank}..", FIELDS))
    assert ids == [number for number, value in enumerate(values, start=1) if value is not None and value >= limit]
