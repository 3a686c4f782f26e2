"""Nothing happens to anybody's music: what is left alone, what is kept, what a kill at any moment leaves."""

# mypy: disable-error-code="no-untyped-call"
# mutagen's constructors have no types.

from __future__ import annotations

import json
import os
import signal
import stat
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mutagen import id3
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3

import malice
from command_line import environment
from essentialist.catalogue.tag_journal import TagJournal
from essentialist.errors import TaggingError
from essentialist.sound import audio
from essentialist.tagging.undoing import undo_tags
from essentialist.tagging.writing import write_tags
from tagged import ALL, SAID, Music, digest, said, set_tags, write

if TYPE_CHECKING:
    from essentialist.tagging.planning import Row

DEADLINE_S = 120


@pytest.fixture
def music(tmp_path: Path) -> Music:
    return Music.make(tmp_path)


def left(music: Music) -> str:
    """The reason for which the only file is left as it is; the same when it is only asked."""
    (row,) = music.tag().rows
    assert row.fate == "left"
    (asked,) = music.tag(apply=False).rows
    assert asked.reason in {row.reason, ""}
    assert music.litter() == []
    return row.reason


class TestLeftAlone:
    def test_a_file_with_further_names(self, music: Music) -> None:
        path = music.sound("x.mp3")
        os.link(path, music.folder.parent / "another.mp3")
        before = digest(path)
        assert "has 2 names" in left(music)
        assert digest(path) == before

    def test_a_file_that_is_read_only(self, music: Music) -> None:
        path = music.sound("x.mp3")
        path.chmod(0o444)
        assert "read-only" in left(music)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write to any folder")
    def test_a_file_in_a_folder_that_is_read_only(self, music: Music) -> None:
        music.sound("x.mp3")
        music.folder.chmod(0o555)
        try:
            assert "lies in a folder that is read-only" in left(music)
        finally:
            music.folder.chmod(0o755)

    def test_a_file_that_changed_since_it_was_analysed(self, music: Music) -> None:
        path = music.sound("x.mp3")
        set_tags(path, {"TIT2": id3.TIT2(3, ["Another"])})
        before = digest(path)
        assert "changed since it was analysed" in left(music)
        assert digest(path) == before

    def test_a_file_with_another_sound_of_the_same_size_and_time(self, music: Music) -> None:
        path = music.sound("x.wav")
        status, content = path.stat(), bytearray(path.read_bytes())
        content[-100] ^= 1
        path.write_bytes(content)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert "does not sound as it did" in left(music)
        assert path.read_bytes() == content

    def test_a_file_that_is_gone(self, music: Music) -> None:
        music.sound("x.mp3").unlink()
        assert "cannot be found" in left(music)

    def test_a_link_that_leads_out_of_the_folders(self, music: Music) -> None:
        path, outside = music.sound("x.mp3"), music.folder.parent / "outside.mp3"
        path.rename(outside)
        path.symlink_to(outside)
        before = digest(outside)
        assert "leads out of the folders" in left(music)
        assert digest(outside) == before

    def test_a_folder_that_became_a_link_out_of_them(self, music: Music) -> None:
        path, outside = music.sound("album/x.mp3"), music.folder.parent / "outside"
        path.parent.rename(outside)
        path.parent.symlink_to(outside)
        assert "leads out of the folders" in left(music)

    def test_a_format_without_tags(self, music: Music) -> None:
        music.sound("x.mka")
        assert "format in which no tags are written" in left(music)

    def test_tags_of_an_old_kind(self, music: Music) -> None:
        path = write(music.folder / "x.mp3")
        frame = b"TT2" + (6).to_bytes(3, "big") + b"\0title"
        path.write_bytes(b"ID3\x02\0\0" + bytes([0, 0, 0, len(frame)]) + frame + path.read_bytes()[45:])
        music.enter(path)
        assert "ID3v2.2" in left(music)

    @pytest.mark.parametrize(
        "frame",
        [
            b"TI\xff2" + struct.pack(">IH", 6, 0) + b"\0title",
            b"TIT2" + struct.pack(">IH", 0, 0),
            b"TXXX" + struct.pack(">IH", 4, 0) + b"\x07abc",
            b"TBPM" + struct.pack(">IH", 4, 0) + b"\x07abc",
        ],
        ids=["no name", "nothing in it", "unknown encoding", "tempo in an unknown encoding"],
    )
    def test_damaged_frames(self, music: Music, frame: bytes) -> None:
        path = write(music.folder / "x.mp3")
        content = path.read_bytes()
        path.write_bytes(b"ID3\x03\0\0" + bytes([0, 0, 0, len(frame)]) + frame + content[content.index(b"\xff\xfb") :])
        before = digest(music.enter(path))
        assert "damaged" in left(music)
        assert digest(path) == before

    @pytest.mark.parametrize("is_damaged", [False, True])
    def test_escaped_bytes_are_understood_and_damage_among_them_seen(self, music: Music, is_damaged: bool) -> None:
        """A zero after each 0xFF, as EasyTAG writes ID3v2.3."""
        path = write(music.folder / "x.mp3")
        frames = b"TIT2" + struct.pack(">IH", 11, 0) + b"\1\xff\xfea\0b\0c\0d\0"
        frames += (b"TP\xff1" if is_damaged else b"TPE1") + struct.pack(">IH", 2, 0) + b"\0x"
        escaped = frames.replace(b"\xff", b"\xff\0")
        content = path.read_bytes()
        sound = content[content.index(b"\xff\xfb") :]
        path.write_bytes(b"ID3\x03\0\x80" + bytes([0, 0, 0, len(escaped)]) + escaped + sound)
        before = digest(music.enter(path))
        (row,) = music.tag().rows
        assert (row.fate, "damaged" in row.reason) == (("left", True) if is_damaged else ("written", False))
        if not is_damaged:
            assert str(ID3(path)["TIT2"]) == "abcd"
            undo_tags(music.catalog, apply=True)
        assert digest(path) == before

    def test_old_tags_behind_those_of_wavpack(self, music: Music) -> None:
        path = write(music.folder / "x.wv", title="Für Elise")
        with path.open("ab") as file:
            file.write(b"TAG" + bytes(125))
        music.enter(path)
        assert "ID3v1 tag behind" in left(music)

    def test_comments_that_are_not_utf8(self, music: Music) -> None:
        path = write(music.folder / "x.flac", title="Fuer Elise")
        path.write_bytes(path.read_bytes().replace(b"Fuer Elise", b"F\xfcr  Elise"))
        music.enter(path)
        assert "not UTF-8" in left(music)

    def test_items_that_a_tagger_counted_wrong(self, music: Music) -> None:
        path = write(music.folder / "x.wv")
        items = APEv2(path)
        items["Title"], items["Artist"] = "x", "y"
        items.save(path)
        content = path.read_bytes()
        path.write_bytes(content.replace(b"Artist", b"Title\0"))
        music.enter(path)
        assert "damaged" in left(music)

    def test_a_tempo_of_a_thousand_characters(self, music: Music) -> None:
        path = write(music.folder / "x.flac")
        set_tags(path, {"BPM": ["9" * 2000]})
        music.enter(path)
        assert "more than 1,000 characters" in left(music)


