"""Playlists are taken along with their audio: into folders, on sticks, in zips."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.copying import Copied, Wanted
from essentialist.copying.folder import copy_to
from essentialist.copying.names import LONGEST, Names, safe
from essentialist.copying.planning import parse_size, plan
from essentialist.copying.taking import copy
from essentialist.errors import ExportError
from essentialist.library import Library
from essentialist.playlist import Playlist
from essentialist.playlist_files.reading import read_playlist
from kept import library as made_library
from nasty_names import make, playlist_of

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Here
    from conftest import Collection

PNG = b"\x89PNG\r\n\x1a\n"
FORBIDDEN = set('"*/:<>?\\|') | {chr(code) for code in range(32)}


def on_disk(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def library(collection: Collection) -> Library:
    return Library.open(collection.catalog)


@pytest.fixture
def playlist(library: Library) -> Playlist:
    return Playlist("Road: trip?", library.tracks())


def copied(library: Library, playlist: Playlist, target: Path, **wanted: object) -> Copied:
    return copy(library.catalog, playlist, target, Wanted(**wanted))  # type: ignore[arg-type]


class TestNames:
    @given(st.text(max_size=300), st.sampled_from(["", ".mp3", " (2).flac"]))
    def test_any_text_becomes_a_name_that_fat_takes(self, text: str, suffix: str) -> None:
        name = safe(text, suffix)
        stem = name.removesuffix(suffix)
        assert not FORBIDDEN & set(name)
        assert stem
        assert stem == stem.strip()
        assert not stem.startswith(".")
        assert not stem.endswith(".")
        assert len(name.encode()) <= LONGEST + 1

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("AC/DC: Back?", "AC_DC_ Back_"),
            ("con", "_con"),
            ("aux.x", "_aux.x"),
            ("..", "_"),
            ("...And Justice", "_...And Justice"),
            ("x. ", "x"),
            ("日本", "日本"),
            (os.fsdecode(b"caf\xe9"), "caf_"),
        ],
        ids=ascii,
    )
    def test_most_of_a_name_stays(self, text: str, name: str) -> None:
        assert safe(text) == name

    def test_names_that_fat_takes_for_one_are_told_apart(self) -> None:
        names = Names()
        assert [names.free("a", stem, ".mp3") for stem in ("x", "X", "x")] == ["a/x.mp3", "a/X (2).mp3", "a/x (3).mp3"]

    def test_every_nasty_name_has_a_place_of_its_own(self, tmp_path: Path) -> None:
        made = make(tmp_path)
        planned = plan(playlist_of(made), (str(tmp_path),), Wanted())
        targets = [item.target for item in planned.items]
        assert len({target.casefold() for target in targets}) == len(made)
        assert not any(part in {"", ".", ".."} for target in targets for part in target.split("/"))
        assert not any(FORBIDDEN & set(part) for target in targets for part in target.split("/"))


@pytest.mark.parametrize(("text", "size"), [("8GB", 8e9), ("700 mb", 7e8), ("1.5GiB", 1.5 * 2**30), ("12", 12)])
def test_a_size_is_read(text: str, size: float) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "8 apples", "1e9", "9" * 400])
def test_what_is_no_size_is_told(text: str) -> None:
    with pytest.raises(ExportError, match="is no size"):
        parse_size(text)


class TestFolder:
    def test_files_and_list_are_there_and_the_list_moves_along(
        self, library: Library, playlist: Playlist, tmp_path: Path
    ) -> None:
        done = copied(library, playlist, tmp_path / "stick")
        assert (done.n_copied, done.n_there, done.failed) == (len(playlist.tracks), 0, ())
        (tmp_path / "stick").rename(tmp_path / "phone")
        listed = tmp_path / "phone/Road_ trip_.m3u8"
        entries = read_playlist(listed).entries
        assert [(listed.parent / entry.location).read_bytes() for entry in entries] == [
            track.path.read_bytes() for track in playlist.tracks
        ]
        assert len(on_disk(tmp_path / "phone")) == len(playlist.tracks) + 1

    def test_what_is_there_is_not_copied_again(self, library: Library, playlist: Playlist, tmp_path: Path) -> None:
        first = copied(library, playlist, tmp_path / "stick")
        target = tmp_path / "stick" / first.plan.items[0].target
        changed = tmp_path / "stick" / first.plan.items[1].target
        changed.write_bytes(b"cut short")
        before = target.stat()
        second = copied(library, playlist, tmp_path / "stick")
        assert (second.n_copied, second.n_there) == (1, len(playlist.tracks) - 1)
        assert target.stat().st_ino == before.st_ino
        assert changed.read_bytes() == playlist.tracks[1].path.read_bytes()

    def test_numbered_files_are_in_the_order_of_play(
        self, library: Library, playlist: Playlist, tmp_path: Path
    ) -> None:
        copied(library, playlist, tmp_path, numbered=True)
        names = sorted(path.name for path in (tmp_path / "Road_ trip_").iterdir())
        assert [name[:3] for name in names] == [f"{number:03}" for number in range(1, len(playlist.tracks) + 1)]
        assert all(track.title in name for track, name in zip(playlist.tracks, names, strict=True))

    def test_a_limit_is_kept(self, library: Library, playlist: Playlist, tmp_path: Path) -> None:
        sizes = [track.path.stat().st_size for track in playlist.tracks]
        done = copied(library, playlist, tmp_path / "stick", limit=sum(sizes) - 1)
        assert len(done.plan.no_room) == 1
        assert sum((tmp_path / "stick" / item.target).stat().st_size for item in done.plan.items) < sum(sizes)
        with pytest.raises(ExportError, match="not even one track fits"):
            copied(library, playlist, tmp_path / "other", limit=10)
        assert not (tmp_path / "other").exists()

    def test_a_disk_without_room_is_told_before_anything_is_copied(
        self, library: Library, playlist: Playlist, tmp_path: Path
    ) -> None:
        planned = plan(playlist, library.catalog.roots(), Wanted())
        vast = replace(planned, items=(replace(planned.items[0], size=1 << 60), *planned.items[1:]))
        with pytest.raises(ExportError, match=r"are to be copied and .* are free"):
            copy_to(tmp_path / "stick", vast, Wanted())
        assert on_disk(tmp_path / "stick") == set()

    def test_nothing_is_copied_into_the_collection(
        self, library: Library, playlist: Playlist, collection: Collection, tmp_path: Path
    ) -> None:
        (tmp_path / "link").symlink_to(collection.music)
        before = on_disk(collection.music)
        for folder in (collection.music, collection.music / "new", tmp_path / "link/Beats"):
            with pytest.raises(ExportError, match="is a part of the collection"):
                copied(library, playlist, folder)
        assert on_disk(collection.music) == before

    def test_what_went_away_is_left_out_and_told(self, tmp_path: Path) -> None:
        library = made_library(tmp_path, 3)
        tracks = library.tracks()
        tracks[1].path.unlink()
        done = copied(library, Playlist("A", tracks), tmp_path / "stick")
        assert done.plan.missing == (tracks[1].path,)
        assert on_disk(tmp_path / "stick") == {"000.flac", "002.flac", "A.m3u8"}

    def test_what_cannot_be_decoded_is_a_row(self, tmp_path: Path) -> None:
        library = made_library(tmp_path, 2)  # files that only say that they are audio
        with pytest.raises(ExportError, match="nothing could be copied: there is no audio in the file"):
            copied(library, Playlist("A", library.tracks()), tmp_path / "stick", form="mp3")
        assert on_disk(tmp_path / "stick") == set()


class TestLinks:
    """What links lead to outside of the collection is not taken along, and nothing is written through a link."""

    def led_out(self, tmp_path: Path) -> tuple[Library, Path]:
        """A library, one file of which became a link to a secret since it was analysed."""
        library = made_library(tmp_path, 3)
        (tmp_path / "secret").write_text("secret")
        path = library.tracks()[1].path
        path.unlink()
        path.symlink_to("../secret")
        return library, path

    @pytest.mark.parametrize("target", ["stick", "a.zip"])
    def test_a_link_that_leads_out_is_left_out_and_told(self, tmp_path: Path, target: str) -> None:
        library, path = self.led_out(tmp_path)
        tracks = library.tracks()
        done = copied(library, Playlist("A", tracks), tmp_path / target)
        assert (done.n_copied, done.plan.outside) == (2, (path,))
        if target == "a.zip":
            zipfile.ZipFile(tmp_path / target).extractall(tmp_path / "stick")
        assert on_disk(tmp_path / "stick") == {"000.flac", "002.flac", "A.m3u8"}
        with pytest.raises(ExportError, match="leads out of the folders that were analysed; analyse the folder"):
            copied(library, Playlist("B", (tracks[1],)), tmp_path / "other")

    def test_a_link_within_the_collection_is_taken_along(self, tmp_path: Path) -> None:
        library = made_library(tmp_path, 2)
        path = library.tracks()[1].path
        path.rename(path.with_name("moved"))
        path.symlink_to("moved")
        assert copied(library, Playlist("A", library.tracks()), tmp_path / "stick").n_copied == 2

    def test_nothing_is_written_through_a_link_in_the_folder(
        self, library: Library, playlist: Playlist, tmp_path: Path
    ) -> None:
        (tmp_path / "stick").mkdir()
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "stick/Beats").symlink_to(tmp_path / "elsewhere")
        done = copied(library, playlist, tmp_path / "stick")
        n_beats = sum(track.path.parent.name == "Beats" for track in playlist.tracks)
        assert [reason.partition(" leads out of ")[1] for _, reason in done.failed] == [" leads out of "] * n_beats > []
        assert list((tmp_path / "elsewhere").iterdir()) == []


class TestZip:
    def test_it_holds_the_files_and_their_list(self, library: Library, playlist: Playlist, tmp_path: Path) -> None:
        done = copied(library, playlist, tmp_path / "a.zip", numbered=True)
        with zipfile.ZipFile(tmp_path / "a.zip") as packed:
            assert packed.testzip() is None
            packed.extractall(tmp_path / "out")
        entries = read_playlist(tmp_path / "out/Road_ trip_.m3u8").entries
        assert [(tmp_path / "out" / entry.location).read_bytes() for entry in entries] == [
            track.path.read_bytes() for track in playlist.tracks
        ]
        assert done.n_bytes == (tmp_path / "a.zip").stat().st_size

    def test_only_a_zip_of_the_same_list_is_overwritten(
        self, library: Library, playlist: Playlist, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.zip"
        copied(library, playlist, path)
        copied(library, playlist, path, numbered=True)
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("letters.txt", "dear")
        for content in (path.read_bytes(), b"no zip"):
            path.write_bytes(content)
            with pytest.raises(ExportError, match="holds something else"):
                copied(library, playlist, path)
            assert path.read_bytes() == content


class TestCommand:
    def test_a_hostile_list_takes_nothing_else_along(self, here: Here, collection: Collection, tmp_path: Path) -> None:
        secret = tmp_path / "secret.flac"
        secret.write_bytes(b"secret")
        path = tmp_path / "a.m3u8"
        path.write_text(f"/etc/passwd\n{secret}\n../../etc/passwd\n{collection.music}/Beats/01 One.flac\n")
        answer = here("copy", str(path), str(tmp_path / "stick"))
        assert answer.code == 0
        assert "1 file copied" in answer.out
        assert "3 of 4 entries are not in the collection" in answer.err
        assert on_disk(tmp_path / "stick") == {"Beats/01 One.flac", "a.m3u8"}

    def test_a_recipe_is_copied_too(self, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ESSENTIALIST_RECIPES", str(tmp_path / "recipes"))
        assert here("playlist", "--length", "2", "--save", "two").code == 0
        answer = here("copy", "two", "--zip", str(tmp_path / "a.zip"), "--json")
        assert answer.code == 0
        assert json.loads(answer.out)["copied"] == 2

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (("focus",), 2, "Name a FOLDER"),
            (("focus", "a", "--zip", "b.zip"), 2, "Name a FOLDER"),
            (("focus", "--zip", "b.rar"), 2, "does not end in .zip"),
            (("no-such-recipe", "a"), 1, "There is no recipe"),
            (("focus", "a", "--limit", "x"), 1, "is no size"),
        ],
    )
    def test_wrong_usage_is_one_line(self, here: Here, arguments: tuple[str, ...], code: int, said: str) -> None:
        answer = here("copy", *arguments)
        assert (answer.code, said in answer.err) == (code, True)
