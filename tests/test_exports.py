"""Playlists as bytes, and as files with every nasty name, read back by us and by mpv."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.errors import ExportError
from essentialist.exports import (
    Exporter,
    Table,
    export,
    exporter_for,
    exporters,
    m3u8,
    table_for,
    tables,
)
from essentialist.exports._entries import MAX_BYTES, text
from essentialist.locations import PATH_STYLES, Locations, PathStyle
from essentialist.playlist import Playlist
from essentialist.spelling import Spelling
from essentialist.track import Track
from nasty_names import NOT_IN_A_PLAIN_LINE, entries_of, make, playlist_of

texts = st.text(st.characters())  # unpaired surrogates, too: a title can be made of a file name


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    folder = tmp_path_factory.mktemp("library")
    return folder, make(folder)


# Formats


def test_formats_are_unlike_each_other() -> None:
    suffixes = [each.suffix for each in exporters()] + [each.suffix for each in tables()]
    assert " ".join(sorted(suffixes)) == ".csv .json .jsonl .jspf .m3u .m3u8 .parquet .pls .xml .xspf"
    assert isinstance(exporter_for(Path("x.M3U8")), Exporter)
    assert isinstance(exporter_for(Path("x.csv")), Table)


def test_an_unknown_suffix_is_told_which_there_are() -> None:
    with pytest.raises(ExportError, match=r"'x\.doc' names no format.*\.csv, \.json, \.jsonl, \.jspf, \.m3u, "):
        exporter_for(Path("/somewhere/x.doc"))
    with pytest.raises(ExportError, match="csv, json, jsonl, parquet"):
        table_for("xls")
    with pytest.raises(ExportError, match=r"holds a query, not these tracks: `essentialist playlist QUERY -o"):
        exporter_for(Path("mixes/{name}.nsp"))


@pytest.mark.parametrize("exporter", exporters(), ids=lambda each: each.suffix)
def test_every_playlist_format_reads_what_it_writes(exporter: Exporter) -> None:
    paths = {"not UTF-8": Path("/lib/caf\udce9/one.mp3"), "plain": Path("/lib/two.mp3")}
    rendered = exporter.render(playlist_of(paths), Locations("auto", Path("/lib")))
    assert exporter.signature.match(rendered.content)
    read = exporter.read(rendered.content, Path("/lib"))
    assert [entry.location for entry in read] == [str(path) for path in paths.values()]


# M3U8


def test_the_bytes_of_a_list() -> None:
    tracks = (
        Track(1, Path("/lib/A/x.mp3"), "Title", "Artist", duration=61.6),
        Track(2, Path("/lib/C#.mp3"), "Ça, et là"),
        Track(3, Path("/lib/caf\udce9.mp3"), "caf\udce9", "A\r\nB\x85", duration=math.inf),
    )
    rendered = m3u8.render(
        Playlist("Mön \u2603\n#EXTINF:1,x\nx.mp3", tracks), Locations("auto", Path("/lib/Playlists"))
    )
    assert (
        rendered.content
        == (
            "#EXTM3U\n"
            "#PLAYLIST:Mön \u2603 #EXTINF:1,x x.mp3\n"
            "#EXTINF:62,Artist - Title\n"
            "../A/x.mp3\n"
            "#EXTINF:-1,Ça, et là\n"
            "file:///lib/C%23.mp3\n"
            "#EXTINF:-1,A B - caf\ufffd\n"
            "file:///lib/caf%E9.mp3\n"
        ).encode()
    )
    assert rendered.downgraded == (Path("/lib/C#.mp3"), Path("/lib/caf\udce9.mp3"))
    assert rendered.skipped == ()


@given(title=texts, artist=texts, name=texts)
def test_no_text_injects_a_line(title: str, artist: str, name: str) -> None:
    playlist = Playlist(name, (Track(1, Path("/lib/x.mp3"), title, artist),))
    content = m3u8.render(playlist, Locations("auto", Path("/lib"))).content.decode()
    lines = content.splitlines()
    assert len(lines) == 3 + bool(text(name))
    assert [line for line in lines if not line.startswith("#")] == ["x.mp3"]


def test_the_reader_takes_the_lists_of_others() -> None:
    content = (
        b"\xef\xbb\xbf#EXTM3U\r\n\r\n#EXTINF:1,x\r\nA/x.mp3\r\n  b.mp3\t\r\nFILE:///lib/C%23.mp3\r\n"
        b"file://localhost/lib/d.mp3\rfile:/lib/e.mp3\nhttp://host/f%20.mp3\n/abs/caf\xe9.mp3\nfile://nas/g.mp3"
    )
    assert tuple(entry.location for entry in m3u8.read(content, Path("/pl"))) == (
        "/pl/A/x.mp3",
        "/pl/b.mp3",
        "/lib/C#.mp3",
        "/lib/d.mp3",
        "/lib/e.mp3",
        "http://host/f%20.mp3",
        "/abs/caf\udce9.mp3",
        "file://nas/g.mp3",
    )


@pytest.mark.parametrize("content", [b"#EXTM3U\n\0\n", b"file:///a%00b\n", b"#" * (MAX_BYTES + 1)])
def test_the_reader_refuses_what_is_no_list(content: bytes) -> None:
    with pytest.raises(ExportError, match=r"this is no (M3U )?playlist"):
        m3u8.read(content, Path("/pl"))


@given(content=st.binary())
def test_the_reader_survives_any_bytes(content: bytes) -> None:
    try:
        entries = m3u8.read(content, Path("/pl"))
    except ExportError:
        return
    assert all(entry.location and "\0" not in entry.location for entry in entries)


# Nasty names


@pytest.mark.parametrize("style", [each for each in PATH_STYLES if each != "http"])
@pytest.mark.parametrize("subfolder", ["", "Playlists"])
def test_nasty_names_open_their_files(nasty: tuple[Path, dict[str, Path]], style: PathStyle, subfolder: str) -> None:
    folder, made = nasty
    (folder / subfolder).mkdir(exist_ok=True)
    path = folder / subfolder / f"{style}.m3u8"
    report = export(playlist_of(made), path, spelling=Spelling(style))
    skipped = (
        [made[label] for label in NOT_IN_A_PLAIN_LINE if label in made] if style in ("relative", "absolute") else []
    )
    assert sorted(each for each, _ in report.skipped) == sorted(skipped)
    expected = [each for each in made.values() if each not in skipped]
    assert report.written == len(expected)
    entries = entries_of(path)
    assert len(entries) == len(expected)
    assert all(os.path.samefile(entry, track) for entry, track in zip(entries, expected, strict=True))
    assert bool(report.downgraded) == (style == "auto")


@pytest.mark.skipif(shutil.which("mpv") is None, reason="mpv is not installed")
@pytest.mark.parametrize("style", ["auto", "uri", "relative"])
def test_mpv_opens_every_entry(nasty: tuple[Path, dict[str, Path]], style: PathStyle) -> None:
    folder, made = nasty
    path = folder / f"mpv-{style}.m3u8"
    report = export(playlist_of(made), path, spelling=Spelling(style))
    options = ("--no-config", "--no-video", "--ao=null", "--untimed", "--length=0.1", "--term-playing-msg=PLAYED")
    run = subprocess.run(["mpv", *options, "--", path], capture_output=True, timeout=120)
    assert run.returncode == 0, run.stdout[-2000:]
    assert run.stdout.count(b"PLAYED") == report.written


def test_a_list_moves_with_its_library(nasty: tuple[Path, dict[str, Path]], tmp_path: Path) -> None:
    folder, made = nasty
    library = tmp_path / "before"
    shutil.copytree(folder, library)
    moved = {label: library / path.relative_to(folder) for label, path in made.items()}
    export(playlist_of(moved), library / "list.m3u8", spelling=Spelling("relative"))
    library.rename(tmp_path / "after")
    entries = entries_of(tmp_path / "after" / "list.m3u8")
    assert len(entries) >= len(made) - len(NOT_IN_A_PLAIN_LINE)
    assert all(Path(entry).is_file() for entry in entries)
