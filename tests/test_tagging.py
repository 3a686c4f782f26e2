"""Tags written to real files of every format and taken back: what is said, and that nothing else has changed."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import mutagen
import numpy as np
import pytest
from mutagen import id3
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3
from mutagen.mp4 import MP4, MP4Cover

from essentialist.files.tags import read_tags
from essentialist.sound import audio
from essentialist.tagging.undoing import undo_tags
from essentialist.tagging.writing import edit
from tagged import ALL, SAID, Music, digest, said, set_tags, write
from test_tags import monkeys_audio

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = [
    ("x.mp3", None),
    ("x.flac", None),
    ("x.ogg", None),
    ("flac.ogg", "flac"),
    ("x.opus", None),
    ("x.m4a", None),
    ("alac.m4a", "alac"),
    ("x.wav", None),
    ("x.aiff", None),
    ("x.wma", None),
    ("x.wv", None),
]
PROBED = {
    "bpm": {"tbpm", "bpm", "tmpo", "wm/beatsperminute"},
    "key": {"tkey", "initialkey", "initial_key", "wm/initialkey"},
    "energy": {"energylevel"},
}


@pytest.fixture
def music(tmp_path: Path) -> Music:
    return Music.make(tmp_path)


@pytest.mark.parametrize(("name", "codec"), FORMATS)
def test_every_format_says_it_sounds_the_same_and_becomes_what_it_was(
    music: Music, name: str, codec: str | None
) -> None:
    path = music.sound(name, codec, title="Für Elise", artist="Ludwig")
    before, sound, tags = digest(path), audio.fingerprint(path), read_tags(path)
    done = music.tag()
    assert [(row.fate, row.reason) for row in done.rows] == [("written", "")]
    assert said(path) == SAID
    assert read_tags(path) == replace(tags, bpm=128.0, key="F#m")
    assert audio.fingerprint(path) == sound
    assert music.is_known(path)
    assert (music.library.tracks()[0].tag_bpm, music.library.tracks()[0].tag_key) == (128.0, "F#m")
    assert [row.fate for row in music.tag().rows] == ["same"]
    assert [row.fate for row in undo_tags(music.catalog, done.run, apply=True).rows] == ["written"]
    assert digest(path) == before
    assert music.is_known(path)
    assert music.litter() == []


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="asks ffprobe (Debian: ffmpeg)")
@pytest.mark.parametrize(("name", "codec"), [each for each in FORMATS if each[0] != "x.wav"])
def test_another_reader_finds_the_same(music: Music, name: str, codec: str | None) -> None:
    """But the ID3 chunk behind the sound of WAV, for which ffprobe does not look."""
    path = music.sound(name, codec, title="Für Elise")
    music.tag()
    shown = ("-show_entries", "format_tags:stream_tags", "-of", "json")
    probed = subprocess.run(["ffprobe", "-v", "error", *shown, path], capture_output=True, check=True)
    entries = json.loads(probed.stdout)
    said_by = [each.get("tags", {}) for each in (entries["format"], *entries["streams"])]
    tags = {tag.lower(): text for each in said_by for tag, text in each.items()}
    assert tags["title"] == "Für Elise"
    for field, names in PROBED.items():
        if path.suffix == ".m4a" and field == "bpm":  # ffprobe says nothing of `tmpo`: 16 bits of the type 21
            assert b"tmpo\0\0\0\x12data\0\0\0\x15\0\0\0\0\0\x80" in path.read_bytes()
        else:
            assert {tags[each] for each in names & set(tags)} == {SAID[field]}, tags


def test_monkeys_audio_has_the_tags_of_its_family(tmp_path: Path) -> None:
    path = monkeys_audio(tmp_path / "x.ape")
    set_tags(path, {"Title": "Für Elise"})
    assert edit(path, {"BPM": ("128",)}) == {"BPM": ()}
    file: Any = mutagen.File(path)
    assert {name: str(value) for name, value in file.tags.items()} == {"Title": "Für Elise", "BPM": "128"}


@pytest.mark.parametrize("version", [3, 4])
def test_frames_that_nobody_asked_about_stay_byte_for_byte(music: Music, version: int) -> None:
    """ID3v2 of either version, with ID3v1 and APEv2 behind the sound, a cover, and frames that no library knows."""
    path = write(music.folder / "x.mp3")
    frames = ID3()
    for frame in (
        id3.TIT2(1, ["Für Elise"]),
        id3.TPE1(3 if version == 4 else 1, ["Ludwig", "Franz"]),
        id3.APIC(0, "image/png", 3, "front", np.random.default_rng(0).bytes(50_000)),
        id3.TXXX(0, "MY OWN", ["this"]),
        id3.POPM("me@example.org", 200, 7),
        id3.GEOB(0, "application/octet-stream", "", "Serato Overview", b"\x01\x05" + bytes(200)),
        id3.PRIV("owner", b"\0\xff\xe0"),
    ):
        frames.add(frame)
    frames.save(path, v1=2, v2_version=version)
    ape = APEv2()
    ape["BPM"] = "90"
    content = path.read_bytes()
    path.write_bytes(content[:-128])
    ape.save(path)
    path.write_bytes(path.read_bytes() + content[-128:])
    before = raw_frames(path)
    path = music.enter(path)
    music.tag()
    after = raw_frames(path)
    ours = {b"TBPM", b"TKEY", b"TMOO" if version == 4 else b"TXXX", b"TXXX"}
    assert set(before) <= set(after)
    assert {frame[:4] for frame in set(after) - set(before)} == ours
    assert ID3(path, translate=False).version == (2, version, 0)
    assert path.read_bytes()[-128:] == content[-128:]
    assert str(APEv2(path)["BPM"]) == "90"
    undo_tags(music.catalog, apply=True)
    assert raw_frames(path) == before


def raw_frames(path: Path) -> list[bytes]:
    """The frames of an ID3 tag as bytes, read without any library."""
    content = path.read_bytes()
    version = content[3]

    def size(four: bytes, bits: int) -> int:
        return sum(byte << bits * place for place, byte in enumerate(reversed(four)))

    at, end, found = 10, 10 + size(content[6:10], 7), []
    while at < end and content[at]:
        length = 10 + size(content[at + 4 : at + 8], 7 if version == 4 else 8)
        found.append(content[at : at + length])
        at += length
    assert not any(content[at:end])
    return found


def test_covers_and_other_blocks_stay(music: Music) -> None:
    cover = np.random.default_rng(1).bytes(300_000)
    flac, m4a = FLAC(write(music.folder / "x.flac")), MP4(write(music.folder / "x.m4a", hz=300))
    picture = Picture()
    picture.data, picture.type = cover, 3
    flac.add_picture(picture)
    flac["comment"] = ["one", "two"]
    flac.save(padding=lambda info: 0)
    m4a["covr"] = [MP4Cover(cover, MP4Cover.FORMAT_PNG)]
    m4a.save(padding=lambda info: 0)
    paths = [music.enter(music.folder / name) for name in ("x.flac", "x.m4a")]
    before = [digest(path) for path in paths]
    assert music.tag().count("written") == 2
    assert FLAC(paths[0]).pictures[0].data == cover == bytes(MP4(paths[1])["covr"][0])
    assert FLAC(paths[0])["comment"] == ["one", "two"]
    assert music.catalog.path.with_suffix(".tags.db").stat().st_size < 100_000
    undo_tags(music.catalog, apply=True)
    assert [digest(path) for path in paths] == before


def test_an_id3_tag_before_flac_stays(music: Music) -> None:
    path = write(music.folder / "x.flac", title="Für Elise")
    frames = ID3()
    frames.add(id3.TIT2(3, ["Another"]))
    frames.save(path)
    before = digest(music.enter(path))
    assert music.tag().count("written") == 1
    assert ID3(path)["TIT2"].text == ["Another"]
    assert FLAC(path)["BPM"] == ["128"]
    undo_tags(music.catalog, apply=True)
    assert digest(path) == before


def test_what_a_file_says_stays_unless_it_is_to_be_replaced(music: Music) -> None:
    path = write(music.folder / "x.flac")
    set_tags(path, {"BPM": ["64"], "KEY": ["Gm"]})
    music.enter(path)
    rows = music.tag(apply=False).rows
    assert {each.field: (each.old, each.new, each.kept) for each in rows[0].said if each.old} == {
        "bpm": (("64",), ("128",), True),
        "key": (("Gm",), ("F#m",), True),
    }
    music.tag()
    assert said(path) == SAID | {"bpm": "64", "key": "Gm"}
    music.tag(replace(ALL, replace=True))
    assert FLAC(path)["BPM"] == ["128"]
    assert FLAC(path)["KEY"] == FLAC(path)["INITIALKEY"] == ["F#m"]


def test_what_another_program_keeps_under_the_name_of_a_key_is_its_own(music: Music) -> None:
    path = write(music.folder / "x.flac")
    own = "eyJhbGdvcml0aG0iOjk0LCJrZXkiOiIxMUEifQ=="
    set_tags(path, {"KEY": [own]})
    music.enter(path)
    music.tag(replace(ALL, replace=True))
    assert (FLAC(path)["KEY"], FLAC(path)["INITIALKEY"]) == ([own], ["F#m"])


def test_decimals_go_where_there_is_room_for_them(music: Music) -> None:
    paths = [music.sound("x.m4a"), music.sound("x.mp3", hz=300)]
    music.tag(replace(ALL, fields=("bpm",), bpm_decimals=2))
    atoms = MP4(paths[0])
    assert atoms["tmpo"] == [128]
    assert atoms["----:com.apple.iTunes:BPM"] == [b"127.96"]
    assert ID3(paths[1])["TBPM"].text == ["127.96"]
