"""What tracks are sorted by."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from essentialist.camelot import WHEEL
from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.choosing.ordering import by_field, order
from essentialist.choosing.wishes import Length, Wishes
from essentialist.library import ranked_by
from essentialist.sorting import sort_key
from kept import library as made_library
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


def test_every_field_that_a_query_knows_can_rank_and_order(tmp_path: Path) -> None:
    library = made_library(tmp_path, 12)
    for track in library.tracks()[:3]:
        library.judge(track, liked=True)
    for field in library.fields().values():
        if field.kind == "distribution":
            continue
        for way in (field.name, f"-{field.name}"):
            wishes = Wishes(Length(), one_version=False)
            made = library.playlist(choose=ranked_by(way), wishes=wishes, order="as-is")
            assert made.tracks == library.tracks(sort=way) == order(library.tracks(), way)
    assert [track.liked for track in library.tracks(sort="-liked", limit=4)] == ["yes", "yes", "yes", ""]
    assert library.playlist(choose=ranked_by("added"), order="as-is").reasons[1].startswith("added 20")
