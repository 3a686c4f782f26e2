"""Playlists are taken along in another format, with their tags and covers."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import mutagen
import pytest
from mutagen.id3 import APIC

from essentialist.copying import Copied, Wanted
from essentialist.copying.taking import copy
from essentialist.errors import ExportError
from essentialist.files.covers import Picture, inside
from essentialist.library import Library
from essentialist.playlist import Playlist
from essentialist.track import Track
from kept import library as made_library
from sounds import sine, write

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def library(collection: Collection) -> Library:
    return Library.open(collection.catalog)


@pytest.fixture
def playlist(library: Library) -> Playlist:
    return Playlist("Road: trip?", library.tracks())


def copied(library: Library, playlist: Playlist, target: Path, **wanted: object) -> Copied:
    return copy(library.catalog, playlist, target, Wanted(**wanted))  # type: ignore[arg-type]


class TestTranscoding:
    @pytest.mark.parametrize("form", ["mp3", "opus", "m4a", "flac"])
    def test_length_and_tags_are_carried_over(
        self, library: Library, playlist: Playlist, tmp_path: Path, form: str
    ) -> None:
        done = copied(library, playlist, tmp_path, form=form, numbered=True)
        assert done.failed == ()
        for item, track in zip(done.plan.items, playlist.tracks, strict=True):
            file = mutagen.File(tmp_path / item.target, easy=True)
            assert file.info.length == pytest.approx(track.duration, abs=0.1)
            assert item.target.endswith(f".{form}")
            if track.artist:
                assert (file["title"], file["artist"]) == ([track.title], [track.artist])
        again = copied(library, playlist, tmp_path, form=form, numbered=True)
        assert (again.n_copied, again.n_there) == (0, len(playlist.tracks))

    @pytest.mark.parametrize("form", ["mp3", "opus", "m4a", "flac"])
    def test_the_cover_is_carried_over(self, tmp_path: Path, form: str) -> None:
        library = made_library(tmp_path, 1)
        sound = tmp_path / "music/a.wav"
        write(sound, sine(440, 2, 44_100), 44_100)
        tagged = mutagen.File(sound)
        tagged.add_tags()
        for kind, content in ((0, PNG + b"icon"), (3, PNG + b"front" * 50_000)):
            tagged.tags.add(APIC(mime="image/x", type=kind, desc=str(kind), data=content))
        tagged.save()
        made = Playlist("A", (Track(1, sound, "A", duration=2.0),))
        for target in (tmp_path / "stick", tmp_path / "x.zip"):
            done = copied(library, made, target, form=form)
            assert done.failed == ()
            if target.suffix:
                with zipfile.ZipFile(target) as packed:
                    packed.extractall(tmp_path / "unpacked")
            path = tmp_path / ("unpacked" if target.suffix else "stick") / f"a.{form}"
            assert inside(path) == Picture("image/png", PNG + b"front" * 50_000)
            assert mutagen.File(path).info.length == pytest.approx(2, abs=0.1)
            assert path.stat().st_size <= done.plan.items[0].size * 1.1

    def test_files_of_the_format_stay_as_they_are(self, library: Library, playlist: Playlist, tmp_path: Path) -> None:
        copied(library, playlist, tmp_path, form="mp3")
        (two,) = [track for track in playlist.tracks if track.path.suffix == ".mp3"]
        assert (tmp_path / "Beats/02 Two.mp3").read_bytes() == two.path.read_bytes()

    def test_the_bit_rate_is_that_wished(self, library: Library, playlist: Playlist, tmp_path: Path) -> None:
        (one,) = [track for track in playlist.tracks if track.title == "One"]
        for kbit_s in (64, 256):
            copied(library, Playlist("A", (one,)), tmp_path / str(kbit_s), form="mp3", kbit_s=kbit_s)
            assert mutagen.File(tmp_path / str(kbit_s) / "Beats/01 One.mp3").info.bitrate == pytest.approx(
                kbit_s * 1000, rel=0.01
            )

    @pytest.mark.parametrize(
        ("wanted", "said"),
        [
            (Wanted(form="wma"), "there is no format 'wma'"),
            (Wanted(kbit_s=128), "name one of them as the format"),
            (Wanted(form="flac", kbit_s=128), "name one of them as the format"),
            (Wanted(form="mp3", kbit_s=3), "is no bit rate"),
        ],
    )
    def test_impossible_wishes_are_told(
        self, library: Library, playlist: Playlist, tmp_path: Path, wanted: Wanted, said: str
    ) -> None:
        with pytest.raises(ExportError, match=said):
            copy(library.catalog, playlist, tmp_path, wanted)