def test_a_link_within_the_folders_stays_one(music: Music) -> None:
    path, target = music.sound("x.mp3"), music.folder / "real" / "x.mp3"
    target.parent.mkdir()
    path.rename(target)
    path.symlink_to(target)
    assert music.tag().count("written") == 1
    assert path.is_symlink()
    assert said(target) == SAID


def test_rights_attributes_and_if_asked_the_time_stay(music: Music) -> None:
    path = music.sound("x.flac")
    path.chmod(0o640)
    if hasattr(os, "setxattr"):
        os.setxattr(path, "user.mood", b"mine")
    os.utime(path, ns=(10**18, 10**18))
    music.enter(path)
    music.tag(replace(ALL, fields=("bpm",), keep_time=True))
    status = path.stat()
    assert (stat.S_IMODE(status.st_mode), status.st_mtime_ns) == (0o640, 10**18)
    if hasattr(os, "getxattr"):
        assert os.getxattr(path, "user.mood") == b"mine"
    music.tag(replace(ALL, fields=("key",)))
    assert path.stat().st_mtime_ns > 10**18


def test_a_dry_run_writes_nothing_at_all(music: Music) -> None:
    path = music.sound("x.mp3")
    before = path.stat()
    assert [row.fate for row in music.tag(apply=False).rows] == ["to write"]
    assert path.stat() == before
    assert not music.catalog.path.with_suffix(".tags.db").exists()


