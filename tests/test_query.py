"""What queries find, and what is said of wrong ones."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from essentialist.errors import QueryError
from essentialist.query import field_named, parse
from essentialist.query.fields import label_names
from essentialist.query.grammar import MAX_DEPTH, MAX_LENGTH, MAX_TERMS
from essentialist.query.keys import TONICS, read_key, spellings
from essentialist.query.tree import KeyIs, LabelIn, Not
from queried import FIELDS, ROWS, STYLES, Row, catalogue, found, masked

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(catalogue(tmp_path_factory.mktemp("query") / "catalogue.db", ROWS)) as connection:
        yield connection


EXAMPLES = {
    "": [1, 2, 3, 4],
    # numbers
    "bpm:120": [1, 2],
    "bpm:120.0": [1],
    "bpm:120.123456789": [],
    "bpm:119.9999999996": [1],
    "bpm:=120": [1],
    "bpm:120..128": [1, 3],
    "bpm:120..<128": [1],
    "bpm:119.6<..128": [1, 3],
    "bpm:>=128": [3],
    "bpm>120": [3],
    "bpm:..119.6": [2, 4],
    "bpm:90,128": [3, 4],
    "loudness:-14..-8": [1, 2, 3],
    "loudness:<-9.5": [1],
    "loudness:none": [4],
    "voice:any": [1, 2, 3],
    "voice:0": [2, 3],
    "voice:0.0": [3],
    "-voice:0..0.5": [1, 4],
    "year:1965,2005": [1, 2],
    "year:..1999": [1, 3],
    "year:none": [4],
    "id:=2": [2],
    # percentiles: of 90, 119.6, 120, 128
    "bpm:p50": [2],
    "bpm:p51..": [1, 3],
    "bpm:>p75": [3],
    "bpm:p0..p25": [4],
    "bpm:p25..120": [1, 2, 4],
    "bpm:<=p100": [1, 2, 3, 4],
    "intro:p10": [1],
    # durations
    "duration:<6m": [2, 3, 4],
    "duration:3:30..5:00": [2, 4],
    "duration:3:30": [4],
    "duration:4m": [2, 4],
    "duration:268s": [2],
    "duration:>0.1h": [1],
    "duration:<277777777776h": [1, 2, 3, 4],
    "duration:0:10:22": [1],
    "intro:<1m": [1],
    # ages and dates
    "added:<30d": [1, 4],
    "added:>4w": [2, 3],
    "added:1d..2m": [1, 2],
    "added:2024-01-15": [3],
    "added:2024-01": [3],
    "added:2024": [1, 2, 3, 4],
    "added:2024-06-01..": [1, 4],
    "added:..2024-01-15": [3],
    "added:>2024-01": [1, 2, 4],
    "added:<2024-01-15": [],
    "added:p75..": [1, 4],
    # keys
    "key:Am": [1],
    'key:"A minor"': [1],
    "key:8A": [1],
    "key:8": [1],
    "key:1B": [2],
    "key:F#": [3, 4],
    "key:gb": [3, 4],
    "key:Gbm": [3],
    "key:11a,Am": [1, 3],
    "camelot:08A": [1],
    "key:Cb": [2],
    "key:any": [1, 2, 3, 4],
    "scale:minor": [1, 3],
    "scale:none": [4],
    # text
    'artist:"Nina Simone"': [1],
    "artist:nina": [1],
    "artist:simon,sigur": [1, 2],
    "artist:=nina": [],
    'artist:="NINA  SIMONE"': [1],
    "artist:strasse": [3],
    "artist:ros": [2],
    'artist:"None"': [4],
    'album:""': [3, 4],
    "album:any": [1, 2],
    "genre:rock": [2],
    "genre:=rock": [],
    "genre:none": [4],
    'tag-key:""': [1, 2, 3, 4],
    "path:odd": [3],
    "title:sigur": [],
    # free words
    "sinnerman": [1],
    "HOPPIPOLLA": [2],
    '"nina simone"': [1],
    '"simone nina"': [],
    "simone nina": [1],
    "Nina Simone - Sinnerman": [1],
    "don't": [4],
    '"""stop"""': [4],
    "100%": [3],
    "%": [3],
    "K": [2],
    '"_"': [3],
    "sinner, sigur": [1, 2],
    # distributions
    'style:"deep house"': [3],
    "style:house": [],
    "style:house>=0.05": [3],
    "style:electronic": [3],
    "style:electronic>0.4": [],
    'style:"Electronic---Deep House"': [3],
    'styles:"electronic / deep house"': [3],
    'style:"funk / soul"': [3],
    "style:electronic<0.5": [2, 3],
    "style:electronic<=0.05": [2],
    "style:electronic=0.3..0.5": [3],
    "style:any": [2, 3],
    "tag:piano": [1],
    "tag:piano>0.6": [],
    'tag:"female vocalists"': [1],
    "mood:happy": [2],
    "mood:happy>0.2": [1, 2],
    "mood:sad<0.1": [2],
    "mood:sad>=p100": [1],
    "mood:sad<=p50": [2],
    "style:electronic>=0": [2, 3],
    "style:electronic=0..0.4": [2, 3],
    "style:electronic<p50": [],
    "style:electronic>=p0": [2, 3],
    "mood:none": [3, 4],
    "-style:indie": [1, 3, 4],
    # combinations
    "bpm:120 voice:>0.5": [1],
    "bpm:120 and voice:>0.5": [1],
    "bpm:128 or voice:>0.5": [1, 3],
    "bpm:90 or bpm:120 voice:>0.5": [1, 4],
    "(bpm:90 or bpm:120) -voice:>0.5": [2, 4],
    "-(bpm:90 or key:Am)": [2, 3],
    "not sinnerman not bpm:90": [2, 3],
    "--sinnerman": [1],
    "-bpm:none": [1, 2, 3, 4],
    "-bpm:120..130": [2, 4],
}


@pytest.mark.parametrize(("query", "ids"), EXAMPLES.items(), ids=EXAMPLES)
def test_a_query_finds_its_tracks(collection: sqlite3.Connection, query: str, ids: list[int]) -> None:
    assert found(collection, parse(query, FIELDS)) == ids


@pytest.mark.parametrize(("query", "ids"), EXAMPLES.items(), ids=EXAMPLES)
def test_a_mask_finds_the_same_tracks(collection: sqlite3.Connection, query: str, ids: list[int]) -> None:
    assert masked(collection, parse(query, FIELDS)) == ids


@pytest.mark.parametrize("query", EXAMPLES)
def test_the_canonical_query_asks_the_same(query: str) -> None:
    tree = parse(query, FIELDS)
    assert parse(str(tree), FIELDS) == tree


@pytest.mark.parametrize("query", EXAMPLES)
def test_not_finds_all_other_tracks(collection: sqlite3.Connection, query: str) -> None:
    tree = parse(query, FIELDS)
    assert sorted(found(collection, tree) + found(collection, Not(tree))) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("bpn:120", 'No field "bpn"; did you mean "bpm"? See `essentialist status` for all fields.'),
        (
            "xyzzy:1",
            'No field "xyzzy"; put it in quotes to search for the text. See `essentialist status` for all fields.',
        ),
        ("bpm:fast", 'bpm cannot be "fast"; write a number of BPM such as 3 or 0.5, a range such as 3..5, or a'),
        ("bpm:120-130", 'bpm cannot be "120-130"; a range is written 120..130.'),
        ("bpm:130..120", 'The range "130..120" runs backwards; write 120..130.'),
        ("bpm:p80..p20", 'The range "p80..p20" runs backwards; write p20..p80.'),
        ("bpm:..", '".." has no end; write bpm:any for tracks that have a value at all.'),
        ("bpm:p101", '"p101" is no percentile; they go from p0 to p100.'),
        ("voice:>30", 'voice is never ">30"; it lies between 0 and 1.'),
        ("bpm: 120", "A value is missing at 5; write one there, without a space"),
        ("key:8A,", "A value is missing at 8;"),
        ("duration:5x", 'duration cannot be "5x"; write a duration such as 90s, 6m, 3:30 or 1h'),
        ("added:30d", "Write added:<30d for the last 30d, > for longer ago."),
        ("added:soon", 'added cannot be "soon"; write a day such as 2024-01-31'),
        ("added:2024-02-30", 'added cannot be "2024-02-30"; write a day'),
        ("added:2024..2023", 'The range "2024..2023" runs backwards; write 2023..2024.'),
        ("key:H", 'No key "H"; write it as Am, "A minor", F# or, in Camelot, 8A or 8.'),
        ('key:"A minr"', 'No key "A minr"; did you mean "A minor"?'),
        ('style:"deep hause"', 'No style "deep hause"; did you mean "deep house"?'),
        ("mood:xyzzy", 'No mood "xyzzy"; try "happy" or "sad".'),
        ("scale:minr", 'No scale "minr"; did you mean "minor"?'),
        ("tag:>0.3", 'tags needs a label before ">0.3", as in tags:LABEL>0.3.'),
        ("tag:piano>30", 'probability is never ">30"; it lies between 0 and 1.'),
        ("artist:>x", 'artist is text and cannot be ">x"; write artist:word for a part'),
        ('love "abc', "The quotation mark at 6 is not closed; add another after the text."),
        ("a (b or c", 'The "(" at 3 is not closed; add a ")".'),
        ("a)", 'The ")" at 2 closes nothing; remove it'),
        ("()", 'The ")" at 2 closes nothing;'),
        ("or", '"or" at 1 joins two terms; put it in quotes to search for the word.'),
        ("a or", "The query ends where a term should follow; add one."),
        ("not", "The query ends where a term should follow; add one."),
        (",a", 'The "," at 1 has no value before it; it stands between values.'),
        ("a, bpm:3", 'A field follows the "," before 4; between terms write "or".'),
        ('"  "', "Nothing is between the quotation marks; write the text to search for."),
        ("duration:<277777777777h", 'duration cannot be "277777777777h"; write a duration'),
        ('""', "Nothing is between the quotation marks; write the text to search for."),
        ("(" * 100 + "a" + ")" * 100, f'Parentheses and "not" are nested more than {MAX_DEPTH} deep;'),
        ("-" * 100 + "a", f'Parentheses and "not" are nested more than {MAX_DEPTH} deep;'),
        ("a " * (MAX_TERMS + 1), f"The query has more than {MAX_TERMS} terms; split it."),
        ("a" * 2**20, f"The query has 1,048,576 characters; shorten it to {MAX_LENGTH:,}."),
        ("bpm:\x00\n" + "x" * 99, 'bpm cannot be "\\x00"; write'),
        ("bpm:" + "9" * 99, 'bpm cannot be "' + "9" * 57 + '..."; write'),
    ],
)
def test_a_wrong_query_names_the_remedy(query: str, message: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(query, FIELDS)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_the_widest_and_the_deepest_query_are_within_the_limits_of_sqlite(collection: sqlite3.Connection) -> None:
    wide = " or ".join(["style:electronic=p10..p90"] * MAX_TERMS)
    deep = "x or y (" * MAX_DEPTH + "style:electronic>p90" + ")" * MAX_DEPTH
    negated = "x or y -(" * (MAX_DEPTH // 2) + "style:electronic>p90" + ")" * (MAX_DEPTH // 2)
    assert found(collection, parse(wide, FIELDS)) == [2, 3]
    for query in (deep, negated):
        assert set(found(collection, parse(query, FIELDS))) <= {1, 2, 3, 4}


def test_labels_are_named_alike_in_sql_and_in_python(collection: sqlite3.Connection) -> None:
    for name in sorted({name for label in STYLES for name in label_names(label)}):
        expected = {label for label in STYLES if name in label_names(label)}
        for label in STYLES:
            row = Row(labels={"styles": {label: 0.5}})
            with closing(catalogue(Path(":memory:"), (row,))) as connection:
                tree = parse(f'style:"{name}"', FIELDS)
                assert isinstance(tree, LabelIn)
                assert bool(found(connection, tree)) == (label in expected)


def test_a_key_has_one_reading_in_every_spelling() -> None:
    for tonic in TONICS:
        assert {read_key(spelling) for spelling in spellings(tonic)} == {(KeyIs(tonic, None),)}
        for minor in ("m", "min", " minor", "-Minor"):
            assert read_key(tonic + minor) == (KeyIs(tonic, "minor"),)
        for major in ("M", "maj", " major"):
            assert read_key(tonic + major) == (KeyIs(tonic, "major"),)
    codes = {f"{number}{letter}" for number in range(1, 13) for letter in "AB"}
    assert len({read_key(code) for code in codes}) == 24


def test_fields_are_found_by_singular_case_and_hyphen() -> None:
    assert field_named(FIELDS, "Album-Artist").name == "album_artist"
    assert field_named(FIELDS, "tag").name == field_named(FIELDS, "tags").name == "tags"
    assert field_named(FIELDS, "intro").kind == "duration"
