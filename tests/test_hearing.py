"""What is served of a track: never a file outside of the collection, and its clip where the whole is not to be had."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import sounds
from essentialist.catalogue import sources
from essentialist.catalogue.catalog import EVERYTHING, Catalog
from essentialist.errors import Gone, Inaudible, Refused, UnknownTrack, Unplayable
from essentialist.hearing.audible import Hearing, Mode, original, within
from essentialist.hearing.clipping import write
from essentialist.hearing.passages import Passage
from essentialist.hearing.transcodes import Transcodes
from essentialist.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection

RATE = 44_100


@pytest.fixture
def library(collection: Collection, tmp_path: Path) -> Library:
    """A collection of one's own, to be spoilt."""
    shutil.copytree(collection.music, tmp_path / "Music")
    shutil.copy(collection.catalog, tmp_path / "catalog.db")
    library = Library(Catalog(tmp_path / "catalog.db"))
    library.relocate(collection.music, tmp_path / "Music")
    return library


@pytest.fixture
def music(library: Library, tmp_path: Path) -> Path:
    return tmp_path / "Music"


def hearing(library: Library, mode: Mode = "full") -> Hearing:
    folder = library.catalog.path.parent
    return Hearing(library.catalog, mode, Transcodes(folder / "cache"))


def id_of(library: Library, name: str) -> int:
    (found,) = [track.id for track in library.tracks() if track.path.name == name]
    return found


def make_clip(library: Library, track_id: int) -> Path:
    source = sources.source(library.catalog, track_id)
    path = hearing(library).clips.path(source.fingerprint)
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = sounds.write(path.with_suffix(".flac"), sounds.chord(seconds=6.0), RATE)
    with path.open("w+b") as file:
        write(sound, file, Passage(1.0, 3.0))
    return path


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("01 One.flac", "audio/flac"),
        ("02 Two.mp3", "audio/mpeg"),
        ("03 Three #3.ogg", "audio/ogg"),
        ("café 100%41.m4a", "audio/mp4"),
        ("untagged copy.wav", "audio/wav"),
        ("na\udcefve.flac", "audio/flac"),
    ],
    ids=ascii,
)
def test_what_browsers_play_is_served_as_it_is(library: Library, music: Path, name: str, media_type: str) -> None:
    found = hearing(library).audible(id_of(library, name))
    assert (found.path.name, found.media_type, found.is_preview) == (name, media_type, False)
    assert found.duration == pytest.approx(8.0, abs=0.1)


def test_ogg_is_converted_for_those_who_cannot_play_it(library: Library, music: Path) -> None:
    three = id_of(library, "03 Three #3.ogg")
    found = hearing(library).audible(three, everywhere=True)
    assert (found.media_type, found.is_preview) == ("audio/mp4", False)
    assert found.path.parent == library.catalog.path.parent / "cache"
    assert hearing(library).audible(id_of(library, "02 Two.mp3"), everywhere=True).path.suffix == ".mp3"


def test_what_browsers_cannot_play_is_converted(library: Library, music: Path) -> None:
    path = music / "untagged copy.wav"
    sounds.write(music / "a.aiff", sounds.chord(seconds=3.0), RATE).rename(path)
    assert hearing(library).audible(id_of(library, "untagged copy.wav")).media_type == "audio/mp4"


def test_a_copy_is_served_where_the_first_file_is_gone(library: Library, music: Path) -> None:
    track = id_of(library, "untagged copy.wav")
    (music / "untagged copy.wav").unlink()
    assert hearing(library).audible(track).path.name == "untagged.wav"


def test_where_the_music_is_not_the_clip_is_a_preview(library: Library, music: Path) -> None:
    one = id_of(library, "01 One.flac")
    (music / "Beats/01 One.flac").unlink()
    with pytest.raises(Gone):
        hearing(library).audible(one)
    clip = make_clip(library, one)
    found = hearing(library).audible(one)
    assert (found.path, found.media_type, found.is_preview) == (clip, "audio/ogg; codecs=opus", True)
    assert found.duration == pytest.approx(3.0, abs=1e-3)
    everywhere = hearing(library).audible(one, everywhere=True)
    assert (everywhere.media_type, everywhere.is_preview) == ("audio/mp4", True)


