"""Tags: the same answers from every format, none from damaged ones, and names for tracks without tags."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

import base64
import os
import struct
from typing import TYPE_CHECKING, Any

import mutagen
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mutagen import id3
from mutagen.apev2 import APEv2
from mutagen.asf import ASF
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.oggopus import OggOpus

import malice
import sounds
from essentialist.errors import FileChanged
from essentialist.files import tags
from essentialist.files.allowance import INFLATED_MB, Allowance
from essentialist.files.naming import complete
from essentialist.files.tags import clean, parse_bpm, parse_key, parse_track_number, parse_year, read_tags
from essentialist.track import Tags

if TYPE_CHECKING:
    from pathlib import Path

EVERY = Tags("Für Elise", "Ludwig", "Orchestra", "Bagatelles", 3, 1999, "House; Techno", 127.5, "F#m")
BEYOND_MUTAGEN = {".webm", ".mka", ".caf", ".au", ".w64", ".aac", ".ac3", ".eac3", ".mp2", ".tta"}
WHOLE = {".m4a", ".mp4"}  # these keep tempo as an integer

ID3_FRAMES = [
    id3.TIT2(3, ["Für Elise"]),
    id3.TPE1(3, ["Ludwig"]),
    id3.TPE2(3, ["Orchestra"]),
    id3.TALB(3, ["Bagatelles"]),
    id3.TRCK(3, ["3/12"]),
    id3.TDRC(3, ["1999-05-01"]),
    id3.TCON(3, ["(35)", "Techno"]),  # 35 is House
    id3.TBPM(3, ["127.5"]),
    id3.TKEY(3, ["Gbm"]),
]
PLAIN = {
    "title": ["Für Elise"],
    "artist": ["Ludwig"],
    "album artist": ["Orchestra"],
    "album": ["Bagatelles"],
    "track": ["3/12"],
    "date": ["1999-05-01"],
    "genre": ["House", "Techno"],
    "bpm": ["127.5"],
    "key": ["11A"],
}
MP4_ATOMS = {
    "\xa9nam": ["Für Elise"],
    "\xa9ART": ["Ludwig"],
    "aART": ["Orchestra"],
    "\xa9alb": ["Bagatelles"],
    "trkn": [(3, 12)],
    "\xa9day": ["1999-05-01T07:00:00Z"],
    "\xa9gen": ["House", "Techno"],
    "tmpo": [128],
    "----:com.apple.iTunes:initialkey": [MP4FreeForm(b"F# minor")],
}
ASF_ATTRIBUTES = {
    "Title": "Für Elise",
    "Author": "Ludwig",
    "WM/AlbumArtist": "Orchestra",
    "WM/AlbumTitle": "Bagatelles",
    "WM/TrackNumber": 3,
    "WM/Year": "1999",
    "WM/Genre": ["House", "Techno"],
    "WM/BeatsPerMinute": "127.5",
    "WM/InitialKey": "F#m",
}


def sound(path: Path) -> Path:
    return sounds.write(path, sounds.stereo(sounds.sine(440, 0.5, 44_100)), 44_100)


def monkeys_audio(path: Path) -> Path:
    """Write the header of an empty file of Monkey's Audio 3.99, which nothing here can encode."""
    descriptor = struct.pack("<4sHH6I16x", b"MAC ", 3990, 0, 52, 24, 0, 0, 0, 0)
    header = struct.pack("<HHIIIHHI", 2000, 0, 73_728, 0, 1, 16, 2, 44_100)
    path.write_bytes(descriptor.ljust(52, b"\0") + header + bytes(64))
    return path


def write_tags(path: Path) -> None:
    """Write all of EVERY by mutagen, as the family of the file's format has it."""
    file: Any = mutagen.File(path)
    if path.suffix in (".mp3", ".wav", ".aiff"):
        if file.tags is None:
            file.add_tags()
        for frame in ID3_FRAMES:
            file.tags.add(frame)
    else:
        file.update(MP4_ATOMS if isinstance(file, MP4) else ASF_ATTRIBUTES if isinstance(file, ASF) else PLAIN)
    file.save()


