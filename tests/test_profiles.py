"""Players by name: what is written for each of them."""

from __future__ import annotations

import codecs
import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from essentialist.catalogue.catalog import Catalog
from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import ExportError, RecipeError
from essentialist.exports import Exporter, export, exporter_for
from essentialist.playlist import Playlist
from essentialist.playlist_files.reading import read_playlist
from essentialist.profiles import PROFILES, Profile, export_for, profile
from essentialist.recipes.recipe import Target
from essentialist.spelling import ENCODINGS, Spelling
from essentialist.track import Track
from kept import library as made_library

if TYPE_CHECKING:
    from pathlib import Path

EACH = pytest.mark.parametrize("player", PROFILES.values(), ids=lambda each: each.name)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.create(tmp_path / "catalog.db")


def playlist(folder: Path, *names: str) -> Playlist:
    tracks = []
    for number, name in enumerate(names, 1):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sound")
        tracks.append(Track(number, path, "Títle", "Artist", duration=61.0))
    return Playlist("Profiles", tuple(tracks))


@EACH
def test_every_profile_writes_a_playlist_that_opens(player: Profile, catalog: Catalog, tmp_path: Path) -> None:
    made = playlist(tmp_path / "music", "A/x.mp3", "B/ü.mp3")
    spelling = Spelling("relative", base=tmp_path / "music") if player.from_root else None
    report = export_for(player, catalog, made, tmp_path / f"list{player.suffix}", spelling)
    assert report.written == 2
    assert isinstance(exporter_for(report.path), Exporter)
    assert player.about


def test_the_bytes_that_players_differ_in(catalog: Catalog, tmp_path: Path) -> None:
    made = playlist(tmp_path, "x.mp3")
    written = {
        name: export_for(profile(name), catalog, made, tmp_path / name).path.read_bytes()
        for name in ("portable", "foobar", "windows", "car", "kodi", "vlc-xspf")
    }
    usual = "#EXTM3U\n#PLAYLIST:Profiles\n#EXTINF:61,Artist - Títle\nx.mp3\n".encode()
    assert written["portable"] == usual
    assert written["windows"] == written["car"] == usual.replace(b"\n", b"\r\n")
    assert written["foobar"] == codecs.BOM_UTF8 + written["windows"]
    assert written["kodi"].splitlines()[-1] == b"file://" + os.fsencode(tmp_path) + b"/x.mp3"
    assert b"<location>x.mp3</location>" in written["vlc-xspf"]


def test_a_suffix_that_the_player_does_not_take(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"kodi wants \.m3u, not \.m3u8; write x\.m3u"):
        export_for(profile("kodi"), catalog, playlist(tmp_path, "x.mp3"), tmp_path / "x.m3u8")
    with pytest.raises(ExportError, match='no profile "winamp"; use one of generic, portable'):
        profile("winamp")


def test_without_a_suffix_a_list_gets_the_usual_one(catalog: Catalog, tmp_path: Path) -> None:
    reports = [
        export_for(profile(player), catalog, playlist(tmp_path, "x.mp3"), tmp_path / player)
        for player in ("generic", "kodi", "vlc-xspf")
    ]
    assert [report.path.name for report in reports] == ["generic.m3u8", "kodi.m3u", "vlc-xspf.xspf"]


def test_mpd_counts_from_its_music_folder(catalog: Catalog, tmp_path: Path) -> None:
    made = playlist(tmp_path / "music", "A/x.mp3", "#y.mp3")
    (tmp_path / "lists").mkdir()
    with pytest.raises(ExportError, match="mpd has one music folder, you have 0; say which with --base FOLDER"):
        export_for(profile("mpd"), catalog, made, tmp_path / "lists" / "x.m3u")
    spelling = Spelling("relative", base=tmp_path / "music")
    export_for(profile("mpd"), catalog, made, tmp_path / "lists" / "x.m3u", spelling)
    assert (tmp_path / "lists" / "x.m3u").read_text().splitlines()[3::2] == ["A/x.mp3", "./#y.mp3"]


