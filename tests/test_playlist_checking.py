"""Playlists of anybody are checked without opening anything, and mended without losing anything."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from essentialist.errors import PlaylistError
from essentialist.library import Library
from essentialist.locations import file_uri
from kept import add
from kept import library as made_library
from made_up import make_files

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Here
    from conftest import Collection
    from essentialist.playlist_files.checking import Checked


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return made_library(tmp_path, 12)


def checked(library: Library, folder: Path, *lines: str, name: str = "a.m3u8") -> Checked:
    path = folder / name
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(errors="surrogateescape"))
    (done,) = library.check(path)
    return done


def states(done: Checked) -> list[str]:
    return [finding.state for finding in done.findings]


def test_every_state_of_an_entry(library: Library, tmp_path: Path) -> None:
    (tmp_path / "music/new.flac").write_bytes(b"not analysed")
    (tmp_path / "music/other.m3u").write_text("a.m3u8")
    lines = {
        "music/000.flac": "there",
        "music/new.flac": "there",
        file_uri(str(tmp_path / "music/001.flac")): "there",
        str(tmp_path / "music/002.flac"): "there",
        "./music/../music/000.flac": "duplicate",
        "music/gone.flac": "missing",
        "music": "missing",  # a folder is no file
        "music\\003.flac": "misread",
        "music/00%34.flac": "misread",
        "../../../etc/passwd": "outside",
        "/etc/passwd": "outside",
        "/etc/no-such-file": "outside",
        file_uri("/etc/passwd"): "outside",
        "D:\\music\\000.flac": "elsewhere",
        "http://radio.example/stream": "address",
        "music/other.m3u": "list",
    }
    done = checked(library, tmp_path, *lines)
    assert dict(zip(lines, states(done), strict=True)) == lines
    assert len(done.wrong) == 11


def test_what_lies_outside_is_said_alike_whether_it_is_there_or_not(library: Library, tmp_path: Path) -> None:
    (tmp_path / "secret.flac").write_bytes(b"x")
    (tmp_path / "music/way-out").symlink_to(tmp_path)
    there, gone, by_link = checked(
        library, tmp_path, "secret.flac", "no-secret.flac", "music/way-out/secret.flac"
    ).findings
    assert {(each.state, each.path) for each in (there, gone, by_link)} == {("outside", None)}


def test_known_tracks_are_followed_through_links(library: Library, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "music")
    assert states(checked(library, tmp_path, "link/000.flac", "music/000.flac")) == ["there", "duplicate"]


def test_pipes_and_devices_are_no_files(library: Library, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "music/pipe.flac")
    (tmp_path / "music/null.flac").symlink_to("/dev/null")
    assert states(checked(library, tmp_path, "music/pipe.flac", "music/null.flac")) == ["missing", "outside"]


DOCUMENTS = {
    "a.xspf": """<?xml version='1.0' encoding='UTF-8'?>
<x:playlist version="1" xmlns:x="http://xspf.org/ns/0/"><!-- <location>mine</location> -->
  <x:trackList>
    <x:track><x:location a="1>2">FIRST</x:location><x:location>second.mp3</x:location></x:track>
    <x:track><x:title>Größe &amp; Ä</x:title>
      <x:location>SECOND</x:location><x:extension application="x"><location/></x:extension></x:track>
    <x:track><x:title>Nowhere</x:title><x:location>gone.mp3</x:location></x:track>
  </x:trackList>
