"""The Python API on an analysed collection."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from essentialist import Length, Library, Wishes, path_between, ranked_by, similar_to
from essentialist.errors import CatalogError, CollectionError, PlaylistError, QueryError, UnknownTrack

if TYPE_CHECKING:
    from conftest import Collection


@pytest.fixture(scope="module")
def library(collection: Collection) -> Library:
    return Library.open(collection.catalog)


def test_importing_the_package_costs_nothing() -> None:
    code = "import essentialist, sys; print('numpy' in sys.modules, len(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("False")


def test_opening_makes_a_catalogue_where_there_is_none(tmp_path: Path) -> None:
    fresh = Library.open(tmp_path / "new" / "catalog.db")
    assert fresh.tracks() == ()
    assert fresh.catalog.path.is_file()
    with pytest.raises(CollectionError, match="name one"):
        fresh.analyze()


def test_opening_what_is_no_catalogue_is_an_error(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("notes " * 100)
    with pytest.raises(CatalogError, match="not a catalogue"):
        Library.open(other)


def test_tracks_by_query_in_order(library: Library, collection: Collection) -> None:
    everything = library.tracks()
    assert len(everything) == collection.n_tracks
    beats = library.tracks("artist:metronomes", sort="-BPM")
    tempi = [track.number("bpm") or 0 for track in beats]
    assert [round(tempo, -1) for tempo in tempi] == [140, 120, 100]
    assert library.tracks("artist:metronomes", sort="-bpm", limit=1) == beats[:1]
    assert [track.title for track in library.tracks(sort="Album-Artist")] == [
        track.title for track in library.tracks(sort="album_artist")
    ]


def test_a_wrong_query_names_the_nearest_field(library: Library) -> None:
    with pytest.raises(QueryError, match='did you mean "bpm"'):
        library.tracks("bmp:120")
    with pytest.raises(QueryError, match='did you mean "bpm"'):
        library.tracks(sort="bmp")
    with pytest.raises(QueryError, match="many values"):
        library.tracks(sort="tags")


def test_a_track_by_id_path_or_itself(library: Library, collection: Collection) -> None:
    path = collection.music / "Beats" / "01 One.flac"
    one = library.track(path)
    assert one.title == "One"
    assert library.track(one.id) == library.track(str(one.id)) == library.track(one) == one
    copied = library.track(collection.music / "untagged copy.wav")
    assert copied == library.track(collection.music / "untagged.wav")
    for number in (10_000, 10**30, "9" * 30, "9" * 5_000):
        with pytest.raises(UnknownTrack, match="essentialist tracks"):
            library.track(number)


def test_digits_are_an_id_whatever_lies_in_the_working_folder(
    library: Library, collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "1").symlink_to(collection.music / "Beats" / "02 Two.mp3")
    (tmp_path / "2").write_bytes(b"of no collection")
    monkeypatch.chdir(tmp_path)
    assert [library.track(each).id for each in (1, "1", 2, "2")] == [1, 1, 2, 2]
    assert library.track("./1") == library.track(Path("1")) == library.track(collection.music / "Beats" / "02 Two.mp3")


def test_similar_tracks_come_the_nearest_first(library: Library, collection: Collection) -> None:
    near = library.similar(1)
    assert len(near) == collection.n_tracks - 1
    assert 1 not in {each.track.id for each in near}
    assert [each.similarity for each in near] == sorted((each.similarity for each in near), reverse=True)
    assert library.similar(1, limit=2) == near[:2]


def test_ways_of_choosing(library: Library) -> None:
    slow, fast = (library.tracks(sort=field)[0] for field in ("bpm", "-bpm"))
    by_tempo = library.playlist(choose=ranked_by("-bpm"), wishes=Wishes(Length(tracks=2)), order="as-is")
    assert by_tempo.tracks[0] == fast
    alike = library.playlist(choose=similar_to(slow, unlike=[fast]))
    assert slow in alike.tracks
    assert fast not in alike.tracks
    path = library.playlist(choose=path_between(slow, fast), wishes=Wishes(Length(tracks=4)))
    assert (path.tracks[0], path.tracks[-1], len(path.tracks)) == (slow, fast, 4)
    assert all(path.reasons[track.id] for track in path.tracks)
    with pytest.raises(PlaylistError, match="give one of"):
        library.playlist(choose="by magic")


def test_a_playlist_has_only_files_that_are_there(library: Library, collection: Collection) -> None:
    one = collection.music / "Beats" / "01 One.flac"
    away = one.rename(one.with_suffix(".away"))
    try:
        titles = [track.title for track in library.playlist().tracks]
    finally:
        away.rename(one)
    assert "One" not in titles
    assert len(titles) == collection.n_tracks - 1


def test_exports(library: Library, collection: Collection, tmp_path: Path) -> None:
    report = library.export(library.playlist(title="All"), tmp_path / "all.m3u8")
    assert report.written == collection.n_tracks
    assert library.export_table(tmp_path / "some.csv", "artist:metronomes").written == 3