def test_with_clips_only_no_file_of_the_collection_is_served(library: Library, music: Path) -> None:
    one, two = id_of(library, "01 One.flac"), id_of(library, "02 Two.mp3")
    clip = make_clip(library, one)
    assert hearing(library, "clips").audible(one).path == clip
    with pytest.raises(Gone, match="essentialist clips"):
        hearing(library, "clips").audible(two)


def test_with_nothing_to_be_heard_nothing_is(library: Library, music: Path) -> None:
    one = id_of(library, "01 One.flac")
    make_clip(library, one)
    with pytest.raises(Refused):
        hearing(library, "none").audible(one)


@pytest.mark.parametrize("track_id", [0, -1, 999, 2**63 - 1, 2**63, 10**30])
def test_an_id_of_nothing_is_unknown(library: Library, music: Path, track_id: int) -> None:
    with pytest.raises(UnknownTrack):
        hearing(library).audible(track_id)


class TestSafety:
    """Somebody may write into the music folder; nothing else may be read through it."""

    @pytest.fixture
    def secret(self, tmp_path: Path) -> Path:
        (tmp_path / "private").mkdir()
        return sounds.write(tmp_path / "private/diary.flac", sounds.chord(seconds=1.0), RATE)

    def refused(self, library: Library, error: type[Inaudible]) -> None:
        with pytest.raises(error) as told:
            hearing(library).audible(id_of(library, "01 One.flac"))
        assert "/" not in str(told.value)

    def test_a_link_out_of_the_collection(self, library: Library, music: Path, secret: Path) -> None:
        (music / "Beats/01 One.flac").unlink()
        (music / "Beats/01 One.flac").symlink_to(secret)
        self.refused(library, Refused)

    def test_a_folder_that_is_a_link(self, library: Library, music: Path, secret: Path) -> None:
        shutil.move(music / "Beats", music / "Moved")
        secret.rename(secret.with_name("01 One.flac"))
        (music / "Beats").symlink_to(secret.parent)
        self.refused(library, Refused)

    def test_a_link_within_the_collection_is_followed(self, library: Library, music: Path) -> None:
        (music / "Beats/01 One.flac").rename(music / "Élan/One.flac")
        (music / "Beats/01 One.flac").symlink_to(music / "Élan/One.flac")
        assert hearing(library).audible(id_of(library, "01 One.flac")).path == music / "Élan/One.flac"

    @pytest.mark.parametrize("content", [b"root:x:0:0:root", b"<html><script>", b"\x89PNG\r\n\x1a\n"], ids=repr)
    def test_what_is_no_audio(self, library: Library, music: Path, content: bytes) -> None:
        (music / "Beats/01 One.flac").write_bytes(content)
        self.refused(library, Unplayable)

    def test_what_is_no_file(self, library: Library, music: Path) -> None:
        (music / "Beats/01 One.flac").unlink()
        (music / "Beats/01 One.flac").mkdir()
        self.refused(library, Refused)

    def test_a_link_to_itself(self, library: Library, music: Path) -> None:
        (music / "Beats/01 One.flac").unlink()
        (music / "Beats/01 One.flac").symlink_to("01 One.flac")
        self.refused(library, Gone)

    def test_a_hostile_catalogue_names_files_elsewhere(self, music: Path, secret: Path) -> None:
        roots = (bytes(music),)
        for path in (secret, music / "../private/diary.flac", music / "Beats/../../private/diary.flac"):
            with pytest.raises(Refused):
                original(path, roots)
        with pytest.raises(Gone):
            within(music / "a\0b.flac", roots)
        with pytest.raises(Refused):
            within(music, ())
        assert within(music / "Beats/../Beats/01 One.flac", roots).name == "01 One.flac"

    def test_a_clip_that_is_a_link_is_none(self, library: Library, music: Path, secret: Path) -> None:
        one = id_of(library, "01 One.flac")
        clip = make_clip(library, one)
        clip.unlink()
        clip.symlink_to(secret)
        with pytest.raises(Gone):
            hearing(library, "clips").audible(one)


def test_sources_are_told_by_condition(library: Library, music: Path) -> None:
    everything = sources.fingerprints(library.catalog, EVERYTHING)
    one = sources.fingerprints(library.catalog, library.clause("title:one"))
    assert frozenset(everything.values()) == sources.all_fingerprints(library.catalog)
    assert sources.roots(library.catalog) == (bytes(music),)
    assert list(one) == [id_of(library, "01 One.flac")]
    assert one.items() <= everything.items()