</x:playlist>
""",
    "a.jspf": """{"playlist" : {"location": "mine", "track": [
\t{"location" : [ "FIRST", "other" ], "extension": {"x": [{"location": ["y"]}], "n": 1.50e1}},
\t{"title": "Gr\\u00f6\\u00dfe \\"[{,", "location": "SECOND"}, {"identifier": "neither"},
\t{"location": ["gone.mp3"], "title": "Nowhere"}]}, "more": null}
""",
}


REKORDBOX = """<?xml version='1.0' encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0"><!-- of mine --><COLLECTION Entries="3">
<TRACK TrackID='7' Name='a Location="x" b' Location="FIRST"><TEMPO Inizio="0.025" Bpm="128.00"/></TRACK>
<TRACK Location = 'SECOND' TrackID="8" Name="Gr&#246;&#223;e"/>
<TRACK TrackID="9" Name="Nowhere" Location="file://localhost/C:/gone.mp3"/></COLLECTION>
<PLAYLISTS><NODE Name="ROOT" Type="0"><NODE Name="Set" Type="1" KeyType="0" Entries="4">
<TRACK Key="8"/><TRACK Key="7"/><TRACK Key="9"/><TRACK Key="8"/></NODE></NODE></PLAYLISTS></DJ_PLAYLISTS>
"""


def filled(text: str, first: str, second: str) -> bytes:
    return text.replace("FIRST", first).replace("SECOND", second).encode()


class TestRepair:
    def moved(self, library: Library, folder: Path) -> None:
        """Put the music into another folder; its old places are then remembered."""
        (folder / "music").rename(folder / "Musik é")
        library.relocate(folder / "music", folder / "Musik é")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_all_but_the_paths_stays(self, library: Library, tmp_path: Path, encoding: str) -> None:
        self.moved(library, tmp_path)
        uri = file_uri(str(tmp_path / "music/002.flac"))
        absolute = str(tmp_path / "music/003.flac")
        text = f"#EXTM3U\r\n# für mich\r\n#EXTINF:30,Ä - Ö\r\nmusic/001.flac\r\n{uri}\r\n\r\n{absolute}\r\ngone.mp3"
        path = tmp_path / "a.m3u"
        path.write_bytes(text.encode(encoding))
        (done,) = library.repair(path)
        new = text.replace("music/001", "Musik é/001").replace(uri, file_uri(str(tmp_path / "Musik é/002.flac")))
        assert path.read_bytes().decode(encoding) == new.replace(absolute, str(tmp_path / "Musik é/003.flac"))
        assert [each.by for each in done.mended] == ["sound"] * 3
        assert [finding.entry.location for finding in done.wrong] == ["gone.mp3"]
        assert done.backup is not None
        assert done.backup.read_bytes() == text.encode(encoding)
        assert len(library.repair(path)[0].mended) == 0
        assert sorted(each.name for each in tmp_path.glob("a.*")) == ["a.m3u", "a.m3u.bak"]

    def test_pls_keeps_its_keys(self, library: Library, tmp_path: Path) -> None:
        self.moved(library, tmp_path)
        path = tmp_path / "a.pls"
        path.write_text("[playlist]\nfile1=music/001.flac\nTitle1=A = B\nNumberOfEntries=1\nVersion=2\n")
        library.repair(path)
        assert path.read_text() == "[playlist]\nfile1=Musik é/001.flac\nTitle1=A = B\nNumberOfEntries=1\nVersion=2\n"

    def test_in_an_encoding_of_old_other_than_plain_letters_become_a_uri(self, tmp_path: Path) -> None:
        make_files(tmp_path / "音楽", {"1.flac": b"a"})
        add(tmp_path / "catalog.db", tmp_path / "音楽")
        library = Library.open(tmp_path / "catalog.db")
        path = tmp_path / "a.m3u"
        path.write_bytes("#EXTINF:30,Artist 1 - Title 1\ncafé.mp3\n".encode("cp1252"))
        (done,) = library.repair(path)
        assert [each.by for each in done.mended] == ["tags"]
        assert path.read_bytes().splitlines()[1] == file_uri(str(tmp_path / "音楽/1.flac")).encode()
        assert library.check(path)[0].wrong == ()

    def test_a_dry_run_writes_nothing(self, library: Library, tmp_path: Path) -> None:
        self.moved(library, tmp_path)
        path = tmp_path / "a.m3u"
        path.write_text("music/001.flac\n")
        before = sorted(tmp_path.iterdir())
        (done,) = library.repair(path, dry_run=True)
        assert [each.location for each in done.mended] == ["Musik é/001.flac"]
        assert path.read_text() == "music/001.flac\n"
        assert sorted(tmp_path.iterdir()) == before

    def test_older_copies_are_kept(self, library: Library, tmp_path: Path) -> None:
        path = tmp_path / "a.m3u"
        (tmp_path / "a.m3u.bak").write_text("mine")
        path.write_text("music\\001.flac\n")
        library.repair(path)
        assert (tmp_path / "a.m3u.bak").read_text() == "mine"
        assert (tmp_path / "a.m3u.bak2").read_text() == "music\\001.flac\n"

    def test_links_to_lists_and_folders_stay_and_lead_to_the_files(self, library: Library, tmp_path: Path) -> None:
        (tmp_path / "real/deep").mkdir(parents=True)
        (tmp_path / "lists").symlink_to(tmp_path / "real/deep")
        (tmp_path / "real/deep/a.m3u").write_text("music\\001.flac\n")
        (tmp_path / "lists/b.m3u").symlink_to("a.m3u")
        (done,) = library.repair(tmp_path / "lists/b.m3u")
        assert (tmp_path / "lists/b.m3u").is_symlink()
        assert library.check(tmp_path / "lists/b.m3u")[0].wrong == ()
        assert len(done.mended) == 1
        for folder in ("lists", "real/deep"):  # the system resolves `..` after links, and so must the line
            location = (tmp_path / "real/deep/a.m3u").read_text().strip()
            assert location.startswith("file:") or (tmp_path / folder / location).samefile(tmp_path / "music/001.flac")

    @pytest.mark.parametrize(("name", "m"), [("a.xspf", "&#x6d;"), ("a.jspf", "\\u006d")])
    def test_of_a_document_only_the_uris_change(self, library: Library, tmp_path: Path, name: str, m: str) -> None:
        self.moved(library, tmp_path)
        path, text = tmp_path / name, DOCUMENTS[name]
        path.write_bytes(filled(text, f"{m}usic/001.flac", file_uri(str(tmp_path / "music/002.flac"))))
        (done,) = library.repair(path)
        new = file_uri(str(tmp_path / "Musik é/002.flac"))
        assert path.read_bytes() == filled(text, "Musik%20%C3%A9/001.flac", new)
        assert [each.by for each in done.mended] == ["sound"] * 2
        assert [finding.entry.title for finding in done.wrong] == ["Nowhere"]
        assert len(library.repair(path)[0].mended) == 0

    @pytest.mark.parametrize("name", list(DOCUMENTS))
    def test_a_document_in_utf_16_stays_as_it_is(self, library: Library, tmp_path: Path, name: str) -> None:
        self.moved(library, tmp_path)
        path = tmp_path / name
        content = filled(DOCUMENTS[name], "music/001.flac", "").decode().replace("UTF-8", "UTF-16").encode("utf-16")
        path.write_bytes(content)
        with pytest.raises(PlaylistError, match="write the list anew"):
            library.repair(path)
        assert path.read_bytes() == content

    def test_of_a_collection_of_rekordbox_only_locations_change(self, library: Library, tmp_path: Path) -> None:
        self.moved(library, tmp_path)
        path = tmp_path / "a.xml"
        first, second = (f"file://localhost{tmp_path}/music/00{number}.flac" for number in (1, 2))
        path.write_bytes(filled(REKORDBOX, first, second))
        (done,) = library.repair(path)
        assert path.read_bytes() == filled(
            REKORDBOX, *(each.replace("/music/", "/Musik%20%C3%A9/") for each in (first, second))
        )
        assert [each.by for each in done.mended] == ["sound"] * 3  # one of them is listed twice
        assert [finding.entry.title for finding in done.wrong] == ["Nowhere"]
        assert len(library.repair(path)[0].mended) == 0

    @pytest.mark.parametrize("encoding", ["idna", "punycode", "utf-8-sig", "utf-32-le", "undefined", "rot13", "none"])
    def test_what_cannot_be_an_encoding_of_old_is_not_taken_for_one(
        self, library: Library, tmp_path: Path, encoding: str
    ) -> None:
        self.moved(library, tmp_path)
        path = tmp_path / "a.m3u"
        path.write_bytes(f"#EXTENC:{encoding}\n#EXTINF:30,".encode() + b"caf\xe9\nmusic/001.flac\n")
        library.repair(path)
        assert path.read_bytes().splitlines()[-1] == "Musik é/001.flac".encode("cp1252")

    @pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
    def test_a_list_in_an_encoding_of_old_stays_in_it(self, library: Library, tmp_path: Path, encoding: str) -> None:
        self.moved(library, tmp_path)
        path = tmp_path / "a.m3u"
        text = f"#EXTINF:30,Ä - Ö\r\nmusic/001.flac\r\n{tmp_path}/music/002.flac\r\nMusik é/003.flac"
        path.write_bytes(text.encode(encoding))
        (done,) = library.repair(path)
        assert path.read_bytes() == text.replace("music/", "Musik é/").encode(encoding)
        assert [each.by for each in done.mended] == ["sound"] * 2
        assert [each.state for each in done.wrong] == ["misread"]
        assert {each.state for each in library.check(path)[0].findings} == {"misread"}

    def test_one_line_of_old_does_not_spoil_a_list_in_utf_8(self, library: Library, tmp_path: Path) -> None:
        self.moved(library, tmp_path)
        path = tmp_path / "a.m3u"
        path.write_bytes("#EXTINF:30,Ä - ".encode() + b"\xd6\nmusic/001.flac\n")
        library.repair(path)
        assert path.read_bytes() == "#EXTINF:30,Ä - ".encode() + b"\xd6\nMusik \xc3\xa9/001.flac\n"


class TestCommands:
    def test_the_exit_code_says_whether_something_is_wrong(
        self, here: Here, collection: Collection, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.m3u8"
        path.write_text(f"{collection.music}/Beats/01 One.flac\n")
        assert here("playlist", "--check", str(path)).code == 0
        path.write_text(f"{collection.music}/Beats/01 One.flac\n{collection.music}/gone.mp3\n/etc/passwd\n")
        answer = here("playlist", "--check", str(path))
        assert answer.code == 1
        assert "3 entries: 1 there, 1 missing, 1 outside" in answer.out
        (row,) = json.loads(here("playlist", "--check", str(path), "--json").out)
        assert row["wrong"] == 2
        assert [each["state"] for each in row["entries"]] == ["there", "missing", "outside"]

    def test_repair_finds_a_path_of_another_machine(self, here: Here, collection: Collection, tmp_path: Path) -> None:
        path = tmp_path / "a.m3u8"
        path.write_text("Z:\\Beats\\01 One.flac\n")
        answer = here("repair", str(path))
        assert answer.code == 0
        assert "1 entry mended" in answer.out
        assert (tmp_path / path.read_text().strip()).resolve() == (collection.music / "Beats/01 One.flac").resolve()
        (row,) = json.loads(here("repair", str(path), "--json").out)
        assert row["mended"] == []

    def test_json_without_check_is_wrong_usage(self, here: Here) -> None:
        assert here("playlist", "--json").code == 2