@pytest.mark.parametrize("suffix", [*sorted(set(sounds.FORMATS) - BEYOND_MUTAGEN), ".ape"])
def test_every_format_gives_the_same_tags(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    (monkeys_audio if suffix == ".ape" else sound)(path)
    assert read_tags(path) == Tags()
    write_tags(path)
    read = read_tags(path)
    assert read.bpm == (128 if suffix in WHOLE else 127.5)
    assert read == Tags(**{name: getattr(EVERY, name) for name in Tags.__slots__} | {"bpm": read.bpm})


@pytest.mark.parametrize(
    ("suffix", "absent"), [(".wav", ""), (".mka", ""), (".webm", ""), (".caf", ""), (".au", "year"), (".aiff", "more")]
)
def test_what_mutagen_does_not_know_ffmpeg_says(tmp_path: Path, suffix: str, absent: str) -> None:
    """The INFO list of WAV, the texts of AIFF, CAF and AU, and Matroska; cleaned as all others are."""
    said = {"title": "F\u00fcr\x1b \u202eElise", "artist": "Ludwig", "album": "Bagatelles"}
    numbers = {"date": "1999-05-01", "track": "3/12", "genre": "House"}
    path = sounds.write(tmp_path / f"x{suffix}", sounds.sine(440, 0.5, 44_100), 44_100, tags=said | numbers)
    read = read_tags(path)
    if absent == "more":
        assert read == Tags("F\u00fcr Elise")
    else:
        assert read == Tags("F\u00fcr Elise", "Ludwig", None, "Bagatelles", 3, None if absent else 1999, "House")


@pytest.mark.parametrize("version", [3, 4])
def test_both_versions_of_id3_give_the_year(tmp_path: Path, version: int) -> None:
    path = sound(tmp_path / "x.mp3")
    frames = id3.ID3()
    frames.add(id3.TDRC(3, ["1987-05-01"]))
    frames.update_to_v23() if version == 3 else frames.update_to_v24()
    frames.save(path, v2_version=version)
    assert read_tags(path).year == 1987


def test_id3v1_and_apev2_are_read_where_there_is_nothing_better(tmp_path: Path) -> None:
    old = sound(tmp_path / "old.mp3")
    with old.open("ab") as file:
        file.write(b"TAG" + b"Old title".ljust(30, b"\0") + b"Old artist".ljust(30, b"\0") + bytes(64) + b"\x23")
    assert read_tags(old) == Tags(title="Old title", artist="Old artist", genre="House")
    ape = sound(tmp_path / "ape.mp3")
    mine = APEv2()
    mine["Title"] = "From APEv2"
    mine.save(ape)
    assert read_tags(ape) == Tags(title="From APEv2")


def test_tags_before_something_that_is_no_sound_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(b"")
    frames = id3.ID3()
    frames.add(id3.TIT2(3, ["Only a title"]))
    frames.save(path)
    with path.open("ab") as file:
        file.write(b"\xff\xd8\xff\xe0 not a sound" * 100)
    assert read_tags(path) == Tags(title="Only a title")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xe0 a JPEG", b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", b"fLaC", b"OggS" * 99]
)
@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".ogg", ".m4a", ".wma", ".wav", ".aiff", ".wv", ".ape", ""])
def test_what_is_no_audio_has_no_tags(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(content)
    assert read_tags(path) == Tags()


def test_a_file_that_is_gone_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileChanged, match=r"gone\.mp3 cannot be opened .* scan the folder again"):
        read_tags(tmp_path / "gone.mp3")


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".m4a", ".opus", ".wma", ".wav", ".aiff", ".wv"])
def test_damage_anywhere_never_raises(tmp_path: Path, suffix: str) -> None:
    path = sound(tmp_path / f"x{suffix}")
    write_tags(path)
    whole = path.read_bytes()
    for place in range(0, min(len(whole), 1500), 11):
        damaged = bytearray(whole)
        damaged[place : place + 4] = b"\xff\x00\xff\xfe"
        path.write_bytes(damaged)
        assert isinstance(read_tags(path), Tags)
        path.write_bytes(whole[:place])
        assert isinstance(read_tags(path), Tags)


def test_boxes_within_boxes_end(tmp_path: Path) -> None:
    path = tmp_path / "x.m4a"
    depth = 5000
    boxes = b"".join(struct.pack(">I4s", 8 * (depth - level), b"moov") for level in range(depth))
    path.write_bytes(struct.pack(">I4s4sI", 16, b"ftyp", b"M4A ", 0) + boxes)
    assert read_tags(path) == Tags()


def test_hostile_texts_are_made_fit_to_show(tmp_path: Path) -> None:
    path = sound(tmp_path / "x.flac")
    file = FLAC(path)
    file["title"] = "../../etc/passwd\x00\x1b[31m\r\n\ttwo   lines\u202e"
    file["artist"] = ["\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0633\u0644\u0627\u0645", " ", "B", "B"]
    file["album"] = "\u00e9" * 100_000
    file["genre"] = [f"genre {index}" for index in range(10_000)]
    file.save()
    read = read_tags(path)
    assert read.title == "../../etc/passwd; [31m two lines"  # NUL parts values
    assert read.artist == "\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0633\u0644\u0627\u0645; B"
    assert read.album == "\u00e9" * tags.TEXT_LENGTH
    assert read.genre is not None
    assert read.genre.startswith("genre 0; genre 1; ")
    assert len(read.genre) <= tags.TEXT_LENGTH


