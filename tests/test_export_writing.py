"""What happens to the file: checked before it is there, whole or not at all, never another's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from essentialist.errors import ExportError
from essentialist.exports import (
    export,
    export_table,
    exporters,
)
from essentialist.locations import PathMapping, PathStyle, file_uri
from essentialist.playlist import Playlist
from essentialist.playlist_files.reading import read_playlist
from essentialist.spelling import Spelling
from essentialist.track import Track
from nasty_names import entries_of, playlist_of


@pytest.fixture
def short(tmp_path: Path) -> Playlist:
    names = ("a.mp3", "b.mp3", "c#.mp3")
    for name in names:
        (tmp_path / name).write_bytes(b"sound")
    return playlist_of({name: tmp_path / name for name in names})


def test_files_that_are_gone_are_left_out(short: Playlist, tmp_path: Path) -> None:
    gone = short.tracks[1].path
    gone.unlink()
    report = export(short, tmp_path / "x.m3u8")
    assert report.missing == (gone,)
    assert report.written == 2
    assert report.downgraded == (tmp_path / "c#.mp3",)
    assert len(entries_of(tmp_path / "x.m3u8")) == 2


def test_a_list_is_kept_when_every_file_is_gone(short: Playlist, tmp_path: Path) -> None:
    path = tmp_path / "x.m3u8"
    export(short, path)
    before = path.read_bytes()
    for track in short.tracks:
        track.path.unlink()
    with pytest.raises(ExportError, match="none of the 3 files is there"):
        export(short, path)
    assert path.read_bytes() == before


def test_a_list_is_kept_when_no_file_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "x.m3u8"
    path.write_bytes(b"#EXTM3U\n")
    track = tmp_path / "a\nb.mp3"
    track.write_bytes(b"sound")
    with pytest.raises(ExportError, match="no file of the playlist can be named: a line break"):
        export(playlist_of({"a": track}), path, spelling=Spelling("relative"))
    assert path.read_bytes() == b"#EXTM3U\n"


def test_an_empty_playlist_is_an_empty_list(tmp_path: Path) -> None:
    assert export(Playlist("Nothing", ()), tmp_path / "x.m3u").written == 0
    assert (tmp_path / "x.m3u").read_bytes() == b"#EXTM3U\n#PLAYLIST:Nothing\n"


def test_unchanged_content_keeps_the_time(short: Playlist, tmp_path: Path) -> None:
    path = tmp_path / "x.m3u8"
    export(short, path)
    os.utime(path, ns=(1, 1))
    export(short, path)
    assert path.stat().st_mtime_ns == 1
    export(replace(short, title="Another"), path)
    assert path.stat().st_mtime_ns > 1


def test_a_list_has_the_mode_of_the_umask(short: Playlist, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        export(short, tmp_path / "x.m3u8")
    finally:
        os.umask(before)
    assert (tmp_path / "x.m3u8").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["x.m3u8", "x.csv", "x.json", "x.jsonl"])
def test_what_somebody_else_wrote_is_kept(short: Playlist, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Milk\nBread\n")
    with pytest.raises(ExportError, match="choose another name, or force it"):
        export(short, path)
    assert path.read_text() == "Milk\nBread\n"
    export(short, path, force=True)
    export(short, path)
    assert "Milk" not in path.read_text()


def test_a_folder_is_not_overwritten(short: Playlist, tmp_path: Path) -> None:
    (tmp_path / "x.m3u8").mkdir()
    with pytest.raises(ExportError, match="is not a file"):
        export(short, tmp_path / "x.m3u8", force=True)


def test_a_missing_folder(short: Playlist, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"there is no folder .*nowhere; make it first"):
        export(short, tmp_path / "nowhere" / "x.m3u8")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(short: Playlist, tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir(mode=0o500)
    with pytest.raises(ExportError, match=r"cannot write .*Permission denied; choose another place"):
        export(short, folder / "x.m3u8")


@pytest.mark.skipif(not Path("/sys").is_dir(), reason="needs a folder that not even root can write in")
def test_a_file_system_that_cannot_be_written(short: Playlist) -> None:
    with pytest.raises(ExportError, match=r"cannot write /sys/x\.m3u8: .*; choose another place"):
        export(short, Path("/sys/x.m3u8"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_is_not_a_file(short: Playlist, tmp_path: Path) -> None:
    (tmp_path / "x.m3u8").symlink_to("/dev/full")
    with pytest.raises(ExportError, match="is not a file"):
        export(short, tmp_path / "x.m3u8")


def test_a_failing_table_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    tracks = (Track(1, Path("/lib/one.mp3"), "One"), Track(2, Path("/lib/two.mp3"), b"Two"))  # type: ignore[arg-type]
    export_table(tracks[:1], path, ())
    before = path.read_bytes()
    with pytest.raises(TypeError):
        export_table(tracks, path, ())
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["x.jsonl"]


def test_a_list_that_does_not_open_its_files_is_never_written(
    short: Playlist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative track path, against the contract, cannot be told from a path relative to the list."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lists").mkdir()
    relative = replace(short, tracks=(replace(short.tracks[0], path=Path("a.mp3")),))
    for style in ("absolute", "uri"):
        with pytest.raises(ExportError, match=r"the entries of x\.m3u8 do not open their files"):
            export(relative, Path("lists/x.m3u8"), spelling=Spelling(style))
    assert os.listdir(tmp_path / "lists") == []


def test_playlists_reached_through_links(tmp_path: Path) -> None:
    """`..` leads out of the folder that a link points to, not out of the one the link lies in."""
    for folder in ("library/A", "elsewhere/deep/lists", "home"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "library/A/x.mp3").write_bytes(b"sound")
    (tmp_path / "library/lists").symlink_to(tmp_path / "elsewhere/deep/lists")
    (tmp_path / "home/Music").symlink_to(tmp_path / "library")
    (tmp_path / "library/own").mkdir()
    track = tmp_path / "home/Music/A/x.mp3"
    export(playlist_of({"x": track}), tmp_path / "home/Music/lists/x.m3u8", spelling=Spelling("relative"))
    (entry,) = entries_of(tmp_path / "elsewhere/deep/lists/x.m3u8")
    assert os.path.samefile(entry, track)
    export(playlist_of({"x": track}), tmp_path / "home/Music/own/x.m3u8", spelling=Spelling("relative"))
    assert (tmp_path / "library/own/x.m3u8").read_text().splitlines()[-1] == "../A/x.mp3"


def test_mapped_lists_name_files_of_another_machine(short: Playlist, tmp_path: Path) -> None:
    mappings = (PathMapping(str(tmp_path), "D:\\Music"),)
    report = export(short, tmp_path / "x.m3u8", spelling=Spelling("absolute", mappings))
    assert report.written == 3
    assert "\nD:\\Music\\c#.mp3\n" in (tmp_path / "x.m3u8").read_text()


@pytest.mark.parametrize("style", ["auto", "relative"])
@pytest.mark.parametrize("suffix", [".xspf", ".jspf"])
def test_a_cover_beside_a_track_is_named(tmp_path: Path, suffix: str, style: PathStyle) -> None:
    names = ("A #1/x.mp3", "A #1/Folder.JPG", "A #1/cover.png", "A #1/cover.txt", "B/y.mp3", "B/scan.jpg")
    (tmp_path / "C/cover.jpg").mkdir(parents=True)
    for name in (*names, "C/z.mp3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    tracks = tuple(Track(n, tmp_path / name, name) for n, name in enumerate(("A #1/x.mp3", "B/y.mp3", "C/z.mp3")))
    path = tmp_path / f"list{suffix}"
    assert export(Playlist("P", tracks), path, spelling=Spelling(style)).written == 3
    image = f"{'' if style == 'relative' else file_uri(str(tmp_path)) + '/'}A%20%231/cover.png"
    named = [line.strip() for line in path.read_text().splitlines() if "image" in line]
    assert named == [f"<image>{image}</image>" if suffix == ".xspf" else f'"image": "{image}"']
    assert [entry.title for entry in read_playlist(path).entries] == ["A #1/x.mp3", "B/y.mp3", "C/z.mp3"]


def test_tables_have_no_path_style(short: Playlist, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="leave out path options"):
        export(short, tmp_path / "x.csv", spelling=Spelling("relative"))
    with pytest.raises(ExportError, match="a playlist, not a table; use one of csv, json, jsonl, parquet"):
        export_table(short.tracks, tmp_path / "x.m3u8", ())


KILLED = """
import os, signal, sys
from pathlib import Path
from essentialist.atomic import replacement
with replacement(Path(sys.argv[1])) as file:
    file.write(b"#EXTM3U\\nhalf")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_export_leaves_the_old_list_whole(short: Playlist, tmp_path: Path) -> None:
    path = tmp_path / "x.m3u8"
    export(short, path)
    before = path.read_bytes()
    run = subprocess.run([sys.executable, "-c", KILLED, path], check=False, timeout=60)
    assert run.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    (left,) = set(os.listdir(tmp_path)) - {"x.m3u8", "a.mp3", "b.mp3", "c#.mp3"}
    assert left.startswith(".")
    assert ".m3u" not in left


TOO_LONG = """
import resource, sys
from pathlib import Path
from essentialist.errors import ExportError
from essentialist.exports import export
from essentialist.playlist import Playlist
from essentialist.track import Track
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
path = Path(sys.argv[1])
try:
    export(Playlist("Long", (Track(1, path.with_name("a.mp3"), "A"),) * 1000), path)
except ExportError as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("suffix", [each.suffix for each in exporters()])
def test_an_export_that_meets_a_limit_leaves_the_old_list_whole(short: Playlist, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    export(short, path)
    before = path.read_bytes()
    run = subprocess.run([sys.executable, "-c", TOO_LONG, path], capture_output=True, text=True, timeout=60)
    assert "File too large; choose another place, or make room there" in run.stderr
    assert path.read_bytes() == before
    assert set(os.listdir(tmp_path)) == {path.name, "a.mp3", "b.mp3", "c#.mp3"}
