"""Entries of playlists from elsewhere find their tracks: by path, by sound, by name, by tags; or rightly none."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from essentialist.catalogue.catalog import Catalog
from essentialist.catalogue.recorder import Recorder
from essentialist.exports import Entry
from essentialist.files.collection import walk
from essentialist.library import Library
from essentialist.playlist_files.matching import Collection
from essentialist.recipes.reading import parse
from essentialist.recipes.refreshing import refresh
from essentialist.track import AudioFile, Tags
from made_up import extractors, heard, make_files

if TYPE_CHECKING:
    from command_line import Here
    from conftest import Collection as Music

ALBUM = "Björk/Homogenic/"
FILES = {
    unicodedata.normalize("NFD", ALBUM + "02 Jóga.flac"): Tags("Jóga", "Björk", album="Homogenic"),
    ALBUM + "03 Unravel.flac": Tags("Unravel", "Björk", album="Homogenic"),
    "One/Best/01 Intro.mp3": Tags("Intro", "One", album="Best"),
    "Two/Best/01 Intro.mp3": Tags("Intro", "Two", album="Best"),
    "Two/More/Track 07.mp3": Tags("Seven", "Two", album="More"),
    "Nina Simone/Live/Sinnerman.flac": Tags("Sinnerman", "Nina Simone", album="Live"),
}


def enter(catalog: Path, music: Path) -> Library:
    with Recorder(Catalog.create(catalog)) as recorder:
        recorder.learn(extractors())
        recorder.place(str(music))
        for file in walk(music):
            if isinstance(file, AudioFile):
                recorder.enter(file, replace(heard(file.absolute.read_bytes()), tags=FILES[file.path]))
    return Library(Catalog(catalog))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    music = make_files(tmp_path / "music", {name: name.encode() for name in FILES})
    return enter(tmp_path / "catalog.db", music)


def found(library: Library, entry: Entry, folder: Path = Path("/elsewhere")) -> tuple[str | None, str | None]:
    (match,) = Collection(library.catalog).matches([entry], folder)
    return (match.track.title if match.track else None), match.by


@pytest.mark.parametrize(
    ("location", "title"),
    [
        ("D:\\Music\\BJÖRK\\Homogenic\\02 jóga.FLAC", "Jóga"),
        (os.fsdecode("D:\\Music\\Björk\\Homogenic\\02 Jóga.flac".encode("cp1252")), "Jóga"),
        ("\\\\NAS\\m\\Homogenic\\03 Unravel.mp3", "Unravel"),
        ("http://nas/Homogenic/03%20Unravel.flac", "Unravel"),
        ("../x/Two/Best/01 Intro.mp3", "Intro"),
        ("03 Unravel.m4a", "Unravel"),
    ],
    ids=ascii,
)
def test_a_name_finds_its_file_from_other_machines(library: Library, location: str, title: str) -> None:
    assert found(library, Entry(location)) == (title, "name")


@pytest.mark.parametrize(
    "entry",
    [
        Entry("x/01 Intro.mp3"),  # two are called so
        Entry("Best/01 Intro.mp3"),
        Entry("x/Track 07.mp3"),  # no name
        Entry("http://radio/Sinnerman.flac"),  # an address of the web, and only the file's name
        Entry("x/Sinnerman.flac", duration=400.0),  # another recording: this one has 30 s
        Entry("x/Sinnerman.flac", title="Lilac Wine"),
        Entry("../../../etc/passwd"),
        Entry("http://radio.example/stream"),
        Entry("", title="Intro"),
        Entry(""),
    ],
)
def test_what_is_not_sure_is_not_matched(library: Library, entry: Entry) -> None:
    assert found(library, entry) == (None, None)


def test_two_of_a_name_are_told_apart_by_folder_and_tags(library: Library) -> None:
    collection = Collection(library.catalog)
    for artist in ("One", "Two"):
        entries = [Entry(f"/mnt/{artist}/Best/01 Intro.mp3"), Entry("a.mp3", title="INTRO", artist=artist.lower())]
        by_folder, by_tags = collection.matches(entries)
        assert by_folder.track == by_tags.track
        assert by_tags.track is not None
        assert by_tags.track.artist == artist


def test_tags_find_versions_and_what_the_path_says(library: Library) -> None:
    assert found(library, Entry("x.mp3", "Sinnerman (Live)", "Nina Simone")) == ("Sinnerman", "tags")
    assert found(library, Entry("D:\\Nina Simone - Sinnerman.mp3")) == ("Sinnerman", "tags")


def test_lists_of_services_have_titles_and_no_files(library: Library, tmp_path: Path) -> None:
    track = {"title": "joga", "creator": "BJÖRK"}
    (tmp_path / "a.jspf").write_text(json.dumps({"playlist": {"track": [track]}}))
    (tmp_path / "a.xspf").write_text(
        '<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track><creator>Björk</creator>'
        "<title>Jóga</title></track></trackList></playlist>"
    )
    for matched in library.match(tmp_path / "a.jspf", tmp_path / "a.xspf"):
        assert [(match.by, match.track and match.track.title) for match in matched.matches] == [("tags", "Jóga")]
    (checked,) = library.check(tmp_path / "a.jspf")
    assert [finding.state for finding in checked.findings] == ["missing"]


def test_paths_are_found_through_links_and_other_spellings(library: Library, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "music")
    for location in ("link/Two/More/Track 07.mp3", "music\\Two\\More\\Track 07.mp3", "music/Two/More/Track%2007.mp3"):
        assert found(library, Entry(location), tmp_path) == ("Seven", "path")


def test_a_file_that_moved_is_known_by_its_sound(library: Library, tmp_path: Path) -> None:
    old = tmp_path / "music/Two/More/Track 07.mp3"
    new = old.with_name("renamed.mp3")
    old.rename(new)
    with Recorder(library.catalog) as recorder:
        recorder.learn(extractors())
        recorder.place(str(tmp_path / "music"))
        status = new.stat()
        file = AudioFile(str(tmp_path / "music"), "Two/More/renamed.mp3", status.st_size, status.st_mtime_ns)
        recorder.enter(file, replace(heard(new.read_bytes()), tags=FILES["Two/More/Track 07.mp3"]))
    assert found(library, Entry(str(old))) == ("Seven", "sound")


def test_a_folder_that_was_relocated_is_known_by_its_sound(library: Library, tmp_path: Path) -> None:
    (tmp_path / "music").rename(tmp_path / "elsewhere")
    library.relocate(tmp_path / "music", tmp_path / "elsewhere")
    assert found(library, Entry("music/One/Best/01 Intro.mp3"), tmp_path) == ("Intro", "sound")


class TestImport:
    def listed(self, folder: Path) -> Path:
        path = folder / "party.m3u"
        path.write_bytes(
            "#EXTM3U\r\n#PLAYLIST:Fête\r\nD:\\M\\Beats\\01 One.flac\r\n"
            "#EXTINF:8,Élan - Café\r\nz.mp3\r\n..\\..\\etc\\passwd\r\n".encode("cp1252")
        )
        return path

    def test_it_tells_what_was_found_how_and_what_was_not(self, here: Here, tmp_path: Path) -> None:
        answer = here("import", str(self.listed(tmp_path)))
        assert answer.code == 0
        assert "2 of 3 entries found (1 by name, 1 by tags)" in answer.out
        assert "not in the collection: ..\\..\\etc\\passwd" in answer.err
        (row,) = json.loads(here("import", str(self.listed(tmp_path)), "--json").out)
        assert row["title"] == "Fête"
        assert [each["by"] for each in row["entries"]] == ["name", "tags", None]

    def test_it_becomes_a_recipe_that_refreshes(
        self, here: Here, collection: Music, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ESSENTIALIST_RECIPES", str(tmp_path / "recipes"))
        here("import", str(self.listed(tmp_path)), "--save", "party", "-o", str(tmp_path / "out.m3u8"))
        library = Library(Catalog(collection.catalog))
        path = tmp_path / "recipes/party.toml"
        recipe = parse(path.read_text(), path, library.catalog, library.fields())
        assert [track.title for track in refresh(library, "party", recipe).playlist.tracks] == ["One", "Café"]
        assert (tmp_path / "out.m3u8").read_text().count("#EXTINF") == 2

    def test_it_can_be_extended(self, here: Here, tmp_path: Path) -> None:
        path = str(self.listed(tmp_path))
        longer = here("playlist", "--like-playlist", path, "--length", "4", "-o", str(tmp_path / "longer.m3u8"))
        assert "4 tracks" in longer.out
        text = (tmp_path / "longer.m3u8").read_text()
        assert "01 One.flac" in text
        others = here("playlist", "--like-playlist", path, "--no-include", "-o", str(tmp_path / "others.m3u8"))
        assert others.code == 0
        assert "01 One.flac" not in (tmp_path / "others.m3u8").read_text()

    def test_nothing_to_be_like_is_one_line(self, here: Here, tmp_path: Path) -> None:
        (tmp_path / "a.m3u").write_text("x.mp3\n")
        for arguments in (("playlist", "--like-playlist"), ("import", "--save", "x")):
            answer = here(*arguments, str(tmp_path / "a.m3u"))
            assert answer.code == 1
            assert "is in the collection" in answer.err
