"""What is said of a track: sure enough, in the words of the field, and how a file becomes what it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essentialist.camelot import WHEEL
from essentialist.errors import Untaggable
from essentialist.files.tags import parse_key
from essentialist.tagging import delta as deltas
from essentialist.tagging import fields_of
from essentialist.tagging.delta import delta, restored
from essentialist.tagging.wanting import NOTATIONS, Wanted, texts
from essentialist.track import Track, Value
from tagged import ALL, VALUES

TRACK = Track(1, Path("x.mp3"), "X", values=VALUES)


def with_values(**values: Value) -> Track:
    return replace(TRACK, values=VALUES | values)


def test_each_field_is_said_in_its_own_words() -> None:
    assert texts(TRACK, ALL) == {"bpm": ("128",), "key": ("F#m",), "mood": ("party", "happy"), "energy": ("8",)}
    assert texts(TRACK, Wanted(("key",), "camelot")) == {"key": ("11A",)}
    assert texts(TRACK, Wanted(("key",), "openkey")) == {"key": ("4m",)}
    assert texts(TRACK, Wanted(("bpm",), bpm_decimals=1)) == {"bpm": ("128.0",)}


def test_what_is_not_known_or_not_sure_is_not_said() -> None:
    assert texts(Track(1, Path("x"), "X"), ALL) == {}
    assert "bpm" not in texts(with_values(bpm_confidence=0.49), ALL)
    assert texts(with_values(bpm_confidence=0.1), Wanted(("bpm",), min_confidence=0)) == {"bpm": ("128",)}
    assert "mood" not in texts(with_values(moods={"happy": 0.69, "acoustic": 1.0}), ALL)
    assert "energy" not in texts(TRACK, ALL, frozenset({"arousal"}))
    assert texts(TRACK, Wanted(("energy",), estimates=True), frozenset({"arousal"})) == {"energy": ("8",)}


@pytest.mark.parametrize(("arousal", "energy"), [(1.0, "1"), (5.0, "6"), (9.0, "10")])
def test_energy_is_arousal_on_the_scale_of_djs(arousal: float, energy: str) -> None:
    assert texts(with_values(arousal=arousal), Wanted(("energy",))) == {"energy": (energy,)}


@pytest.mark.parametrize("hour", WHEEL, ids=str)
def test_all_notations_name_the_same_key(hour: object) -> None:
    track = with_values(camelot=str(hour))
    said = {texts(track, Wanted(("key",), notation))["key"][0] for notation in NOTATIONS}
    assert len(said) == 3
    assert len({parse_key(text) for text in said}) == 1


def test_fields_are_named_in_any_order() -> None:
    assert fields_of("Energy, bpm") == ("bpm", "energy")
    with pytest.raises(ValueError, match="'tempo'"):
        fields_of("bpm,tempo")
    with pytest.raises(ValueError, match="nothing is named"):
        fields_of(" , ")


BYTES = st.binary(max_size=3000)


@settings(max_examples=200)
@given(st.lists(BYTES, min_size=1, max_size=5), st.data())
def test_a_delta_gives_any_file_back(pieces: list[bytes], data: st.DataObject) -> None:
    """Pieces that come again, moved, changed and left out, as tags and sound do."""
    old = b"".join(pieces)
    chosen = st.lists(st.sampled_from(pieces) | BYTES, max_size=6)
    new = b"".join(data.draw(chosen))
    assert b"".join(restored(new, delta(old, new))) == old


def test_a_delta_holds_what_is_new_and_not_what_has_moved() -> None:
    sound, cover = bytes(range(256)) * 4000, bytes(reversed(range(256))) * 1000
    old = b"ID3" + cover + b"title" + bytes(90) + sound
    new = b"ID3" + b"title" + b"tempo" * 9 + cover + bytes(500) + sound
    assert len(delta(old, new)) < 1000
    pages = [bytes([n]) * 27 + sound[n : n + 4000] for n in range(100)]
    renumbered = [bytes([n + 100]) * 27 + page[27:] for n, page in enumerate(pages)]
    assert len(delta(b"".join(pages), b"comment" * 100 + b"".join(renumbered))) < 10_000


def test_what_would_be_most_of_a_file_is_no_delta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deltas, "MAX_KEPT", 1000)
    with pytest.raises(Untaggable, match="too large"):
        delta(b"a" * 5000, b"b" * 5000)
