import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.camelot import FURTHEST, WHEEL, Hour, camelot, distance, parse

KEY_EXTRACTOR_TONICS = ("A", "Bb", "B", "C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab")
hours = st.sampled_from(WHEEL)


def hour(key: str, scale: str) -> Hour:
    code = camelot(key, scale)
    assert code is not None
    place = parse(code)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("key", "scale", "code"),
    [
        ("A", "minor", "8A"),
        ("C", "major", "8B"),
        ("G", "major", "9B"),
        ("F", "major", "7B"),
        ("Ab", "minor", "1A"),
        ("B", "major", "1B"),
        ("C#", "minor", "12A"),
        ("E", "major", "12B"),
        ("Eb", "minor", "2A"),
        ("F#", "major", "2B"),
    ],
)
def test_codes_are_those_printed_on_the_wheel(key: str, scale: str, code: str) -> None:
    assert camelot(key, scale) == code


@pytest.mark.parametrize(("sharp", "flat"), [("A#", "Bb"), ("C#", "Db"), ("D#", "Eb"), ("F#", "Gb"), ("G#", "Ab")])
@pytest.mark.parametrize("scale", ["major", "minor"])
def test_enharmonic_spellings_are_one_key(sharp: str, flat: str, scale: str) -> None:
    assert camelot(sharp, scale) == camelot(flat, scale)


def test_rare_spellings() -> None:
    assert camelot("B#", "major") == camelot("C", "major")
    assert camelot("Cb", "major") == camelot("B", "major")
    assert camelot("Fb", "maj") == camelot("E", "major")
    assert camelot("F♯", "m") == camelot("F#", "minor")
    assert camelot("Abb", "min") == camelot("G", "minor")


def test_every_key_of_the_extractor_has_its_own_place() -> None:
    codes = {camelot(key, scale) for key in KEY_EXTRACTOR_TONICS for scale in ("major", "minor")}
    assert codes == {str(place) for place in WHEEL}


@pytest.mark.parametrize(("key", "scale"), [("", "major"), ("H", "major"), ("A", "dorian"), ("A minor", "minor")])
def test_what_is_no_key_has_no_code(key: str, scale: str) -> None:
    assert camelot(key, scale) is None


@pytest.mark.parametrize("code", ["", "0A", "13B", "8C", "8", "A8", "8A8"])
def test_what_is_no_code_has_no_place(code: str) -> None:
    assert parse(code) is None


@given(hours)
def test_a_code_can_be_read_back(place: Hour) -> None:
    assert parse(str(place)) == place
    assert WHEEL[place.index] == place


@pytest.mark.parametrize(("minor", "major"), [("A", "C"), ("E", "G"), ("D", "F"), ("F#", "A"), ("C", "Eb")])
def test_relative_keys_share_a_number_and_are_next_to_each_other(minor: str, major: str) -> None:
    a, b = hour(minor, "minor"), hour(major, "major")
    assert a.number == b.number
    assert distance(a, b) == 1


@pytest.mark.parametrize(("key", "fifth"), [("C", "G"), ("G", "D"), ("B", "F#"), ("F", "C"), ("Ab", "Eb")])
@pytest.mark.parametrize("scale", ["major", "minor"])
def test_a_fifth_is_next_door(key: str, fifth: str, scale: str) -> None:
    assert distance(hour(key, scale), hour(fifth, scale)) == 1


def test_a_tritone_is_across_the_wheel() -> None:
    assert distance(hour("C", "major"), hour("F#", "major")) == 6
    assert max(distance(a, b) for a in WHEEL for b in WHEEL) == FURTHEST


@given(hours, hours, hours)
def test_distance_is_a_metric(a: Hour, b: Hour, c: Hour) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, c) <= distance(a, b) + distance(b, c)
