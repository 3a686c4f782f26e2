"""Exploring as plain values: sliders and chips are terms of the query, an address is a state, a lasso a polygon."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.query import Distribution, Field, parse
from essentialist.query.tree import And, Bound, NumberIn, Or, Percentile, Range, Words
from essentialist.text import fold
from essentialist.web.views.asking import chosen, owns, ranges, terms, together, with_choice, with_range
from essentialist.web.views.choices import WHEEL, most_probable, ranked
from essentialist.web.views.lasso import MOST, UNITS, inside, polygon, polygon_of, text_of
from essentialist.web.views.sliders import NO_BIN, round_width, scale_of
from essentialist.web.views.state import State
from queried import FIELDS, STYLES

BPM, YEAR, STYLE, GENRE, CAMELOT = (FIELDS[name] for name in ("bpm", "year", "styles", "genre", "camelot"))
QUERIES = st.sampled_from(
    ["", "nina", "bpm:100..120", "year:1990.. -tags:piano", "voice:..p45 or rock", "(a or b) key:8A,9A genre:=Jazz"]
)
NUMBERS = st.one_of(st.floats(-1e4, 1e4), st.just(np.nan))
CORNERS = st.tuples(st.integers(0, UNITS), st.integers(0, UNITS))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=12).filter(fold)


@given(QUERIES, st.floats(30, 300), st.floats(30, 300))
def test_a_slider_is_a_term_of_the_query_and_reads_back(query: str, one: float, other: float) -> None:
    low, high = sorted((round(one, 2), round(other, 2)))
    tree = parse(query, FIELDS)
    asked = with_range(BPM, tree, Range(Bound(low), Bound(high)))
    assert parse(str(asked), FIELDS) == asked
    assert ranges(BPM, asked) == (Range(Bound(low), Bound(high)),)
    assert [each for each in terms(asked) if not owns(BPM, each)] == [
        each for each in terms(tree) if not owns(BPM, each)
    ]
    assert ranges(BPM, with_range(BPM, asked, None)) == ()


@given(QUERIES, st.lists(st.sampled_from(WHEEL), unique=True), st.lists(st.sampled_from(STYLES), unique=True))
def test_chips_are_terms_of_the_query_and_read_back(query: str, keys: list[str], styles: list[str]) -> None:
    tree = with_choice(STYLE, with_choice(CAMELOT, parse(query, FIELDS), keys), styles)
    assert parse(str(tree), FIELDS) == tree
    assert chosen(CAMELOT, tree) == tuple(keys)
    assert chosen(STYLE, tree) == tuple(styles)
    assert chosen(STYLE, with_choice(STYLE, tree, ())) == ()


@given(TEXTS)
def test_any_genre_can_be_chosen(genre: str) -> None:
    tree = with_choice(GENRE, parse("", FIELDS), [genre])
    assert parse(str(tree), FIELDS) == tree
    assert chosen(GENRE, tree) == (genre,)


def test_a_facet_leaves_what_it_cannot_say() -> None:
    tree = parse("bpm:100..120 (bpm:90 or rock) -bpm:110 tags:piano>0.6 key:A", FIELDS)
    assert [owns(BPM, each) for each in terms(tree)] == [True, False, False, False, False]
    assert [owns(FIELDS["tags"], each) for each in terms(tree)] == [False] * 5
    assert chosen(CAMELOT, tree) == ("8A", "11B")
    assert str(with_range(BPM, tree, None)) == str(together(terms(tree)[1:]))


def test_what_replaces_a_term_stands_in_its_place() -> None:
    asked = with_range(BPM, parse("nina bpm:100..120 live", FIELDS), Range(Bound(90.0), None))
    assert asked == And((Words("nina"), NumberIn("bpm", Range(Bound(90.0), None)), Words("live")))


@given(st.lists(NUMBERS, min_size=1, max_size=300), st.data())
def test_every_known_number_is_counted_in_the_bin_where_it_lies(numbers: list[float], data: st.DataObject) -> None:
    values = np.array(numbers)
    scale = scale_of(BPM, values)
    known = np.isfinite(values)
    if scale is None:
        assert not known.any()
        return
    assert ((scale.bins == NO_BIN) == ~known).all()
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    counts = [0] * scale.n
    for number, is_in in zip(numbers, mask, strict=True):
        if is_in and np.isfinite(number):
            place = int(np.floor((number - scale.edge(0)) / scale.width + 1e-9))
            counts[min(max(place, 0), scale.n - 1)] += 1
    assert scale.counts(mask) == counts


@given(st.sampled_from([BPM, YEAR, FIELDS["duration"]]), st.integers(0, 9), st.data())
def test_where_a_slider_is_put_there_it_is_found(field: Field, seed: int, data: st.DataObject) -> None:
    chance = np.random.default_rng(seed)
    values = chance.normal(150, 12, 400).round(0 if field.kind == "whole" else 3)
    scale = scale_of(field, values)
    assert scale is not None
    low = data.draw(st.integers(0, scale.n - 1))
    high = data.draw(st.integers(low + 1, scale.n))
    asked = scale.range(low, high)
    assert (asked is None) == ((low, high) == (0, scale.n))
    tree = with_range(field, parse("", FIELDS), asked)
    assert scale.positions(ranges(field, parse(str(tree), FIELDS))) == (low, high)


def test_a_slider_of_whole_numbers_counts_what_it_asks_for() -> None:
    values = np.repeat(np.arange(1980.0, 2020.0), 3)
    scale = scale_of(YEAR, values)
    assert scale is not None
    asked = scale.range(5, 9)
    assert asked is not None
    assert str(NumberIn("year", asked)) == "year:1985..1988"
    assert sum(scale.counts((values >= 1985) & (values <= 1988))[5:9]) == 12


def test_a_slider_stands_where_a_percentile_is() -> None:
    scale = scale_of(BPM, np.arange(0.0, 101.0))
    assert scale is not None
    low, high = scale.positions([Range(Bound(Percentile(25)), Bound(Percentile(75)))])
    assert (scale.edge(low), scale.edge(high)) == pytest.approx((25, 75), abs=scale.width)


@given(st.floats(1e-5, 1e6))
def test_a_width_is_round_and_wide_enough(rough: float) -> None:
    width = round_width(rough)
    assert rough * (1 - 1e-9) <= width <= rough * 2.5 * (1 + 1e-9)
    assert f"{width:e}"[0] in "125"


@given(
    st.builds(
        State,
        TEXTS,
        TEXTS,
        st.integers(1, 10**8 - 1),
        TEXTS,
        TEXTS,
        TEXTS,
        TEXTS,
        st.lists(CORNERS, min_size=3, max_size=MOST).map(tuple),
    )
)
def test_the_address_is_the_state(state: State) -> None:
    assert State.of(state.address()) == state


@given(
    st.dictionaries(st.sampled_from(["q", "sort", "page", "x", "y", "colour", "only", "lasso"]), st.text(max_size=30))
)
def test_any_address_is_some_state(address: dict[str, str]) -> None:
    state = State.of(address)
    assert State.of(state.address()) == state
    assert state.page >= 1


@given(
    st.lists(CORNERS, min_size=3, max_size=12),
    st.lists(st.tuples(st.integers(0, UNITS), st.integers(0, UNITS)), max_size=40),
)
def test_the_lasso_holds_what_a_ray_crosses_oddly(
    corners: list[tuple[int, int]], points: list[tuple[int, int]]
) -> None:
    x = np.array([at for at, _ in points] + [np.nan], np.float64)
    y = np.array([at for _, at in points] + [5.0], np.float64)
    assert inside(tuple(corners), x, y).tolist() == [crosses_oddly(corners, *each) for each in points] + [False]


def crosses_oddly(corners: list[tuple[int, int]], x: int, y: int) -> bool:
    """By whole numbers only: how often a ray to the right crosses the outline."""
    n_crossings = 0
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y0 > y) == (y1 > y):
            continue
        side = (x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)  # times y1 - y0: whether the edge is to the right
        n_crossings += (side < 0) == (y1 > y0) and side != 0
    return n_crossings % 2 == 1


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        "x",
        [],
        [[1, 2]],
        [[1, 2], [3, 4], [5]],
        [[1, 2], [3, 4], [5, True]],
        [[0, 0]] * 61,
        [[0, 0], [9, 9], [-1, 5]],
    ],
)
def test_what_is_no_polygon_is_none(hostile: object) -> None:
    assert polygon(hostile) == ()


@given(st.text(max_size=40))
def test_the_text_of_a_lasso_is_strict(text: str) -> None:
    found = polygon_of(text)
    assert found == () or polygon_of(text_of(found)) == found


def test_chips_show_those_chosen_then_the_most_frequent() -> None:
    names = ("a", "b", "c", "d")
    assert ranked(names, np.array([1, 0, 5, 3]), ["b"], 3) == [1, 2, 3]


def test_alternatives_of_another_field_are_not_owned() -> None:
    tree = parse("genre:=Jazz or bpm:100..120", FIELDS)
    assert isinstance(tree, Or)
    assert not owns(GENRE, tree)
    assert not owns(BPM, tree)


@given(st.lists(st.lists(st.sampled_from([0.0, 0.02, 0.1, 0.5, 0.9]), min_size=3, max_size=3), min_size=1, max_size=20))
def test_the_most_probable_label_of_each_track(table: list[list[float]]) -> None:
    values = np.array(table)  # 0 stands for a label that was not kept
    rows = [np.flatnonzero(values[:, label]) for label in range(3)]
    kept = np.concatenate([values[each, label] for label, each in enumerate(rows)])
    ends = np.cumsum([0, *map(len, rows)])
    distribution = Distribution(("a", "b", "c"), ends, np.concatenate(rows).astype(np.int32), kept)
    expected = np.where(values.max(axis=1) > 0, values.argmax(axis=1), -1)
    assert most_probable(distribution, len(table)).tolist() == expected.tolist()
