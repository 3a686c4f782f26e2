"""The walk: what is found, what is left out, in which order, and that nothing on a disk stops it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import socket
import wave
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sounds
from essentialist.errors import FolderMissing
from essentialist.files import collection, sniff
from essentialist.files.collection import Selection, Unreadable, walk
from essentialist.track import AudioFile

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

NOBODY = 65_534


def touch(root: Path, *paths: str, content: bytes = b"") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def found(root: Path, selection: Selection = collection.EVERYTHING, known: Container[AudioFile] = ()) -> list[str]:
    """Paths of the walk in its order; what is unreadable has a "!" in front."""
    return [
        f"!{one.path}" if isinstance(one, Unreadable) else one.path
        for one in walk(root, selection=selection, known=known)
    ]


def wave_file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, wave.open(raw) as file:
        file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        file.writeframes(bytes(1600))
    return path


def test_files_come_before_folders_and_both_by_the_bytes_of_their_names(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.mp3", "b/1.mp3", "a/x/y.ogg", "a/z.flac", "é.mp3", "Z.mp3", "c.mp3")
    assert found(tmp_path) == ["Z.mp3", "c.mp3", "é.mp3", "a/z.flac", "a/x/y.ogg", "b/1.mp3", "b/2.mp3"]


def test_a_file_has_its_size_and_time(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.mp3", content=b"12345")
    os.utime(tmp_path / "a/x.mp3", ns=(1, 1_234_567_891))
    (file,) = walk(tmp_path)
    assert file == AudioFile(str(tmp_path), "a/x.mp3", 5, 1_234_567_891)


@pytest.mark.parametrize("name", ["x.mp3", "x.MP3", "X.Flac", "x.opus", "x.m4b", "x.aifc", "x.dsf", "a.b.wv"])
def test_an_audio_extension_is_enough(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name)
    touch(tmp_path, f"cover-of-{name}", content=b"\xff\xd8\xff\xe0 a JPEG")
    assert found(tmp_path) == sorted([name, f"cover-of-{name}"])


@pytest.mark.parametrize("suffix", sounds.FORMATS)
def test_audio_without_its_extension_is_found_by_its_content(tmp_path: Path, suffix: str) -> None:
    path = sounds.write(tmp_path / f"sound{suffix}", sounds.stereo(sounds.sine(440, 1, 44_100)), 44_100)
    path.rename(tmp_path / "sound")
    by_content = suffix not in (".webm", ".mka", ".wma", ".mp4", ".ac3", ".eac3")  # as docs/scanning.md has it
    assert found(tmp_path) == (["sound"] if by_content else [])


@pytest.mark.parametrize("codec", ["flac", "libopus"])
def test_every_codec_in_ogg_is_audio(tmp_path: Path, codec: str) -> None:
    head = sounds.write(tmp_path / "x.ogg", sounds.sine(440, 1, 48_000), 48_000, codec=codec).read_bytes()
    assert sniff.is_audio(head[: sniff.HEAD_SIZE])
    video = head[:28] + b"\x80theora" + head[35:]  # as if its first stream were pictures
    assert not sniff.is_audio(video[: sniff.HEAD_SIZE])


def adts(n_frames: int, length: int = 300) -> bytes:
    header = bytes((0xFF, 0xF1, 0x50, 0x80 | length >> 11, length >> 3 & 0xFF, (length & 7) << 5 | 0x1F, 0xFC))
    return (header + bytes(length - 7)) * n_frames


def test_aac_in_adts_needs_two_frames() -> None:
    assert sniff.is_audio(adts(2))
    assert not sniff.is_audio(adts(1) + b"something else")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(8000),
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7",
        b"RIFF\x00\x10\x00\x00AVI LIST",
        b"RIFF\x00\x10\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomavc1",
        b"\x00\x00\x00\x14ftypqt  ",
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c",
        b"\x1a\x45\xdf\xa3" + bytes(40) + b"webm",
        "Müller, ID3 and MAC addresses\r\n".encode("utf-16"),
        b"ID3 tags: a text about them",
        b"MAC addresses of this network\r\n",
        b"MP+ is an old format",
        b"fLaC is a signature",
        b"\xff" * 8192,
        bytes(8192),
    ],
)
def test_pictures_videos_and_texts_are_no_audio(head: bytes) -> None:
    assert not sniff.is_audio(head)


@given(st.binary(max_size=600), st.sampled_from([b"", b"\xff\xfb", b"\xff\xf1", b"OggS\x00\x02", b"ID3", b"RIFF"]))
def test_any_bytes_can_be_looked_at(tail: bytes, start: bytes) -> None:
    assert sniff.is_audio(start + tail) in (True, False)


def test_a_known_file_is_not_opened(tmp_path: Path) -> None:
    odd = wave_file(tmp_path / "take 1")
    (before,) = walk(tmp_path)
    assert isinstance(before, AudioFile)
    odd.write_bytes(bytes(before.size))  # no audio any more, and only opening it would tell
    os.utime(odd, ns=(before.mtime_ns, before.mtime_ns))
    assert found(tmp_path, known={before}) == ["take 1"]
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    [".x.mp3", "._x.mp3", ".git/x.mp3", "@eaDir/x.mp3", "__MACOSX/x.mp3", "$RECYCLE.BIN/x.mp3", "lost+found/x.mp3",
     "System Volume Information/x.mp3", ".Trash-1000/x.mp3", "x.mp3.part", "x.mp3.crdownload", "x.tmp"],
)  # fmt: skip
def test_hidden_system_and_unfinished_files_are_left_out(tmp_path: Path, name: str) -> None:
    wave_file(tmp_path / name)
    assert found(tmp_path) == []


def test_hidden_names_count_when_asked_for(tmp_path: Path) -> None:
    touch(tmp_path, ".x.mp3", ".music/y.mp3", "._x.mp3", ".Trash/z.mp3")
    assert found(tmp_path, Selection(hidden=True)) == [".x.mp3", ".music/y.mp3"]


def test_a_name_of_three_dots_is_music(tmp_path: Path) -> None:
    touch(tmp_path, "...And Justice for All/01.mp3")
    assert found(tmp_path) == ["...And Justice for All/01.mp3"]


@pytest.mark.parametrize("marker", [".nomedia", ".essentialist-ignore"])
def test_a_marker_leaves_out_its_folder_and_all_below(tmp_path: Path, marker: str) -> None:
    touch(tmp_path, "in/a.mp3", "in/out/b.mp3", "in/out/below/c.mp3", f"in/out/{marker}")
    assert found(tmp_path) == ["in/a.mp3"]


def test_an_ignore_file_excludes_what_its_lines_say(tmp_path: Path) -> None:
    touch(
        tmp_path, "a/x.wav", "a/x.mp3", "a/Stems/y.mp3", "a/b/Stems/z.mp3", "a/b/keep.mp3", "Stems/other.mp3", "x.wav"
    )
    touch(tmp_path, "a/.essentialist-ignore", content="\ufeff# not these\r\n\r\n*.WAV\r\n/stems/\r\n".encode())
    assert found(tmp_path) == ["x.wav", "Stems/other.mp3", "a/x.mp3", "a/b/keep.mp3", "a/b/Stems/z.mp3"]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(include=("Jazz",)), ["Jazz/Live/b.flac", "Jazz/Live/b.mp3", "Jazz/a.mp3"]),
        (Selection(include=("*.flac",)), ["Jazz/Live/b.flac"]),
        (Selection(include=("jazz/*.mp3",)), ["Jazz/a.mp3"]),
        (Selection(include=("jazz/**/*.mp3",)), ["Jazz/Live/b.mp3", "Jazz/a.mp3"]),
        (Selection(exclude=("**/live/**",)), ["Jazz/a.mp3", "Rock [1999]/c.mp3"]),
        (Selection(include=("Jazz/**",), exclude=("Live",)), ["Jazz/a.mp3"]),
        (Selection(exclude=("Rock [1999]", "Jazz/Live/?.mp3")), ["Jazz/Live/b.flac", "Jazz/a.mp3"]),
        (Selection(exclude=("**",)), []),
        (
            Selection(exclude=("Live/b.mp3",)),
            ["Jazz/Live/b.flac", "Jazz/Live/b.mp3", "Jazz/a.mp3", "Rock [1999]/c.mp3"],
        ),
    ],
)
def test_globs_choose(tmp_path: Path, selection: Selection, expected: list[str]) -> None:
    touch(tmp_path, "Jazz/a.mp3", "Jazz/Live/b.mp3", "Jazz/Live/b.flac", "Rock [1999]/c.mp3")
    assert sorted(found(tmp_path, selection)) == expected


def test_a_glob_finds_accents_however_they_are_encoded(tmp_path: Path) -> None:
    touch(tmp_path, "Beyonce\u0301/a.mp3", "Other/b.mp3")
    assert found(tmp_path, Selection(include=("BEYONC\u00c9",))) == ["Beyonce\u0301/a.mp3"]


def test_many_stars_take_no_time(tmp_path: Path) -> None:
    touch(tmp_path, "a" * 200 + ".mp3")
    assert found(tmp_path, Selection(exclude=("*a" * 40 + "b", "**/" * 40 + "b"))) == ["a" * 200 + ".mp3"]


def test_links_are_followed_once_and_the_real_path_wins(tmp_path: Path) -> None:
    touch(tmp_path, "music/real/x.mp3", "elsewhere/y.mp3")
    (tmp_path / "music/a-link").symlink_to("real")
    (tmp_path / "music/loop").symlink_to(".")
    (tmp_path / "music/up").symlink_to(tmp_path)
    (tmp_path / "music/real/there").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "music/z.mp3").symlink_to(tmp_path / "elsewhere/y.mp3")
    assert found(tmp_path / "music") == ["z.mp3", "real/x.mp3", "up/elsewhere/y.mp3"]


def test_broken_links_are_told_if_they_mean_to_be_audio(tmp_path: Path) -> None:
    (tmp_path / "gone.mp3").symlink_to("nowhere.mp3")
    (tmp_path / "itself.ogg").symlink_to("itself.ogg")
    (tmp_path / "gone").symlink_to("nowhere")
    unreadable = [one for one in walk(tmp_path) if isinstance(one, Unreadable)]
    assert [one.path for one in unreadable] == ["gone.mp3", "itself.ogg"]
    assert all(one.reason.startswith("broken link") for one in unreadable)


def test_pipes_sockets_and_devices_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null.mp3").symlink_to(os.devnull)
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.mp3")
        assert found(tmp_path) == []


def walk_as_nobody(root: Path, results: multiprocessing.SimpleQueue[list[AudioFile | Unreadable]]) -> None:
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    results.put(list(walk(root)))


def test_without_permission_the_walk_goes_on(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.mp3", "closed/y.mp3", "z/z.mp3")
    touch(tmp_path, "notes", content=b"text")
    for folder in (tmp_path, *tmp_path.parents[:-1]):
        if not folder.stat().st_mode & 0o001:
            if folder.stat().st_uid != os.geteuid():
                pytest.skip("another user's folder above the temporary one is closed")
            folder.chmod(folder.stat().st_mode | 0o055)
    (tmp_path / "closed").chmod(0)
    (tmp_path / "notes").chmod(0)
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.SimpleQueue[list[AudioFile | Unreadable]] = context.SimpleQueue()
    child = context.Process(target=walk_as_nobody, args=(tmp_path, results))
    child.start()
    child.join(60)
    (tmp_path / "closed").chmod(0o755)
    assert child.exitcode == 0
    listed = results.get()
    assert [one.path for one in listed] == ["notes", "a/x.mp3", "closed", "z/z.mp3"]
    assert [one.reason.split(";")[0] for one in listed if isinstance(one, Unreadable)] == ["permission denied"] * 2


def test_a_folder_that_vanishes_is_told_and_the_walk_goes_on(tmp_path: Path) -> None:
    touch(tmp_path, "first.mp3", "a/x.mp3", "b/y.mp3")
    files = walk(tmp_path)
    next(files)
    shutil.rmtree(tmp_path / "a")
    vanished, last = files
    assert isinstance(vanished, Unreadable)
    assert vanished.path == "a"
    assert "vanished" in vanished.reason
    assert last.path == "b/y.mp3"


def test_names_are_kept_as_on_disk(tmp_path: Path) -> None:
    odd = [b"caf\xe9.mp3", b"line\nbreak.mp3", b" space .mp3", b"-n.mp3", b"\xf0\x9f\x8e\xb5.mp3", b"e\xcc\x81.mp3"]
    try:
        for name in odd:
            open(os.path.join(os.fsencode(tmp_path), name), "wb").close()
    except OSError:
        pytest.skip("this file system refuses names that are not UTF-8")
    assert [os.fsencode(path) for path in found(tmp_path)] == sorted(odd)
    assert all(one.absolute.exists() for one in walk(tmp_path) if isinstance(one, AudioFile))


@contextmanager
def nested(root: Path, name: str, depth: int) -> Iterator[None]:
    """Keep x.mp3 below `depth` folders of one name, deeper than paths and recursive removal reach."""
    start = os.getcwd()
    try:
        os.chdir(root)
        for _ in range(depth):
            os.mkdir(name)
            os.chdir(name)
        open("x.mp3", "wb").close()
        os.chdir(start)
        yield
    finally:
        os.chdir(root)
        for _ in range(depth):
            os.chdir(name)
        os.unlink("x.mp3")
        for _ in range(depth):
            os.chdir("..")
            os.rmdir(name)
        os.chdir(start)


def test_the_longest_names_are_names(tmp_path: Path) -> None:
    touch(tmp_path, "n" * 251 + ".mp3")
    assert found(tmp_path) == ["n" * 251 + ".mp3"]


def test_folders_are_walked_however_deep(tmp_path: Path) -> None:
    with nested(tmp_path, "d", 1200):
        assert found(tmp_path) == ["d/" * 1200 + "x.mp3"]


def test_folders_deeper_than_a_path_can_say_are_told(tmp_path: Path) -> None:
    with nested(tmp_path, "e" * 250, 20):
        (one,) = walk(tmp_path)
    assert isinstance(one, Unreadable)
    assert "too long" in one.reason


def test_a_root_that_is_missing_or_a_file_is_told_at_once(tmp_path: Path) -> None:
    touch(tmp_path, "x.mp3")
    with pytest.raises(FolderMissing, match="does not exist; check"):
        walk(tmp_path / "nowhere")
    with pytest.raises(FolderMissing, match=r"is a file; give the folder"):
        walk(tmp_path / "x.mp3")


def test_a_relative_root_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "music/x.mp3")
    monkeypatch.chdir(tmp_path)
    (file,) = walk(tmp_path.__class__("music"))
    assert file.root == str(tmp_path / "music")
