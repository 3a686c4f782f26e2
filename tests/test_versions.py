from pathlib import Path

import pytest

from essentialist.track import Track
from essentialist.versions import album_key, artist_key, recording_key


def track(number: int, title: str, artist: str = "The Beatles", **tags: str) -> Track:
    return Track(number, Path(f"{number}.mp3"), title, artist, **tags)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    [
        "Help! (Remastered 2009)",
        "Help! - Remastered 2009",
        "Help! - 2009 Digital Remaster",
        "Help! [Live at Shea Stadium]",
        "Help! - Live",
        "HELP",
        "Help! (feat. Somebody)",
        "Help! ft. Somebody",
        "Help! (Mono Version) [2015 Remaster]",
        "Help! - Single Version",
        "Help! (Radio Edit)",
        "Help! (Deluxe Edition)",
        "Hélp!",
    ],
)
def test_versions_of_a_recording_are_one(title: str) -> None:
    assert recording_key(track(1, "Help!")) == recording_key(track(2, title))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Live and Let Die", "Let Die"),
        ("Live Forever", "Forever"),
        ("Help!", "Help Me"),
        ("Help!", "Help! (Daft Remix)"),
        ("Help!", "Help! (Acoustic)"),
        ("Help! - Part 1", "Help! - Part 2"),
        ("(Live)", "(Remastered)"),
        ("?", "!"),
        ("Edit", "Original Mix"),
    ],
)
def test_other_music_stays_apart(one: str, other: str) -> None:
    assert recording_key(track(1, one)) != recording_key(track(2, other))


def test_another_artist_is_another_recording() -> None:
    assert recording_key(track(1, "Help!")) != recording_key(track(2, "Help!", "Bananarama"))
    assert recording_key(track(1, "Help!")) == recording_key(track(2, "Help!", "the beatles feat. Billy Preston"))


def test_without_artist_or_album_a_track_is_only_itself() -> None:
    assert recording_key(track(1, "Track 1", "")) != recording_key(track(2, "Track 1", ""))
    assert artist_key(track(1, "a", "")) != artist_key(track(2, "b", ""))
    assert album_key(track(1, "a")) != album_key(track(2, "b"))


def test_albums_of_one_name_differ_by_their_artist() -> None:
    hits = {"album": "Greatest Hits"}
    assert album_key(track(1, "a", "Queen", **hits)) != album_key(track(2, "b", "Abba", **hits))
    various = {"album": "Hits", "album_artist": "Various"}
    assert album_key(track(1, "a", "Queen", **various)) == album_key(track(2, "b", "Abba", **various))
