"""The page Playlists and its downloads: what is looked at is what is downloaded, and no name leads out of the shelf."""

from __future__ import annotations

import io
import os
import shutil
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import studios
from essentialist.choosing.wishes import Length, Wishes
from essentialist.errors import CollectionError, ExportError, PlaylistError, RecipeError, SettingsError
from essentialist.exports import exporters, tables
from essentialist.profiles import PROFILES
from essentialist.recipes.recipe import Recipe
from essentialist.web import studio as studio_module
from essentialist.web.views import copies, importing, shelf, taking
from essentialist.web.views.drafts import Draft
from essentialist.web.views.generating import generated
from essentialist.web.views.taking import Take

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient
    from streamlit.testing.v1 import AppTest

    from conftest import Collection
    from essentialist.web.studio import Studio

SUFFIXES = [*(each.suffix for each in exporters()), *(each.suffix for each in tables())]
HOSTILE = "<img src=x onerror=alert(1)> $x$ :red[x] [a](javascript:1)"


@pytest.fixture
def catalog(collection: Collection, tmp_path: Path) -> Path:
    copied = tmp_path / "catalog.db"
    shutil.copy(collection.catalog, copied)
    return copied


@pytest.fixture
def studio(catalog: Path) -> Studio:
    return opened(catalog)


def opened(catalog: Path, **others: Any) -> Studio:
    return studio_module.open_studio(studios.options(catalog, **others))


def saved(studio: Studio, name: str = "Evening", *, as_listed: bool = False) -> Draft:
    """A draft of three tracks, kept under a name."""
    recipe = Recipe(name, wishes=Wishes(Length(tracks=3), one_version=False), order="as-is")
    draft = generated(Draft(), recipe, studio.library, has_files=True)
    shelf.save(studio, name, draft, as_listed=as_listed, force=False)
    return draft


@pytest.mark.parametrize("as_listed", [False, True])
def test_what_is_saved_has_the_tracks_it_had_and_can_be_read(studio: Studio, as_listed: bool) -> None:
    draft = saved(studio, as_listed=as_listed)
    assert [track.id for track in shelf.tracks_of(studio, "evening")] == list(draft.ids)
    assert studio.library.make(shelf.read(studio, "evening")).title == "Evening"
    assert [each.name for each in shelf.own(studio)] == ["evening"]
    assert shelf.kept_on(shelf.own(studio)[0]).startswith("Kept on ")


def test_a_deleted_playlist_is_put_back_whole(studio: Studio) -> None:
    draft = saved(studio)
    struck = shelf.delete(studio, "evening")
    assert shelf.own(studio) == ()
    assert shelf.last_made(studio, "evening") == ()
    shelf.put_back(studio, struck)
    assert [track.id for track in shelf.last_made(studio, "evening")] == list(draft.ids)


def test_a_new_name_keeps_the_tracks(studio: Studio) -> None:
    draft = saved(studio)
    assert shelf.rename(studio, "evening", "Late hours") == "late-hours"
    assert [track.id for track in shelf.last_made(studio, "late-hours")] == list(draft.ids)


def test_a_difference_is_shown_before_it_is_kept(studio: Studio) -> None:
    draft = saved(studio)
    gone = draft.ids[0]
    studio.library.judge(gone, liked=False)
    before = shelf.last_made(studio, "evening")
    shown = shelf.difference(studio, "evening", keeping=True)
    assert gone not in [track.id for track in shown.playlist.tracks]
    assert len(shown.added) == len(shown.removed) == 1
    assert shelf.last_made(studio, "evening") == before
    shelf.accept(studio, shown)
    assert shelf.last_made(studio, "evening") == shown.playlist.tracks


def test_a_read_only_studio_changes_nothing(catalog: Path) -> None:
    writing = opened(catalog)
    draft = saved(writing)
    shown = shelf.difference(writing, "evening", keeping=False)
    struck = shelf.delete(writing, "evening")
    shelf.put_back(writing, struck)
    studio = opened(catalog, read_only=True, copies=(catalog.parent,))
    playlist = taking.playlist_of(studio, Take("evening"))
    for change in (
        lambda: shelf.save(studio, "x", draft, as_listed=True, force=True),
        lambda: shelf.rename(studio, "evening", "x"),
        lambda: shelf.delete(studio, "evening"),
        lambda: shelf.put_back(studio, struck),
        lambda: shelf.accept(studio, shown),
        lambda: shelf.keep(studio, "x", Recipe(), playlist),
        lambda: copies.start(studio, playlist, catalog.parent, []),
    ):
        with pytest.raises(SettingsError):
            change()
    with pytest.raises(ExportError):
        taking.packing(studio, playlist)
    assert [each.name for each in shelf.own(studio)] == ["evening"]