def test_ten_thousand_other_tags_do_not_hide_the_title(tmp_path: Path) -> None:
    path = sound(tmp_path / "x.ogg")
    file: Any = mutagen.File(path)
    file.tags.extend((f"key{index}", "value" * 5) for index in range(10_000))
    file.tags.append(("TITLE", "Needle"))
    file.save()
    assert read_tags(path) == Tags(title="Needle")


def test_a_large_cover_is_no_obstacle(tmp_path: Path) -> None:
    cover = os.urandom(5 << 20)
    mp3, m4a, opus = (sound(tmp_path / f"x{suffix}") for suffix in (".mp3", ".m4a", ".opus"))
    frames = id3.ID3()
    frames.add(id3.APIC(3, "image/jpeg", 3, "", cover))
    frames.add(id3.TIT2(3, ["Title"]))
    frames.save(mp3)
    MP4(m4a).update(covr=[MP4Cover(cover)])
    atoms = MP4(m4a)
    atoms["covr"], atoms["\xa9nam"] = [MP4Cover(cover)], ["Title"]
    atoms.save()
    picture = Picture()
    picture.data = cover
    comments = OggOpus(opus)
    comments["metadata_block_picture"] = [base64.b64encode(picture.write()).decode()]
    comments["title"] = ["Title"]
    comments.save()
    assert [read_tags(path).title for path in (mp3, m4a, opus)] == ["Title"] * 3


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".flac"])
def test_so_much_of_a_file_is_read_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """FFmpeg says what lies beyond."""
    malice.large_covers(tmp_path, 2)
    whole = read_tags(tmp_path / f"cover{suffix}")
    monkeypatch.setattr(Allowance, "left", 1 << 20)
    with Allowance((tmp_path / f"cover{suffix}").open("rb", buffering=0)) as file, pytest.raises(EOFError):
        file.read()
    assert read_tags(tmp_path / f"cover{suffix}") == whole == Tags(title="Under a cover")


def test_a_megabyte_of_a_tag_is_not_inflated_to_a_gigabyte(tmp_path: Path) -> None:
    assert malice.inflated_title(tmp_path / "short.mp3", b"\0Short", 1).read_bytes()
    assert read_tags(tmp_path / "short.mp3") == Tags(title="Short")
    bomb = malice.inflated_title(tmp_path / "bomb.mp3", b"\0" + b"x" * (1 << 20), INFLATED_MB + 1)
    assert bomb.stat().st_size < 1 << 20
    assert read_tags(bomb) == Tags()


def test_numbers_that_make_no_sense_are_dropped(tmp_path: Path) -> None:
    path = sound(tmp_path / "x.flac")
    file = FLAC(path)
    file.update({"bpm": "0", "date": "0000", "originaldate": "1971", "tracknumber": "A1", "key": "o"})
    file.save()
    assert read_tags(path) == Tags(year=1971)


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("03", 3), ("3/12", 3), ("9999", 9999), ("0", None), ("10000", None), ("A1", None), ("-1", None)],
)
def test_track_numbers(text: str, number: int | None) -> None:
    assert parse_track_number(text) == number


@pytest.mark.parametrize(
    ("text", "year"),
    [("1999", 1999), ("1999-05-01", 1999), ("19990501", 1999), ("1 May 1999", 1999), ("99", None), ("0000", None),
     ("3000", None), ("12345", None), ("05/01/2001", 2001)],
)  # fmt: skip
def test_years(text: str, year: int | None) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("text", "bpm"),
    [("128", 128), ("128.00", 128), ("127,5 BPM", 127.5), ("20", 20), ("400", 400), ("19.9", None), ("401", None),
     ("0", None), ("nan", None), ("-128", None), ("9" * 999, None)],
)  # fmt: skip
def test_tempi(text: str, bpm: float | None) -> None:
    assert parse_bpm(text) == bpm


@pytest.mark.parametrize(
    ("text", "key"),
    [("Am", "Am"), ("A minor", "Am"), ("a min", "Am"), ("8A", "Am"), ("08a", "Am"), ("1m", "Am"), ("1d", "C"),
     ("8B", "C"), ("C", "C"), ("CM", "C"), ("Gbmaj", "F#"), ("F#m", "F#m"), ("f sharp minor", "F#m"), ("E-flat", "Eb"),
     ("A♯", "Bb"), ("Bbm", "Bbm"), ("B", "B"), ("bm", "Bm"), ("1A", "Abm"), ("12B", "E"), ("6d", "B"), ("Cb", "B"),
     ("", None), ("o", None), ("b", None), ("H", None), ("13A", None), ("0A", None), ("All", None), ("8A/9A", None)],
)  # fmt: skip
def test_keys(text: str, key: str | None) -> None:
    assert parse_key(text) == key