def test_what_a_car_may_not_like(catalog: Catalog, tmp_path: Path) -> None:
    names = [*(f"{number}.mp3" for number in range(254)), "x" * 70 + ".mp3", "ü.mp3"]
    report = export_for(profile("car"), catalog, playlist(tmp_path, *names), tmp_path / "car.m3u")
    assert report.notes == (
        "car: some play only the first 255 of 256 tracks",
        "car: some cannot open the 1 names longer than 64 bytes",
        "car: some cannot open the 1 names with other letters than A to Z",
    )
    assert export_for(profile("android"), catalog, playlist(tmp_path, *names), tmp_path / "a.m3u8").notes == ()


@pytest.mark.parametrize("suffix", [".m3u", ".pls"])
def test_old_encodings(tmp_path: Path, suffix: str) -> None:
    made = playlist(tmp_path, "Café.mp3", "€.mp3", "東京.mp3", "#é.mp3")
    path = tmp_path / f"x{suffix}"
    report = export(made, path, spelling=Spelling("relative", encoding="latin-1"))
    assert [each.path.name for each in report.skipped] == ["€.mp3", "東京.mp3"]
    assert "its name has characters that latin-1 lacks; use UTF-8, or path style uri" in report.skipped[0].reason
    assert b"Caf\xe9.mp3" in path.read_bytes()
    report = export(made, path, spelling=Spelling("auto", encoding="windows-1252"))
    assert [each.name for each in report.downgraded] == ["東京.mp3", "#é.mp3"]
    assert b"\x80.mp3" in path.read_bytes()


@pytest.mark.parametrize("suffix", [".m3u8", ".pls", ".xspf", ".jspf"])
def test_style_http_puts_the_music_folder_at_an_address(tmp_path: Path, suffix: str) -> None:
    library = made_library(tmp_path, 3)
    target = Target(paths="http", base="https://nas:8000/my%20music/")
    path = tmp_path / f"x{suffix}"
    made = library.playlist(wishes=Wishes(Length()), order="title")
    assert library.export(made, path, spelling=target.spelling).written == 3
    entries = read_playlist(path).entries
    assert [entry.location for entry in entries] == [f"https://nas:8000/my%20music/00{n}.flac" for n in range(3)]


def test_style_http_needs_an_address_and_one_folder(tmp_path: Path) -> None:
    library = made_library(tmp_path, 3)
    made = library.playlist()
    with pytest.raises(ExportError, match="is no address; say with a base"):
        library.export(made, tmp_path / "x.m3u8", spelling=Target(paths="http").spelling)
    (tmp_path / "other").mkdir()
    with library.catalog.connected() as db:
        db.execute("INSERT INTO root (path) VALUES (?)", (bytes(tmp_path / "other"),))
    spelling = Target(paths="http", base="http://nas").spelling
    with pytest.raises(ExportError, match="you have 2; say which with --map FOLDER=ADDRESS"):
        library.export(made, tmp_path / "x.m3u8", spelling=spelling)
    mapped = Target(paths="http", map=(f"{tmp_path}/music=http://nas",))
    assert library.export(made, tmp_path / "x.m3u8", spelling=mapped.spelling).written == 3
    for wrong in (Target, partial(Target, paths="uri")):
        with pytest.raises(RecipeError, match="is no base of these paths"):
            wrong(base="http://nas")


def test_encodings_are_for_plain_lists(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"\.xspf files are always UTF-8"):
        export(playlist(tmp_path, "x.mp3"), tmp_path / "x.xspf", spelling=Spelling(encoding="latin-1"))
    with pytest.raises(ExportError, match=f"use one of {', '.join(ENCODINGS)}"):
        Spelling(encoding="koi8-r")  # type: ignore[arg-type]