def test_a_read_only_studio_does_not_tell_where_the_music_lies(catalog: Path, collection: Collection) -> None:
    saved(opened(catalog))
    studio = opened(catalog, read_only=True)
    for suffix in taking.formats(studio):
        take = Take("evening", suffix, player="kodi", paths="absolute")
        found = taking.taken(studio, take, taking.playlist_of(studio, take))
        assert found.content.strip()
        assert os.fsencode(collection.music) not in found.content
    with pytest.raises(ExportError):
        taking.taken(studio, Take("evening", ".csv"), taking.playlist_of(studio, Take("evening")))


@pytest.fixture
def asking(catalog: Path) -> TestClient:
    client = studios.client(catalog)
    saved(studio_module.current())
    return client


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_downloaded_as_it_was_looked_at(asking: TestClient, suffix: str) -> None:
    take = Take("evening", suffix)
    studio = studio_module.current()
    looked_at = taking.taken(studio, take, taking.playlist_of(studio, take))
    answer = asking.get(f"/api/{take.address}")
    assert answer.status_code == 200
    if suffix != ".parquet":
        assert answer.content == looked_at.content
    assert answer.headers["content-type"].startswith(looked_at.mime)
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''evening{suffix}"
    head = asking.head(f"/api/{take.address}")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("player", list(PROFILES))
@pytest.mark.parametrize("paths", ["", "relative", "absolute", "uri"])
def test_every_player_has_its_list(asking: TestClient, player: str, paths: str) -> None:
    take = Take("evening", PROFILES[player].suffix, player, paths, maps=("0=D:\\Music",))
    answer = asking.get(f"/api/{take.address}")
    if player == "rekordbox" and paths == "relative":  # it knows absolute addresses only
        assert (answer.status_code, "path style" in answer.text) == (400, True)
        return
    assert answer.status_code == 200, answer.text
    (first, *_) = taking.playlist_of(studio_module.current(), take).tracks
    assert first.title.encode() in answer.content


def test_a_list_says_where_the_music_is_on_the_device(asking: TestClient) -> None:
    take = Take("evening", ".m3u8", paths="absolute", maps=("0=D:\\Music",))
    lines = asking.get(f"/api/{take.address}").text.splitlines()
    assert all(line.startswith("D:\\Music\\") for line in lines if not line.startswith("#"))
    for wrong in ("1=D:\\Music", "x=/m", "0=relative", "/=/m"):
        assert asking.get("/api/playlist/evening.m3u8", params={"map": wrong}).status_code == 400


def test_a_draft_is_downloaded_by_its_tracks(asking: TestClient) -> None:
    take = taking.take_of(Draft("Ideas: <b>&", ids=(3, 1, 999_999)))
    answer = asking.get(f"/api/{take.address}")
    assert answer.status_code == 200
    studio = studio_module.current()
    assert answer.content == taking.taken(studio, take, taking.playlist_of(studio, take)).content
    assert answer.text.index(studio.library.track(3).title) < answer.text.index(studio.library.track(1).title)
    with pytest.raises(PlaylistError):
        taking.take_of(Draft(ids=tuple(range(1, taking.MOST_NAMED + 2))))


