"""Playlists onto servers that run: made, replaced, and nobody else's touched. On each server of `stands`."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from command_line import Here
from essentialist.servers import MARK, jellyfin, mpd, subsonic
from pushed import ONE, THREE, TWO
from stands import VARIABLE, OnJellyfin, OnMpd, OnSubsonic
from subsonic_server import supysonic

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from command_line import Answer
    from conftest import Collection
    from stands import Stand

CAFE = "Élan/café 100%41.m4a"
NAIVE = "na\udcefve.flac"  # bytes that are not UTF-8


def test_a_list_is_made_then_replaced_then_left_alone(stand: Stand, push: Callable[..., Answer]) -> None:
    title = f"Beats & Échos {stand.name}"
    answer = push(stand.address, title, [ONE, CAFE, TWO])
    assert (answer.code, answer.err) == (0, "")
    assert f'"{title}" made, 3 tracks' in answer.out
    assert stand.paths(title) == [ONE, CAFE, TWO]
    assert '" replaced, 2 tracks' in push(stand.address, title, [THREE, ONE]).out
    assert stand.paths(title) == [THREE, ONE]
    assert '" unchanged, 2 tracks' in push(stand.address, title, [THREE, ONE]).out


def test_a_list_made_by_hand_stays_unless_forced(stand: Stand, push: Callable[..., Answer]) -> None:
    stand.by_hand("Mine", [TWO, THREE])
    answer = push(stand.address, "Mine", [ONE])
    assert answer.code == 1
    assert 'has a playlist "Mine" that essentialist did not make' in answer.err
    assert stand.paths("Mine") == [TWO, THREE]
    assert push(stand.address, "Mine", [ONE], "--force").code == 0
    assert stand.paths("Mine") == [ONE]
    assert '" replaced, 1 track' in push(stand.address, "Mine", [TWO]).out  # it is ours from now on


def test_a_trial_writes_nothing(stand: Stand, push: Callable[..., Answer], own_catalog: Path) -> None:
    answer = push(stand.address, "Trial", [ONE, CAFE], "--dry-run", "--json")
    (told,) = json.loads(answer.out)
    assert (told["state"], told["title"], told["written"]) == ("made", "Trial", 2)
    assert {(each["by"], each["title"]) for each in told["tracks"]} == {
        (told["tracks"][0]["by"], "The Metronomes - One"),
        (told["tracks"][0]["by"], "Élan - Café"),
    }
    with sqlite3.connect(own_catalog) as db:
        assert db.execute("SELECT count(*) FROM pushed").fetchone() == (0,)
    assert "Trial" in push(stand.address, "Trial", [ONE]).out
    assert stand.paths("Trial") == [ONE]


def test_tracks_that_the_server_lacks_are_told(stand: Stand, push: Callable[..., Answer]) -> None:
    answer = push(stand.address, "Lacking", [ONE, "untagged.wav", TWO])
    assert answer.code == 0
    assert answer.out.endswith(", 1 not there\n")
    assert answer.err == "  not there: untagged copy\n"
    assert stand.paths("Lacking") == [ONE, TWO]


def test_where_the_server_has_nothing_of_it_nothing_is_made(stand: Stand, push: Callable[..., Answer]) -> None:
    answer = push(stand.address, "Nothing", ["untagged.wav"])
    assert answer.code == 1
    assert f'None of the tracks of "Nothing" is on {stand.address}' in answer.err
    stand.by_hand("Nothing", [ONE])  # a second one would be in the way of the next line
    assert stand.paths("Nothing") == [ONE]


def test_a_name_that_is_not_utf_8_goes_as_its_bytes(
    running: Callable[[str], Stand], push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = running("mpd")
    monkeypatch.setenv(VARIABLE, stand.password)
    assert "1 track (1 by path)" in push(stand.address, "Bytes", [NAIVE]).out
    assert stand.paths("Bytes") == [NAIVE]


def test_other_peoples_lists_stay_as_they_are(
    running: Callable[[str], Stand], push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = running("subsonic")
    assert isinstance(stand, OnSubsonic)
    theirs = stand.server
    theirs.ask("createPlaylist", "somebody", name="Shared", songId=[stand.server.track_ids()[TWO]])
    (made,) = [each for each in theirs.playlists("somebody") if each["owner"] == "somebody"]
    theirs.ask("updatePlaylist", "somebody", playlistId=made["id"], public="true", comment=MARK)
    monkeypatch.setenv(VARIABLE, stand.password)
    for paths in ([ONE, THREE], [THREE]):
        assert push(stand.address, "Shared", paths, "--force").code == 0
        assert stand.paths("Shared") == paths
        assert [each["path"] for each in theirs.ask("getPlaylist", "somebody", id=made["id"])["playlist"]["entry"]] == [
            TWO
        ]


def test_other_peoples_lists_on_jellyfin_stay_too(
    running: Callable[[str], Stand], push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = running("jellyfin")
    assert isinstance(stand, OnJellyfin)
    listed = stand.server.jellyfin.add("Shared", [f"track {TWO}"], "somebody", is_public=True)
    monkeypatch.setenv(VARIABLE, stand.password)
    for paths in ([ONE, THREE], [THREE]):
        assert push(stand.address, "Shared", paths, "--force").code == 0
        assert stand.paths("Shared") == paths
        assert listed.ids == [f"track {TWO}"]
    assert stand.server.jellyfin.tokens == {}  # every login was given back


def test_a_comment_tells_another_catalogue_that_a_list_is_ours(
    running: Callable[[str], Stand], push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch, own_catalog: Path
) -> None:
    stand = running("subsonic")
    assert isinstance(stand, OnSubsonic)
    monkeypatch.setenv(VARIABLE, stand.password)
    assert push(stand.address, "Kept", [ONE]).code == 0
    with sqlite3.connect(own_catalog) as db:
        db.execute("DELETE FROM pushed")  # another catalogue, which knows nothing
    assert push(stand.address, "Kept", [TWO]).code == 0


def test_long_libraries_and_lists_go_in_parts(
    stand: Stand, push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((subsonic, "PAGE"), (subsonic, "BATCH"), (jellyfin, "PAGE"), (mpd, "BATCH")):
        monkeypatch.setattr(module, name, 2)
    for paths in ([ONE, TWO, THREE, CAFE], [CAFE, THREE, TWO]):
        assert push(stand.address, "Long", paths).code == 0
        assert stand.paths("Long") == paths


def test_an_old_server_is_read_album_by_album(
    collection: Collection, tmp_path: Path, push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subsonic, "PAGE", 1)
    with supysonic(tmp_path / "home", collection.music / "Beats", is_old=True) as server:
        stand = OnSubsonic(server)
        monkeypatch.setenv(VARIABLE, stand.password)
        answer = push(stand.address, "Old", [TWO, ONE])
        assert '"Old" made, 2 tracks (2 by name)' in answer.out
        assert stand.paths("Old") == ["02 Two.mp3", "01 One.flac"]


def test_mpd_is_reached_by_its_socket(
    running: Callable[[str], Stand], push: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = running("mpd")
    assert isinstance(stand, OnMpd)
    monkeypatch.setenv("ESSENTIALIST_PASSWORD_LOCALHOST", stand.password)
    assert push(f"mpd://{stand.server.home}/socket", "Socket / no folder", [ONE]).code == 0
    assert stand.paths("Socket - no folder") == [ONE]


def test_a_recipe_is_pushed_and_a_missing_one_does_not_stop_it(
    stand: Stand, own_catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beats.toml").write_text('title = "The Beats"\nquery = "artist:Metronomes"\n[filter]\nby = "bpm"\n')
    (tmp_path / "mine.toml").write_text('title = "Foreign"\nquery = "artist:Metronomes"\n')
    monkeypatch.setenv("ESSENTIALIST_RECIPES", str(tmp_path))
    stand.by_hand("Foreign", [ONE])
    answer = Here(own_catalog, capsys)("push", "mine", "beats", "--to", stand.address)
    assert answer.code == 1
    assert answer.err.startswith("essentialist: mine: ")
    assert stand.paths("The Beats") == [TWO, ONE, THREE]
    assert stand.paths("Foreign") == [ONE]


def test_refresh_pushes_to_the_servers_of_a_recipe(
    stand: Stand, own_catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESSENTIALIST_RECIPES", str(tmp_path))
    recipe = f"""title = "Weekly"\nquery = "artist:Metronomes"\n[filter]\nby = "bpm"\n
        [[servers]]\naddress = "{stand.address}"\n[[servers]]\naddress = "{stand.address}"\ntitle = "Again"
        [[servers]]\naddress = "mpd://127.0.0.1:1"\n"""
    (tmp_path / "weekly.toml").write_text(recipe)
    here = Here(own_catalog, capsys)
    assert here("refresh", "--dry-run").code == 0  # no server is asked
    answer = here("refresh", "--json")
    assert answer.code == 1
    done, failed = json.loads(answer.out)
    assert [(each["title"], each["state"]) for each in done["servers"]] == [("Weekly", "made"), ("Again", "made")]
    assert failed["name"] == "weekly"
    assert "Cannot reach mpd://127.0.0.1:1" in failed["error"]
    assert stand.paths("Weekly") == stand.paths("Again") == [TWO, ONE, THREE]
    assert '"Weekly" unchanged, 3 tracks' in here("refresh").out
