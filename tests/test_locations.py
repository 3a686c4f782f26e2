"""Path styles and mappings, without a file system."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.errors import ExportError, Inexpressible
from essentialist.exports import m3u8
from essentialist.locations import Locations, PathMapping, PathStyle, file_uri, path_mapping
from nasty_names import NAMES, NOT_IN_A_PLAIN_LINE

LIBRARY = Path("/lib")

file_names = (
    st.binary(min_size=1, max_size=12)
    .map(lambda name: name.replace(b"/", b"#").replace(b"\0", b"\n"))
    .filter(lambda name: name not in (b".", b".."))
)
paths = st.lists(file_names, min_size=1, max_size=4).map(lambda names: Path(os.fsdecode(b"/" + b"/".join(names))))


def line(name: str, style: PathStyle = "auto", folder: Path = LIBRARY) -> str:
    return Locations(style, folder).line(LIBRARY / name)


@given(path=paths, folder=paths, style=st.sampled_from(["auto", "uri"]))
def test_auto_and_uri_say_every_name(path: Path, folder: Path, style: PathStyle) -> None:
    said = Locations(style, folder).line(path)
    (entry,) = m3u8.read(f"#EXTM3U\n{said}\n".encode(), folder)
    assert posixpath.normpath(entry.location) == str(path)


@given(path=paths, folder=paths, style=st.sampled_from(["relative", "absolute"]))
def test_plain_styles_say_a_name_rightly_or_not_at_all(path: Path, folder: Path, style: PathStyle) -> None:
    try:
        said = Locations(style, folder).line(path)
    except Inexpressible:
        return
    assert not said.startswith("file:")
    (entry,) = m3u8.read(f"#EXTM3U\n{said}\n".encode(), folder)
    assert posixpath.normpath(entry.location) == str(path)


@given(path=paths, folder=paths)
def test_mapped_paths_lead_to_the_mapped_file(path: Path, folder: Path) -> None:
    mapped = Locations("auto", Path(f"/lib{folder}"), (PathMapping("/lib", "/srv/music"),))
    said = mapped.line(Path(f"/lib{path}"))
    (entry,) = m3u8.read(f"#EXTM3U\n{said}\n".encode(), Path(f"/srv/music{folder}"))
    assert posixpath.normpath(entry.location) == f"/srv/music{path}"


@pytest.mark.parametrize("label", NAMES)
def test_only_four_names_do_not_fit_a_plain_line(label: str) -> None:
    if label not in NOT_IN_A_PLAIN_LINE:
        assert posixpath.normpath(line(NAMES[label], "relative")) == posixpath.normpath(NAMES[label])
        return
    with pytest.raises(Inexpressible, match="rename it, or use path style auto or uri"):
        line(NAMES[label], "relative")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Plain/01 track.mp3", "Plain/01 track.mp3"),
        ("-dash/x.mp3", "./-dash/x.mp3"),
        ("~/x.mp3", "./~/x.mp3"),
        ("AC:DC/x.mp3", "./AC:DC/x.mp3"),
        ("a/AC:DC.mp3", "a/AC:DC.mp3"),
        ("100% Pure.mp3", "100% Pure.mp3"),
        ("C# Minor/1+1 & 2.mp3", "file:///lib/C%23%20Minor/1%2B1%20%26%202.mp3"),
        ("50%20.mp3", "file:///lib/50%2520.mp3"),
        ("why?.mp3", "file:///lib/why%3F.mp3"),
        (" x.mp3", "file:///lib/%20x.mp3"),
        ("a /x.mp3", "file:///lib/a%20/x.mp3"),
        ("a\u2028b.mp3", "file:///lib/a%E2%80%A8b.mp3"),
        (os.fsdecode(b"caf\xe9.mp3"), "file:///lib/caf%E9.mp3"),
        ("cafe\u0301.mp3", "cafe\u0301.mp3"),
        ("caf\u00e9.mp3", "caf\u00e9.mp3"),
    ],
)
def test_auto(name: str, expected: str) -> None:
    assert line(name) == expected
    assert Locations("auto", LIBRARY).downgraded(expected) == expected.startswith("file:")


def test_relative_marks_what_would_be_taken_for_something_else() -> None:
    assert line("#1 Hits.mp3", "relative") == "./#1 Hits.mp3"
    assert line(" x.mp3", "relative") == "./ x.mp3"
    assert line("#1 Hits.mp3", "relative", LIBRARY / "Playlists") == "../#1 Hits.mp3"


def test_only_auto_downgrades() -> None:
    locations = Locations("uri", LIBRARY)
    assert not locations.downgraded(locations.line(LIBRARY / "a#.mp3"))


def test_unknown_style() -> None:
    with pytest.raises(ExportError, match="use one of auto, relative, absolute, uri"):
        Locations("dotted", LIBRARY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("/lib=/music", "/lib", "/music"),
        ("/lib/=/music/", "/lib", "/music/"),
        ("/E=mc2=/music", "/E=mc2", "/music"),
        (r"/lib=D:\Music", "/lib", r"D:\Music"),
        ("/lib=D:", "/lib", "D:"),
        (r"/lib=\\NAS\m", "/lib", r"\\NAS\m"),
    ],
)
def test_reading_a_mapping(text: str, source: str, target: str) -> None:
    assert path_mapping(text) == PathMapping(source, target)


@pytest.mark.parametrize("text", ["", "/lib", "/lib=", "=/music", "/lib=music", "/lib=C:music"])
def test_a_mapping_needs_two_folders(text: str) -> None:
    with pytest.raises(ExportError, match="write FROM=TO"):
        path_mapping(text)


@pytest.mark.parametrize(
    ("target", "style", "expected"),
    [
        ("/music", "absolute", "/music/A/x.mp3"),
        ("/music/", "absolute", "/music/A/x.mp3"),
        ("/", "absolute", "/A/x.mp3"),
        ("/music", "relative", "../A/x.mp3"),
        ("/my music", "uri", "file:///my%20music/A/x.mp3"),
        ("D:\\Music", "absolute", "D:\\Music\\A\\x.mp3"),
        ("D:\\", "absolute", "D:\\A\\x.mp3"),
        ("D:/Music", "absolute", "D:\\Music\\A\\x.mp3"),
        ("D:\\Music", "auto", "..\\A\\x.mp3"),
        ("D:\\Music", "uri", "file:///D:/Music/A/x.mp3"),
        ("\\\\NAS\\m", "absolute", "\\\\NAS\\m\\A\\x.mp3"),
        ("\\\\NAS\\m", "relative", "..\\A\\x.mp3"),
        ("\\\\NAS\\m", "uri", "file://NAS/m/A/x.mp3"),
    ],
)
def test_mapping(target: str, style: PathStyle, expected: str) -> None:
    locations = Locations(style, Path("/lib/Playlists"), (PathMapping("/lib", target),))
    assert locations.line(Path("/lib/A/x.mp3")) == expected


def test_the_longest_mapping_wins_and_takes_whole_components() -> None:
    mappings = (PathMapping("/lib", "/music"), PathMapping("/lib/Jazz", "/jazz"))
    locations = Locations("absolute", Path("/lib"), mappings)
    assert locations.line(Path("/lib/Jazz/x.mp3")) == "/jazz/x.mp3"
    assert locations.line(Path("/lib/Jazz Age/x.mp3")) == "/music/Jazz Age/x.mp3"
    with pytest.raises(ExportError, match=r"/lib2/x\.mp3' lies in no mapped folder"):
        locations.line(Path("/lib2/x.mp3"))


def test_a_file_outside_the_mappings_is_no_mere_skip() -> None:
    with pytest.raises(ExportError) as raised:
        Locations("absolute", LIBRARY, (PathMapping("/lib", "/music"),)).line(Path("/other/x.mp3"))
    assert not isinstance(raised.value, Inexpressible)


def test_a_playlist_outside_the_mappings() -> None:
    mappings = (PathMapping("/lib", "/music"),)
    assert Locations("auto", Path("/home"), mappings).line(Path("/lib/x.mp3")) == "/music/x.mp3"
    with pytest.raises(ExportError, match="folder /home lies in no mapped folder"):
        Locations("relative", Path("/home"), mappings).line(Path("/lib/x.mp3"))


@pytest.mark.parametrize("playlists", ["/music", "E:\\", "\\\\NAS\\m"])
def test_no_relative_path_between_drives(playlists: str) -> None:
    mappings = (PathMapping("/lib", "D:\\Music"), PathMapping("/home", playlists))
    assert Locations("auto", Path("/home"), mappings).line(Path("/lib/x.mp3")) == "D:\\Music\\x.mp3"
    with pytest.raises(ExportError, match="no relative path"):
        Locations("relative", Path("/home"), mappings).line(Path("/lib/x.mp3"))


@pytest.mark.parametrize("name", ["AC\\DC.mp3", "why?.mp3", "AC:DC/x.mp3", "dir./x.mp3", "x.mp3 ", "caf\udce9.mp3"])
def test_names_that_windows_cannot_hold(name: str) -> None:
    with pytest.raises(Inexpressible, match="Windows knows no file of this name"):
        Locations("uri", LIBRARY, (PathMapping("/lib", "D:\\"),)).line(LIBRARY / name)


def test_uris_encode_everything_but_the_unreserved() -> None:
    assert file_uri("/a-b._~/+&'(),;=@:!*$[]") == "file:///a-b._~/%2B%26%27%28%29%2C%3B%3D%40%3A%21%2A%24%5B%5D"