@given(st.text(alphabet=st.characters(codec=None)))
@example("\ud800\x00\u202e")
def test_cleaned_text_is_short_valid_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    if cleaned is None:
        return
    assert 0 < len(cleaned.encode("utf-8").decode("utf-8")) <= tags.TEXT_LENGTH
    assert cleaned == " ".join(cleaned.split())
    assert clean(cleaned) == cleaned


@given(st.text())
def test_parsers_take_any_text_and_keep_their_ranges(text: str) -> None:
    assert (number := parse_track_number(text)) is None or 1 <= number <= 9999
    assert (year := parse_year(text)) is None or 1000 <= year <= 2999
    assert (bpm := parse_bpm(text)) is None or 20 <= bpm <= 400
    assert (key := parse_key(text)) is None or parse_key(key) == key


@given(st.integers(1, 12), st.sampled_from("AB"))
def test_camelot_and_open_key_agree(number: int, ring: str) -> None:
    open_key = f"{(number + 4) % 12 + 1}{'m' if ring == 'A' else 'd'}"
    assert parse_key(f"{number}{ring}") == parse_key(open_key) is not None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Title.mp3", Tags("Title")),
        ("Artist - Title.mp3", Tags("Title", "Artist")),
        ("Artist \u2013 Title - Live.mp3", Tags("Title - Live", "Artist")),
        ("03 - Artist - Title.mp3", Tags("Title", "Artist", track_number=3)),
        ("03. Artist - Title.mp3", Tags("Title", "Artist", track_number=3)),
        ("03_Artist_-_Title.mp3", Tags("Title", "Artist", track_number=3)),
        ("Artist - Album - 03 - Title.mp3", Tags("Title", "Artist", album="Album", track_number=3)),
        ("01 Title.mp3", Tags("Title", track_number=1)),
        ("12. Title.mp3", Tags("Title", track_number=12)),
        ("Artist/Album/12 Title.mp3", Tags("Title", "Artist", album="Album", track_number=12)),
        ("Artist/Album/CD 2/2-12 Title.mp3", Tags("Title", "Artist", album="Album", track_number=12)),
        ("Rock/Artist/Album/07-Title.flac", Tags("Title", "Artist", album="Album", track_number=7)),
        ("Various Artists/Album/01 - Artist - Title.mp3", Tags("Title", "Artist", album="Album", track_number=1)),
        ("Various Artists/Album/01 Title.mp3", Tags("Title", album="Album", track_number=1)),
        ("Folder/Album/Title.mp3", Tags("Title")),
        ("Folder/01 Title.mp3", Tags("Title", track_number=1)),
        ("99 Luftballons.mp3", Tags("99 Luftballons")),
        ("3.14.mp3", Tags("3.14")),
        ("1979.mp3", Tags("1979")),
        ("10,000 Days.mp3", Tags("10,000 Days")),
        ("24-7.mp3", Tags("24-7")),
        ("Mr. Blue", Tags("Mr. Blue")),
        ("x.y.dat", Tags("x.y.dat")),
        ("- Title.mp3", Tags("- Title")),
        ("caf\udce9.mp3", Tags("caf\ufffd")),
        ("Beyonce\u0301 - Halo.mp3", Tags("Halo", "Beyonc\u00e9")),
        (".mp3", Tags(".mp3")),
        ("\x01", Tags("untitled")),
    ],
)
def test_names_are_made_of_the_path(path: str, expected: Tags) -> None:
    assert complete(Tags(), path) == expected


@pytest.mark.parametrize(
    ("said", "path", "expected"),
    [
        (EVERY, "Other/Thing/09 - Some - Where.mp3", EVERY),
        (Tags(artist="X"), "Song - Live.mp3", Tags("Song - Live", "X")),
        (Tags(artist="abba"), "ABBA - SOS.mp3", Tags("SOS", "abba")),
        (Tags(title="Song (Live)"), "Song - Live.mp3", Tags("Song (Live)")),
        (Tags(title="sos"), "ABBA - SOS.mp3", Tags("sos", "ABBA")),
        (Tags(title="T"), "A/B/02 Other.mp3", Tags("T", "A", album="B", track_number=2)),
    ],
)
def test_names_never_contradict_the_tags(said: Tags, path: str, expected: Tags) -> None:
    assert complete(said, path) == expected


path_part = st.text(alphabet=st.characters(codec=None, exclude_characters="/"), min_size=1)


@given(st.lists(path_part, min_size=1, max_size=5).map("/".join))
@example("01 - .mp3")
@example(" - .mp3")
def test_a_title_is_never_empty_and_all_is_valid_utf8(path: str) -> None:
    named = complete(Tags(), path)
    assert named.title
    for text in (named.title, named.artist, named.album):
        assert text is None or text == clean(text.encode("utf-8").decode("utf-8"))
    assert complete(named, path) == named
