"""Playlists of anybody are read: encodings, path styles, formats; and hostile ones are refused or bounded."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from essentialist.errors import PlaylistError
from essentialist.exports import Entry, export, exporters
from essentialist.locations import PATH_STYLES, PathStyle
from essentialist.playlist_files import lines, reading
from essentialist.playlist_files.places import place_of
from essentialist.playlist_files.reading import parse, read_playlist
from essentialist.spelling import Spelling
from nasty_names import NOT_IN_A_PLAIN_LINE, make, playlist_of

HERE = Path("/lists")
TEXT = "#EXTM3U\r\n#PLAYLIST:Café\r\n#EXTINF:212,Björk - Jóga\r\nBjörk/Jóga.mp3\r\n\r\n#EXTINF:-1,Ünknown\r\nx.mp3\r\n"
ENCODINGS = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "windows-1252": TEXT.encode("cp1252"),
    "latin-1, declared": ("#EXTENC: ISO-8859-1\r\n" + TEXT).encode("latin-1"),
    "utf-16, little": TEXT.encode("utf-16"),
    "utf-16, big": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-16, no mark": TEXT.encode("utf-16-le"),
}


class TestM3u:
    @pytest.mark.parametrize("name", ENCODINGS)
    def test_it_says_the_same_in_every_encoding(self, name: str) -> None:
        read = parse(ENCODINGS[name], HERE / "a.m3u")
        first, second = read.entries
        assert read.title == "Café"
        assert (first.title, first.artist, first.duration) == ("Jóga", "Björk", 212.0)
        assert (second.title, second.artist, second.duration) == ("Ünknown", "", None)
        assert "/lists/Björk/Jóga.mp3" in place_of(first.location, HERE).paths

    @pytest.mark.parametrize("name", ENCODINGS)
    def test_a_text_is_replaced_where_it_stands(self, name: str) -> None:
        content = ENCODINGS[name]
        read = lines.read(content)
        at = read.lines.index("x.mp3\r\n")
        (place,) = read.places([lines.At(at, 1)])
        changed = lines.read(content[: place.start] + read.encoded("é.mp3") + content[place.stop :])
        assert changed.lines[at + 1 :] == read.lines[at + 1 :]
        assert changed.readable(changed.lines[at]) == "xé.mp3\r\n"

    @given(st.binary(max_size=200))
    def test_of_whatever_is_read_each_line_is_found_again(self, content: bytes) -> None:
        try:
            read = lines.read(content)
        except PlaylistError:
            return
        places = read.places([lines.At(number) for number in range(len(read.lines))])
        stripped = [line.rstrip("\r\n").encode(read.encoding, errors="surrogateescape") for line in read.lines]
        assert [content[place] for place in places] == stripped

    def test_comments_of_players_are_understood(self) -> None:
        text = '#EXTM3U x="1"\n#EXTINF:5 id="a, b" c="d",A - B - C\n#EXTALB:D\n#EXTVLCOPT:x\na.mp3\n#EXTART:E\nb.mp3'
        first, second = parse(text.encode(), HERE / "a.m3u8").entries
        assert first == Entry("a.mp3", "B - C", "A", "D", 5.0)
        assert second == Entry("b.mp3", artist="E")


def test_pls_is_read_in_the_order_of_its_numbers() -> None:
    text = "[playlist]\nfile2=b.mp3\nTitle1=A - One\nFile1=music/a=b.mp3\nLength1=61\nLength2=-1\nNumberOfEntries=9\n"
    first, second = parse(text.encode(), HERE / "a.pls").entries
    assert first == Entry("music/a=b.mp3", "One", "A", duration=61.0)
    assert second == Entry("b.mp3")


class TestPlaces:
    @pytest.mark.parametrize(
        ("location", "path"),
        [
            ("a/b.mp3", "/lists/a/b.mp3"),
            ("../a.mp3", "/a.mp3"),
            ("/music/a.mp3", "/music/a.mp3"),
            ("file:///music/a%20%23b%C3%A9.mp3", "/music/a #bé.mp3"),
            ("file://localhost/a.mp3", "/a.mp3"),
            ("file:/a.mp3", "/a.mp3"),
            ("FILE:///a.mp3", "/a.mp3"),
            ("AC:DC/a.mp3", "/lists/AC:DC/a.mp3"),
        ],
    )
    def test_the_plainest_reading_comes_first(self, location: str, path: str) -> None:
        assert os.path.normpath(place_of(location, HERE).paths[0]) == path

    @pytest.mark.parametrize(
        ("location", "path"),
        [
            ("a\\b.mp3", "/lists/a/b.mp3"),
            ("..\\a.mp3", "/a.mp3"),
            ("a%20b/c.mp3", "/lists/a b/c.mp3"),
            (os.fsdecode(b"caf\xe9.mp3"), "/lists/café.mp3"),
        ],
        ids=ascii,
    )
    def test_what_may_be_meant_comes_after_what_is_written(self, location: str, path: str) -> None:
        first, *others = map(os.path.normpath, place_of(location, HERE).paths)
        assert path in others
        assert first == os.path.normpath(HERE / location)

    @pytest.mark.parametrize(
        "location",
        [
            "D:\\Musik\\Café\\a b.mp3",
            "d:/Musik/Café/a b.mp3",
            "\\\\NAS\\Musik\\Café\\a b.mp3",
            "file:///D:/Musik/Caf%C3%A9/a%20b.mp3",
            "file://NAS/Musik/Caf%C3%A9/a%20b.mp3",
            "http://nas:8080/Musik/Caf%C3%A9/a%20b.mp3?token=1#x",
            os.fsdecode(b"D:\\Musik\\Caf\xe9\\a b.mp3"),
        ],
        ids=ascii,
    )
    def test_elsewhere_leads_nowhere_here_and_keeps_its_names(self, location: str) -> None:
        place = place_of(location, HERE)
        assert place.paths == ()
        assert any(names[-3:] == ("Musik", "Café", "a b.mp3") for names in place.tails)

    @example("\\", "file:")
    @given(st.text(max_size=60), st.sampled_from(["", "file:", "file://", "http://", "C:\\", "%00", "\\\\"]))
    def test_no_location_is_an_error(self, location: str, before: str) -> None:
        place = place_of(before + location, HERE)
        assert all(os.path.isabs(path) and "\0" not in path for path in place.paths)


@pytest.mark.parametrize("style", [each for each in PATH_STYLES if each != "http"])
@pytest.mark.parametrize("suffix", [each.suffix for each in exporters() if each.suffix != ".xml"])
def test_what_we_write_leads_back_to_every_nasty_name(tmp_path: Path, suffix: str, style: PathStyle) -> None:
    (tmp_path / "music").mkdir()
    made = make(tmp_path / "music")
    target = tmp_path / f"list{suffix}"
    report = export(playlist_of(made), target, spelling=Spelling(style))
    paths = [path for path in made.values() if path not in {each.path for each in report.skipped}]
    read = read_playlist(target)
    assert len(paths) >= len(made) - len(NOT_IN_A_PLAIN_LINE)
    found = [os.path.normpath(place_of(entry.location, tmp_path).paths[0]) for entry in read.entries]
    assert found == list(map(str, paths))


class TestHostile:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"#EXTM3U\n\0\1\2", "it is binary"),
            (b"\xff\xfea", "UTF-16 and is none"),
            (b"#" * 70_000, "a line of more than 64 KB"),
            (b"\n" * 3_000_001, "millions of lines"),
            (b"a\n" * 1_000_001, "more than 1,000,000 entries"),
        ],
    )
    def test_a_file_that_is_no_playlist_is_refused_in_a_line(self, tmp_path: Path, content: bytes, said: str) -> None:
        path = tmp_path / "a.m3u"
        path.write_bytes(content)
        with pytest.raises(PlaylistError, match=said) as raised:
            read_playlist(path)
        assert "\n" not in str(raised.value)

    def test_a_gigabyte_is_not_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.m3u"
        with path.open("wb") as file:
            file.truncate(1 << 30)
        with pytest.raises(PlaylistError, match="far too long"):
            read_playlist(path)
        assert reading.MOST_BYTES < 1 << 27

    @pytest.mark.parametrize("name", ["a.txt", "a.csv", "none.m3u", "folder.m3u"])
    def test_what_is_no_playlist_file_is_told(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "folder.m3u").mkdir()
        (tmp_path / "a.txt").write_text("a.mp3")
        with pytest.raises(PlaylistError):
            read_playlist(tmp_path / name)

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.m3u")
        with pytest.raises(PlaylistError, match="is no file"):
            read_playlist(tmp_path / "a.m3u")
