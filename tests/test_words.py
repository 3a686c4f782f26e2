"""What plain words ask for: a table of phrases, and what holds for any text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.choosing.ordering import ORDERS
from essentialist.choosing.wishes import Length
from essentialist.descriptors import Descriptor, extractors, usable
from essentialist.query import fields_of, parse
from essentialist.text import fold
from essentialist.words import MAX_LENGTH, Known, Understood, is_query, understand
from essentialist.words.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from essentialist.query import Field

SHIPPED = [descriptor for extractor in usable(frozenset({"msd-musicnn-1"})) for descriptor in extractor.outputs]
NETWORKS = [
    Descriptor(
        "styles", "", "distribution", "", None, "", ("Electronic---Deep House", "Jazz---Bop", "Classical---Baroque")
    ),
    Descriptor("moods", "", "distribution", "", None, "", ("happy", "sad", "relaxed", "party", "acoustic")),
    Descriptor("instruments", "", "distribution", "", None, "", ("piano", "violin", "strings", "harp")),
]
FIELDS = fields_of(SHIPPED)
RICH = fields_of([*SHIPPED, *NETWORKS])
EVERYTHING = fields_of([replace(output, labels=()) for extractor in extractors() for output in extractor.outputs])
ARTISTS = ("Nina Simone", "Talk Talk", "Sigur Rós", "Prince", "Quiet", "U2")
TEXTS = "sinnerman nina simone wild is the wind piano sonata talk talk kazoo"
KNOWN = Known({fold(name): name for name in ARTISTS}, frozenset({"bossa nova"}), lambda text: fold(text) in TEXTS)


def said(text: str) -> Understood:
    return understand(text, FIELDS, KNOWN)


PHRASES = {
    # words relative to the collection, and degrees of them
    "calm": "arousal:..p30",
    "very calm": "arousal:..p15",
    "a bit sad": "valence:..p45",
    "fairly fast": "bpm:p58..",
    "really, really loud": "loudness:p85..",
    "extremely quiet": "loudness:..p9",
    "HAPPY": "valence:p70..",
    "sad songs": "valence:..p30",
    "mélancholic": "valence:..p30",
    "something calm and happy": "arousal:..p30 valence:p70..",
    "happy but not too fast": "valence:p70.. -bpm:p70..",
    "danceable": "danceability:p70..",
    "mid-tempo": "bpm:p30..p70",
    # not
    "no ambient": "-tags:ambient>=0.1",
    "no vocals": "-voice:>0.5",
    "without singing": "-voice:>0.5",
    "no jazz or soul": "-tags:jazz>=0.1 -tags:soul>=0.1",
    "rock without jazz and soul": "tags:rock>=0.1 -tags:jazz>=0.1 -tags:soul>=0.1",
    "no jazz, soul": "-tags:jazz>=0.1 tags:soul>=0.1",
    "no jazz, soul or funk, calm": "-tags:jazz>=0.1 -tags:soul>=0.1 -tags:funk>=0.1 arousal:..p30",
    "no jazz, soul, punk or funk": "-tags:jazz>=0.1 -(tags:soul>=0.1 or tags:punk>=0.1) -tags:funk>=0.1",
    "no jazz. Soul or funk": "-tags:jazz>=0.1 (tags:soul>=0.1 or tags:funk>=0.1)",
    "no jazz, calm or soul": "-tags:jazz>=0.1 (arousal:..p30 or tags:soul>=0.1)",
    "no jazz and calm": "-tags:jazz>=0.1 arousal:..p30",
    "nothing slow": "-bpm:..p30",
    "not sad, not loud": "-valence:..p30 -loudness:p70..",
    "calm. No folk.": "arousal:..p30 -tags:folk>=0.1",
    # styles and tags: listed ones are alternatives
    "jazz": "tags:jazz>=0.1",
    "jazz, soul and funk": "tags:jazz>=0.1 or tags:soul>=0.1 or tags:funk>=0.1",
    "calm jazz or soul": "arousal:..p30 (tags:jazz>=0.1 or tags:soul>=0.1)",
    "electronic jazz": "(tags:electronic>=0.1 or tags:electronica>=0.1 or tags:electro>=0.1) tags:jazz>=0.1",
    "classic rock": 'tags:"classic rock">=0.1',
    "hip hop": 'tags:"Hip-Hop">=0.1',
    "female singer": 'tags:"female vocalists">=0.1 or tags:"female vocalist">=0.1',
    "male voice": 'tags:"male vocalists">=0.1',
    "instrumental": "instrumental:>0.5",
    # tempo, keys, durations
    "80-100 bpm": "bpm:80..100",
    "between 80 and 100 BPM": "bpm:80..100",
    "100 to 80 bpm": "bpm:80..100",
    "80 \u2013 100 bpm": "bpm:80..100",
    "around 120 bpm": "bpm:114..126",
    "120 bpm": "bpm:117.6..122.4",
    "under 100 bpm": "bpm:..100",
    "at least 140 bpm": "bpm:140..",
    "not over 130 bpm": "bpm:..130",
    "in A minor": 'key:"A minor"',
    "in C# major": 'key:"C# major"',
    "in f sharp minor": 'key:"F# minor"',
    "b flat major": 'key:"Bb major"',
    "in am": 'key:"A minor"',
    "8A": 'key:"A minor"',
    "8A or 9a": 'key:"A minor" or key:"E minor"',
    "in a minor key": "scale:=minor",
    "under 5 minutes long each": "duration:<300",
    "songs shorter than three minutes": "duration:<180",
    "longer than 10 minutes": "duration:>600",
    "3 to 5 minutes each": "duration:180..300",
    # years
    "90s": "year:1990..1999 or -year:any tags:90s>=0.1",
    "from the 80's": "year:1980..1989 or -year:any tags:80s>=0.1",
    "1970s": "year:1970..1979 or -year:any tags:70s>=0.1",
    "late 60s": "year:1966..1969",
    "the nineties": "year:1990..1999 or -year:any tags:90s>=0.1",
    "from 1985 to 1992": "year:1985..1992",
    "1985-1992": "year:1985..1992",
    "from 1985": "year:=1985",
    "from 1985 on": "year:1985..",
    "since 2010": "year:2010..",
    "before 1970": "year:<1970",
    "added in the last two weeks": "added:<14d",
    # artists and texts
    "by Nina Simone": 'artist:="Nina Simone"',
    "by simone": 'artist:="Nina Simone"',
    "calm songs by Sigur Ros": 'arousal:..p30 artist:="Sigur Rós"',
    "not by prince": "-artist:=Prince",
    "by the quiet": "artist:=Quiet",
    "quiet": "loudness:..p30",
    "u2": "artist:=U2",
    "talk talk": 'artist:="Talk Talk"',
    "calm bossa nova": 'arousal:..p30 genre:"bossa nova"',
    "wild is the wind": "arousal:p70.. wind",
    "kazoo": "kazoo",
    "piano": "piano",
    "without piano": "-piano",
    # nothing in particular
    "": "",
    "some music, please": "",
}


@pytest.mark.parametrize(("text", "query"), PHRASES.items(), ids=PHRASES)
def test_a_phrase_asks_for_a_query(text: str, query: str) -> None:
    understood = said(text)
    assert understood.query == query
    assert understood.unknown == ()
    assert str(parse(understood.query, FIELDS)) == query


WISHES = {
    "45 minutes": ("45 min", None, None),
    "a 45-minute mix": ("45 min", None, None),
    "about two hours": ("2 h", None, None),
    "an hour": ("1 h", None, None),
    "an hour and a half": ("1.5 h", None, None),
    "1 hour and 20 minutes": ("1 h 20 min", None, None),
    "half an hour": ("30 min", None, None),
    "1.5 hours": ("1.5 h", None, None),
    "the top 20 tracks": ("20", None, None),
    "20 tracks": ("20", None, None),
    "twenty songs": ("20", None, None),
    "shuffled": (None, "shuffle", None),
    "rising energy": (None, "rise", None),
    "at most two per artist": (None, None, 2),
    "no artist twice": (None, None, 1),
    "30 tracks, one per artist, winding down": ("30", "fall", 1),
}
DIVERSITIES = {"a varied mix": 0.5, "all sorts of things": 0.5, "very varied": 1.0, "a wide variety, shuffled": 1.0}


@pytest.mark.parametrize(("text", "wishes"), WISHES.items(), ids=WISHES)
def test_a_phrase_wishes_for_a_length_an_order_or_a_limit(text: str, wishes: tuple[object, ...]) -> None:
    understood = said(text)
    assert (understood.length, understood.order, understood.max_per_artist) == wishes
    assert (understood.query, understood.unknown) == ("", ())


@pytest.mark.parametrize(("text", "diversity"), DIVERSITIES.items(), ids=DIVERSITIES)
def test_a_phrase_wishes_for_variety(text: str, diversity: float) -> None:
    assert said(text).diversity == diversity
    assert said(text).query == ""


def test_the_examples_of_the_documentation() -> None:
    page = (Path(__file__).parents[1] / "docs" / "words.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!you say)([^|`]+) \| `(.+)` \|$", page, re.MULTILINE)
    assert len(rows) > 10
    assert {text: said(text).lines() for text, _ in rows} == {text: (f"understood: {line}",) for text, line in rows}


def test_piano_is_an_instrument_where_instruments_are_known() -> None:
    understood = understand("calm instrumental piano, 80-100 bpm, 45 minutes, no ambient", RICH, KNOWN)
    assert understood.query == ("arousal:..p30 instrumental:>0.5 instruments:piano>=0.1 bpm:80..100 -tags:ambient>=0.1")
    assert understood.lines() == (f"understood: {understood.query}; length: 45 min",)


def test_the_best_descriptor_that_is_there_answers() -> None:
    better = {
        "happy": "moods:happy>=p70",
        "30 upbeat songs": "arousal:p70..",
        "very happy": "moods:happy>=p85",
        "deep house": 'styles:"deep house">=0.1',
        "jazz": "styles:jazz>=0.1",
        "baroque": "styles:baroque>=0.1",
        "piano and harp": "instruments:piano>=0.1 or instruments:harp>=0.1",
    }
    assert {text: understand(text, RICH, KNOWN).query for text in better} == better


def test_like_an_artist() -> None:
    assert said("something like Nina Simone").like == ("Nina Simone",)
    assert said("similar to sigur ros, but calm") == Understood("arousal:..p30", like=("Sigur Rós",))
    assert said("something like jazz").query == "tags:jazz>=0.1"
    assert said("like Nobody Inparticular").unknown == ("like nobody inparticular",)


def test_what_is_looked_for_as_text_or_not_understood_is_said() -> None:
    piano, harp = said("calm piano"), said("calm harp quux")
    assert [line for line in piano.lines() if "looked for" in line] == list(piano.remarks)
    assert harp == Understood("arousal:..p30", unknown=("harp", "quux"))
    assert harp.lines()[-1] == 'not understood: "harp", "quux"'
    drums = said("drums")
    assert drums.unknown == ("drums",)
    assert "models list" in drums.remarks[0]


def test_a_query_is_told_from_words() -> None:
    for query in ("bpm:120", "bpm>120", '"piano"', "-live", "(jazz)", "calm -ambient", "tag:piano voice:<0.3", "", " "):
        assert is_query(query)
    for words in (
        "piano",
        "calm piano",
        "80-100 bpm",
        "no ambient",
        "Simone - Sinnerman",
        "rock'n'roll",
        "jazz or soul",
    ):
        assert not is_query(words)


def test_what_is_too_long_is_cut() -> None:
    assert said("calm " + "la " * MAX_LENGTH).query == "arousal:..p30"
    for each in ("u2 or ", "metal or ", "no indie, ", "90s/", "not metal or ", "zzz ", "drums "):
        assert parse(said(each * 300).query, FIELDS)
    many = said(", ".join(f"not in {key} {scale}" for key in "abcdefg" for scale in ("major", "minor")) * 3)
    assert parse(many.query, FIELDS)


SPOKEN = st.lists(
    st.one_of(
        st.sampled_from(sorted(vocabulary().phrases)),
        st.sampled_from([*PHRASES, *WISHES]),
        st.sampled_from(
            [
                ",",
                ".",
                "-",
                "5",
                "120 bpm",
                "9" * 40,
                "0 minutes",
                "00s",
                "1.5 per artist",
                "0 per artist",
                "1e9",
                "½",
                "nina",
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=30,
).map(" ".join)


@given(st.one_of(SPOKEN, st.text()), st.sampled_from([FIELDS, RICH, fields_of([])]))
def test_any_text_gives_a_query_and_wishes_that_can_be_read(text: str, fields: Mapping[str, Field]) -> None:
    understood = understand(text, fields, KNOWN)
    assert str(parse(understood.query, fields)) == understood.query
    assert understood.order is None or understood.order in ORDERS
    assert understood.length is None or Length.parse(understood.length)
    assert understood.max_per_artist is None or understood.max_per_artist >= 1
    assert all(line.isprintable() for line in understood.lines())


def test_every_entry_of_the_vocabulary_is_a_query_that_some_catalogue_can_answer() -> None:
    for phrase in vocabulary().phrases.values():
        for query in phrase.entry.queries:
            assert parse(query, EVERYTHING)
        assert all(name != "order" or value in ORDERS for name, value in phrase.entry.wishes)