@given(st.text(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
def test_any_title_makes_an_address_that_leads_to_its_list(asking: TestClient, title: str) -> None:
    take = taking.take_of(Draft(title, ids=(1,)))
    answer = asking.get(f"/api/{take.address}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].isascii()
    studio = studio_module.current()
    assert answer.content == taking.taken(studio, take, taking.playlist_of(studio, take)).content


@pytest.mark.parametrize(
    "path",
    [
        "playlist/nothing.m3u8",
        "playlist/..%2f..%2fcatalog.db",
        "playlist/%2e%2e%2fevening.m3u8",
        "playlist/../evening.m3u8",
        "playlist/evening",
        "playlist/.m3u8",
        "playlist/%00.m3u8",
        "playlist/evening.m3u8?ids=x",
        "playlist/evening.m3u8?ids=" + ",".join(map(str, range(2000))),
    ],
)
def test_what_is_no_playlist_is_not_found(asking: TestClient, path: str) -> None:
    assert asking.get(f"/api/{path}").status_code == 404
    assert asking.head(f"/api/{path}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        *("evening.exe", "evening.db", "evening.m3u8?player=nobody", "evening.m3u8?paths=../.."),
        *("evening.m3u8?map=9=/music", f"evening.m3u8?map={'1' * 5000}=/music", "evening.m3u8?map=\u00b2=/music"),
    ],
)
def test_what_cannot_be_written_so_is_told(asking: TestClient, query: str) -> None:
    answer = asking.get(f"/api/playlist/{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_zip_has_the_files_and_their_list(asking: TestClient) -> None:
    studio = studio_module.current()
    plan = taking.packing(studio, taking.playlist_of(studio, Take("evening")))
    answer = asking.get("/api/playlist/evening.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        *files, listed = packed.namelist()
        assert files == [item.target for item in plan.items]
        assert [packed.getinfo(each).file_size for each in files] == [item.size for item in plan.items]
        assert packed.read(files[0]) == plan.items[0].track.path.read_bytes()
        assert [line for line in packed.read(listed).decode().splitlines() if not line.startswith("#")] == files
    head = asking.head("/api/playlist/evening.zip")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("others", [{"read_only": True}, {"previews": "clips"}])
def test_a_studio_that_lends_no_music_sends_no_zip(catalog: Path, others: dict[str, Any]) -> None:
    saved(opened(catalog))
    assert studios.client(catalog, **others).get("/api/playlist/evening.zip").status_code == 400


def test_tracks_are_searched_and_similar_ones_offered(asking: TestClient) -> None:
    assert [song["title"] for song in asking.get("/api/search", params={"q": "metronomes one"}).json()] == ["One"]
    assert asking.get("/api/search").json() == []
    near = [song["id"] for song in asking.get("/api/similar/1").json()]
    assert 1 not in near
    assert len(near) == 3
    others = asking.get("/api/similar/1", params={"without": f"{near[0]},x,-1"}).json()
    assert near[0] not in [song["id"] for song in others]
    assert asking.get("/api/similar/999").status_code == 404


def test_a_list_of_elsewhere_is_matched(studio: Studio, collection: Collection) -> None:
    content = b"#EXTM3U\nBeats/01 One.flac\nD:\\Other\\Beats\\02 Two.mp3\nnowhere/at all.mp3\n"
    found = importing.matched(studio, "../../C:\\lists\\party.m3u8", content)
    assert [track.title for track in found.tracks] == ["One", "Two"]
    assert importing.unknown(found) == ["nowhere/at all.mp3"]
    assert found.title == "party"
    kept = shelf.keep(studio, found.title, shelf.listed(found.title, found.tracks), importing.playlist(found))
    assert kept.name == "party.toml"
    assert [track.title for track in shelf.tracks_of(studio, "party")] == ["One", "Two"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("party.exe", b"#EXTM3U\n"),
        ("party.xspf", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><playlist>&a;</playlist>"),
        ("party.json", b"{}"),
        ("party.m3u8", bytes(5 << 20)),
        ("party.m3u8", b"a.mp3\n" * 20_001),
        ("", b""),
    ],
)
def test_what_is_no_list_is_told(studio: Studio, name: str, content: bytes) -> None:
    with pytest.raises(PlaylistError):
        importing.matched(studio, name, content)


def test_a_playlist_is_copied_to_a_folder_of_the_studio_only(catalog: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    (stick / "Music").mkdir(parents=True)
    (stick / "out").symlink_to(tmp_path)
    studio = opened(catalog, copies=(stick,))
    saved(studio)
    playlist = taking.playlist_of(studio, Take("evening"))
    with pytest.raises(SettingsError):
        copies.start(studio, playlist, tmp_path, [])
    for names in (["..", "stick2"], ["out"], ["nothing"]):
        with pytest.raises(CollectionError):
            copies.start(studio, playlist, stick, names)
    copies.start(studio, playlist, stick, ["Music"])
    end = time.monotonic() + studios.DEADLINE_S
    while (chore := studio.chores.latest()) is None or chore.code is None:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert chore.code == 0, chore.said
    assert len(list((stick / "Music" / "Evening").iterdir())) == 3


def at_playlists(catalog: Path, **others: Any) -> AppTest:
    return studios.page_of(catalog, "playlists", **others).run()


def test_an_empty_shelf_says_what_to_do(catalog: Path) -> None:
    page = at_playlists(catalog)
    assert not page.exception
    assert "No playlist is saved yet" in page.markdown[0].value


def test_every_button_of_a_card_does_something(catalog: Path) -> None:
    saved(opened(catalog), HOSTILE)
    (name,) = (each.name for each in shelf.own(studio_module.current()))
    for button in ("refresh", "take", "edit"):
        page = at_playlists(catalog)
        page.button(f"playlists.{button}.{name}").click().run()
        assert not page.exception
    assert page.title[0].value == "Build"
    assert len(page.session_state["draft.desk"].history.now.ids) == 3


def test_every_control_of_the_dialogs_can_be_changed(catalog: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    saved(opened(catalog))
    page = at_playlists(catalog, copies=(tmp_path / "stick",))
    page.button("playlists.take.evening").click().run()  # again each time: it closes when all of the page runs
    for key in ("taking.format", "taking.paths", "taking.root", "taking.player"):
        for place in range(len(page.selectbox(key).options)):
            page.selectbox(key).select_index(place)
            page.button("playlists.take.evening").click().run()
            assert not page.exception
    (where,) = (each for each in page.text_input if (each.key or "").startswith("taking.map"))
    where.set_value("D:\\Music")
    page.button("playlists.take.evening").click().run()
    assert not page.exception
    page.button("playlists.refresh.evening").click().run()
    page.toggle("refreshing.keeping").set_value(False)
    page.button("playlists.refresh.evening").click().run()
    assert not page.exception


def test_a_card_is_renamed_deleted_and_put_back(catalog: Path) -> None:
    saved(opened(catalog))
    page = at_playlists(catalog)
    page.text_input("playlists.name.evening").set_value("Late hours").run()
    page.button("playlists.rename.evening").click().run()
    assert not page.exception
    page.button("playlists.delete.late-hours").click().run()
    assert not page.exception
    assert "playlists.edit.late-hours" not in [each.key for each in page.button]
    page.button("playlists.undo").click().run()
    assert "playlists.edit.late-hours" in [each.key for each in page.button]


def test_a_recipe_that_cannot_be_read_is_a_card_that_says_why(catalog: Path) -> None:
    studio = opened(catalog)
    folder = studio.options.settings.recipes
    folder.mkdir()
    (folder / "broken.toml").write_text("title = [\n")
    page = at_playlists(catalog)
    assert not page.exception
    assert "no TOML" in "".join(each.value for each in page.caption)
    with pytest.raises(RecipeError):
        shelf.read(studio, "broken")


def test_a_list_of_tracks_is_edited_as_a_draft(catalog: Path) -> None:
    draft = saved(opened(catalog), as_listed=True)
    page = at_playlists(catalog)
    page.button("playlists.edit.evening").click().run()
    assert not page.exception
    assert page.session_state["draft.desk"].history.now.ids == draft.ids
    page.button("build.use.evening").click().run()
    assert not page.exception
    assert page.session_state["draft.desk"].history.now.ids == draft.ids


def test_many_playlists_are_on_several_pages(catalog: Path) -> None:
    studio = opened(catalog)
    for number in range(14):
        saved(studio, f"Evening {number:02}")
    page = at_playlists(catalog)
    assert not page.exception
    assert sum((each.key or "").startswith("playlists.edit.") for each in page.button) == 12


def test_a_read_only_page_offers_no_change(catalog: Path) -> None:
    saved(opened(catalog))
    page = at_playlists(catalog, read_only=True)
    assert not page.exception
    keys = [each.key for each in page.button]
    assert "playlists.edit.evening" in keys
    assert not [key for key in keys if key and key.startswith(("playlists.delete", "playlists.rename"))]
    assert not page.get("file_uploader")
    page.button("playlists.take.evening").click().run()
    page.selectbox("taking.format").select_index(0).run()
    assert not page.exception