def test_only_one_program_writes_at_a_time(music: Music) -> None:
    music.sound("x.mp3")
    with TagJournal(music.catalog.path), pytest.raises(TaggingError, match="Another `tag` is at work"):
        music.tag()


def test_ctrl_c_ends_it_between_two_files(music: Music) -> None:
    for number in range(3):
        music.sound(f"{number}.mp3", hz=300 + number)

    def interrupt(n_done: int, n_all: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    done = write_tags(music.catalog, music.library.tracks(), apply=True, progress=interrupt)
    assert (done.stopped_by, len(done.rows), done.count("written")) == (signal.SIGINT, 1, 1)


@pytest.mark.parametrize(("name", "step"), [("x.mp3", 11), ("x.flac", 29)])
def test_killed_at_any_line_the_file_is_whole_and_can_be_given_back(music: Music, name: str, step: int) -> None:
    path = music.sound(name, title="Für Elise")
    here = str(Path(__file__).parent)
    paths = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, str(Path(here, "killing.py")), str(music.catalog.path), str(path), str(step)],
        capture_output=True,
        env=environment(PYTHONPATH=paths),
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert (found["harmed"], found["left lying"], found["unknown"]) == (0, 0, 0)
    assert found["killed"] > 10
    assert found["litter"] > 0, "it was never killed while a copy was there"
    assert found["new"] > 1, "it was never killed after the file was replaced"


def test_hostile_files_are_written_right_or_left_as_they_are(music: Music) -> None:
    malice.hostile_texts(music.folder)
    malice.many_tags(music.folder, 500)
    malice.large_covers(music.folder, 2)
    malice.inflated_title(music.folder / "inflated.mp3", bytes(1 << 20), 256)
    before = {path: digest(path) for path in sorted(music.folder.iterdir())}
    sounds = {path: audio.fingerprint(music.enter(path)) for path in before}
    done = music.tag()
    fates: dict[str, list[Row]] = {fate: [row for row in done.rows if row.fate == fate] for fate in ("written", "left")}
    assert len(fates["written"]) + len(fates["left"]) == len(done.rows)
    assert len(fates["written"]) > len(before) / 2
    assert {row.path for row in fates["left"] if digest(row.path) != before[row.path]} == set()
    assert {path for path, sound in sounds.items() if audio.fingerprint(path) != sound} == set()
    undo_tags(music.catalog, apply=True)
    assert {path: digest(path) for path in before} == before


def test_a_full_disk_is_a_row(music: Music, tmp_path: Path) -> None:
    path = music.sound("x.wav")
    limit = path.stat().st_size // 2
    script = (
        "import resource, sys; from essentialist.cli import main;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", script, "--catalog", str(music.catalog.path), "tag", "--write", "bpm", "--apply"]
    before = digest(path)
    done = subprocess.run(command, capture_output=True, env=environment(), timeout=DEADLINE_S, check=False)
    assert done.returncode == 1
    assert b"cannot be written: File too large" in done.stdout
    assert digest(path) == before
    assert music.litter() == []
