"""Our tracks among those of a server: by path, by name, by tags; or rightly none."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from essentialist.locations import PathMapping, path_mapping
from essentialist.servers import Held
from essentialist.servers.finding import Shelves
from essentialist.track import Track

ROOTS = ("/tunes/mine", "/mnt/more")


def ours(path: str, title: str = "", artist: str = "", album: str = "", duration: float | None = None) -> Track:
    return Track(1, Path(path), title or Path(path).stem, artist, album=album, duration=duration)


def found(track: Track, *held: Held, mappings: tuple[PathMapping, ...] = ()) -> tuple[str | None, str | None]:
    """The id of the server's track, and by what it was found."""
    answer = Shelves(held, ROOTS, mappings).find(track)
    return (answer.held.id if answer.held else None), answer.by


@pytest.mark.parametrize(
    "path",
    [
        "/tunes/mine/A/b c.flac",
        "A/b c.flac",
        "/srv/music/A/b c.flac",
        "srv/music/A/b c.flac",
        "M:\\tunes\\A\\b c.flac",
    ],
)
def test_a_file_is_found_as_the_server_sees_it(path: str) -> None:
    target = "M:\\tunes" if path.startswith("M:") else "/srv/music"
    mappings = (path_mapping("/tunes=/srv"), path_mapping(f"/tunes/mine={target}"))
    other = Held("2", "B/b c.flac")
    assert found(ours("/tunes/mine/A/b c.flac"), other, Held("1", path), mappings=mappings) == ("1", "path")


def test_a_path_below_another_music_folder_needs_the_same_length() -> None:
    podcast = ours("/mnt/more/01.mp3", duration=1800)
    assert found(podcast, Held("1", "01.mp3", duration=200)) == (None, None)
    assert found(podcast, Held("1", "01.mp3", duration=1799)) == ("1", "path")
    assert found(podcast, Held("1", "01.mp3")) == ("1", "path")


def test_two_files_of_one_path_are_told_apart_by_tags_only() -> None:
    held = (Held("1", "A/b.flac", "B", "One", duration=60), Held("2", "A/b.flac", "B", "Two", duration=70))
    assert found(ours("/tunes/mine/A/b.flac", "B", "Two", duration=70), *held) == ("2", "tags")
    assert found(ours("/tunes/mine/A/b.flac"), *held) == (None, None)


def test_a_tail_is_found_whatever_case_form_and_suffix() -> None:
    path = unicodedata.normalize("NFD", "/nas/Björk/Homogenic/02 Jóga.MP3")
    track = ours("/tunes/mine/rock/björk/homogenic/02 jóga.flac", "Jóga", "Björk", duration=300)
    assert found(track, Held("1", path, "Jóga", "Björk", duration=301)) == ("1", "name")
    assert found(track, Held("1", path, "Jóga", "Björk", duration=250)) == (None, None)


def test_a_tail_of_another_recording_is_not_taken() -> None:
    track = ours("/tunes/mine/One/Best/01 Intro.mp3", "Intro", "One", duration=60)
    assert found(track, Held("1", "/x/Two/Best/01 Intro.mp3", "Overture", "Two", duration=60)) == (None, None)
    assert found(track, Held("1", "/x/Two/Best/01 Intro.mp3", "Intro", "Two", duration=90)) == (None, None)


def test_made_up_paths_give_way_to_tags() -> None:
    held = Held("1", "Nina Simone/Pastel Blues/10 - Sinnerman.mp3", "Sinnerman", "Nina Simone", "Pastel Blues", 622)
    track = ours("/tunes/mine/nina/x.mp3", "Sinnerman", "Nina Simone", "Pastel Blues", 622.4)
    assert found(track, held) == ("1", "tags")


def test_of_several_with_the_same_tags_the_album_decides_and_then_the_length() -> None:
    held = [
        Held("live", "a", "Sinnerman", "Nina Simone", "Live", 622),
        Held("album", "b", "Sinnerman", "Nina Simone", "Pastel Blues", 623),
        Held("long", "c", "Sinnerman", "Nina Simone", "Pastel Blues", 900),
        Held("near", "d", "Sinnerman", "Nina Simone", "Best of", 622.3),
    ]
    album = ours("/x/1.mp3", "Sinnerman", "Nina Simone", "Pastel Blues", 622.4)
    assert found(album, *held) == ("album", "tags")
    assert found(ours("/x/1.mp3", "Sinnerman", "Nina Simone", "", 622.4), *held) == ("near", "tags")


def test_a_remaster_is_the_recording_and_a_remix_is_not() -> None:
    track = ours("/x/1.mp3", "Help!", "The Beatles", duration=140)
    assert found(track, Held("1", "y", "Help! - Remastered 2009", "The Beatles", duration=139)) == ("1", "tags")
    assert found(track, Held("1", "y", "Help! (Somebody's Remix)", "The Beatles", duration=140)) == (None, None)


def test_names_that_say_nothing_and_names_of_windows() -> None:
    assert found(ours("/x/Track 01.mp3", "Track 01"), Held("1", "y/Track 01.mp3", "Track 01")) == (None, None)
    windows = Held("1", "D:\\Music\\Anna\\Blue\\03 Sky.flac", "Sky")
    assert found(ours("/x/Anna/Blue/03 Sky.flac", "Sky"), windows) == ("1", "name")


def test_a_name_that_windows_cannot_have_is_no_obstacle() -> None:
    mapping = path_mapping("/tunes/mine=D:\\Music")
    track = ours("/tunes/mine/A/what?.flac", "What?", "A", duration=10)
    assert found(track, Held("1", "D:\\Music\\A\\what_.flac", "What?", "A", duration=10), mappings=(mapping,)) == (
        "1",
        "tags",
    )
