"""What tracks are sorted by."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from essentialist.camelot import WHEEL
from essentialist.catalog import Catalog
from essentialist.ordering import by_field
from essentialist.recorder import Recorder
from essentialist.sorting import sort_key
from made_up import enter_folder, extractors, make_files

ARTISTS = ("zoë", "Élan", "abba", "", "Échoes", "Zebra")
SORTED = ["abba", "Échoes", "Élan", "Zebra", "zoë", ""]


def test_texts_sort_as_people_look_them_up() -> None:
    assert sorted(filter(None, ARTISTS), key=lambda name: str(sort_key("artist", name))) == SORTED[:-1]
    assert sort_key("artist", "") is None
    assert sort_key("path", Path("Élan")) == sort_key("path", "élan".encode()) == "elan"


def test_camelot_codes_sort_round_the_wheel() -> None:
    codes = sorted(map(str, WHEEL))
    assert codes.index("10A") < codes.index("2A")  # by letters
    assert sorted(codes, key=lambda code: float(sort_key("camelot", code) or 0)) == list(map(str, WHEEL))


@given(st.one_of(st.none(), st.integers(-9, 9), st.floats(allow_nan=False), st.text(), st.binary()))
def test_any_value_has_a_key_or_none(value: object) -> None:
    assert sort_key("title", value) is None or isinstance(sort_key("title", value), float | str)


def test_the_catalogue_and_a_playlist_sort_alike(tmp_path: Path) -> None:
    catalog = Catalog.create(tmp_path / "catalog.db")
    music = make_files(tmp_path / "music", {f"{n}.flac": bytes([n]) for n in range(len(ARTISTS))})
    with Recorder(catalog) as recorder:
        recorder.learn(extractors())
        recorder.place(str(music))
        enter_folder(recorder, music)
        for number, artist in enumerate(ARTISTS, start=1):
            recorder.db.execute("UPDATE file SET artist = ? WHERE track_id = ?", (artist, number))
            code = str(WHEEL[(7 * number) % 24])
            recorder.db.execute("UPDATE measurement SET camelot = ? WHERE track_id = ?", (code, number))
    assert [track.artist for track in catalog.tracks(order_by="artist")] == SORTED
    assert [track.artist for track in catalog.tracks(order_by="-artist")] == [*SORTED[-2::-1], ""]
    for field in ("artist", "-artist", "camelot", "-camelot", "bpm", "-title", "path", "year"):
        assert catalog.tracks(order_by=field) == by_field(catalog.tracks(), field)
