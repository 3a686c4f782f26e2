"""Recipes, history and taste on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from command_line import Here
from essentialist.recipes.reading import document_of
from kept import library as made_library

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "recipes"
    monkeypatch.setenv("ESSENTIALIST_RECIPES", str(folder))
    return folder


@pytest.fixture
def run(tmp_path: Path, recipes: Path, capsys: pytest.CaptureFixture[str]) -> Here:
    """Commands on a made-up collection of 80 tracks and an empty folder of recipes."""
    made_library(tmp_path, 80)
    assert not recipes.exists()
    return Here(tmp_path / "catalog.db", capsys)


def paths(playlist: Path) -> list[str]:
    return [line for line in playlist.read_text().splitlines() if not line.startswith("#")]


def saved_as(path: Path) -> dict[str, Any]:
    return document_of(path.read_text(), path)


def test_saved_made_again_changed_and_refreshed(run: Here, recipes: Path, tmp_path: Path) -> None:
    out = tmp_path / "calm.m3u8"
    options = ("--length", "8", "--seed", "3", "--max-per-artist", "2", "-o", str(out), "--paths", "absolute")
    saved = run("playlist", "arousal:..p50", *options, "--save", "Calm Evening")
    assert saved.code == 0, saved.err
    assert "calm-evening.toml: `essentialist playlist calm-evening` makes it again" in saved.out
    first = paths(out)
    document = saved_as(recipes / "calm-evening.toml")
    assert document == {
        "title": "Calm Evening",
        "query": "arousal:..p50",
        "length": 8,
        "max_per_artist": 2,
        "seed": 3,
        "targets": [{"file": str(out), "paths": "absolute"}],
    }
    out.unlink()
    again = run("playlist", "calm evening", "-o", str(tmp_path / "again.m3u8"), "--paths", "absolute")
    assert again.err.startswith("By the recipe calm-evening. To search for the words, quote them twice:")
    assert paths(tmp_path / "again.m3u8") == first
    assert "#PLAYLIST:Calm Evening" in (tmp_path / "again.m3u8").read_text()
    refreshed = run("refresh")
    assert refreshed.out.startswith("calm-evening: 8 tracks, 4:00; nothing changed\n")
    assert paths(out) == first
    (recipes / "calm-evening.toml").write_text((recipes / "calm-evening.toml").read_text().replace("p50", "p20"))
    (row,) = json.loads(run("refresh", "--dry-run", "--json").out)
    assert paths(out) == first
    assert [each["title"] for each in row["removed"]]
    assert len(row["tracks"]) == 8 - len(row["removed"]) + len(row["added"])
    changed = run("refresh", "Calm evening")
    assert changed.out.count("\n  - ") == len(row["removed"])
    assert changed.out.count("\n  + ") == len(row["added"])
    assert paths(out) != first


def test_options_come_before_the_recipe(run: Here, recipes: Path) -> None:
    run("playlist", "--like", "3", "--length", "9", "--save", "a")
    (recipes / "b.toml").write_text('query = "bpm:any"\nlength = 5\n[filter]\nby = "bpm"\n')
    rows = run("playlist", "b", "--length", "2", "--order", "as-is", "--why").out
    assert rows.count("of 80") == 2
    run("playlist", "a", "--unlike", "5", "--save", "c")
    document = saved_as(recipes / "c.toml")
    assert (len(document["similar"]["like"]), len(document["similar"]["unlike"]), document["length"]) == (1, 1, 9)
    run("playlist", "a", "--by", "-bpm", "--save", "d")
    assert saved_as(recipes / "d.toml")["filter"] == {"by": "-bpm"}
    run("playlist", "b", "--tempo", "120", "--not-recently-played", "30d", "--save", "e")
    document = saved_as(recipes / "e.toml")
    assert (document["tempo"], document["not_recently_played"], document["query"]) == (120, "30d", "bpm:any")


def test_a_query_that_only_looks_like_a_recipe_stays_a_query(run: Here) -> None:
    assert run("playlist", "title:focus").err == run("playlist", '"focus"').err
    assert "There are no tracks to choose from" in run("playlist", '"focus"').err
    assert run("playlist", "focus", "--length", "3").err.startswith("By the preset focus.")
    near = run("playlist", "focsu")
    assert (near.code, near.out) == (1, "")
    assert near.err == 'essentialist: No track and no recipe goes by "focsu"; did you mean the recipe "focus"?\n'


def test_recipes_are_listed_shown_renamed_and_deleted(run: Here, recipes: Path) -> None:
    run("playlist", "--length", "3", "--save", "mine")
    listed = run("recipes").out
    assert listed == run("recipes", "list").out == run("playlist", "--list").out
    assert "mine" in listed
    assert "sunday-morning  preset" in listed
    rows = json.loads(run("recipes", "list", "--json").out)
    assert next(row for row in rows if row["name"] == "mine")["is_preset"] is False
    assert run("recipes", "show", "Sunday morning").out.startswith('title = "Sunday morning"\n')
    renamed = run("recipes", "rename", "mine", "../../Hers")
    assert renamed.out.startswith("mine is hers now: ")
    assert [path.name for path in recipes.iterdir()] == ["hers.toml"]
    assert "nothing changed" in run("refresh", "hers").out
    assert run("recipes", "delete", "hers").code == 0
    assert run("recipes", "show", "hers").code == 1
    assert list(recipes.iterdir()) == []


def test_one_bad_recipe_does_not_keep_the_others_from_being_made(run: Here, recipes: Path) -> None:
    run("playlist", "--length", "3", "--save", "good")
    (recipes / "bad.toml").write_text('title = "Bad"\nlenght = 3\n')
    answer = run("refresh")
    assert answer.code == 1
    assert answer.out.startswith("good: 3 tracks")
    assert answer.err == (
        f'essentialist: bad: {recipes}/bad.toml, line 2: There is no "lenght"; did you mean "length"?\n'
    )
    rows = json.loads(run("refresh", "--json").out)
    assert [(row["name"], row["error"] is None) for row in rows] == [("good", True), ("bad", False)]
    assert run("playlist", "bad").err.startswith("By the recipe bad.")
    assert run("playlist", "bad").code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("playlist", "--save", "../.."), 1, "'../..' is no name for a recipe: give it at least one letter or digit."),
        (("playlist", "--tempo", "3"), 1, "No music has a tempo of 3; give beats per minute from 20 to 400."),
        (
            ("playlist", "--not-recently-played", "ages"),
            1,
            '"ages" is no age; write one such as 12h, 30d, 6w, 3m or 1y.',
        ),
        (("playlist", "--force"), 2, "--force is about the file that is written"),
        (("playlist", "focus", "-o", "/nowhere/a.m3u8"), 1, "there is no folder /nowhere; make it first"),
        (("refresh", "nothing"), 1, "nothing: There is no recipe 'nothing'; `essentialist recipes` lists them all."),
        (("recipes", "delete", "focus"), 1, '"focus" is a preset, which stays as it is'),
        (("history", "import", "/nowhere/a.csv"), 1, "Cannot read /nowhere/a.csv: No such file or directory."),
        (("like", "9999"), 1, "No track 9999 in the catalogue."),
    ],
)
def test_what_is_wrong_is_one_line(run: Here, arguments: tuple[str, ...], code: int, said: str) -> None:
    answer = run(*arguments)
    assert answer.code == code
    lines = [line for line in answer.err.splitlines() if line.startswith("essentialist: ")]
    assert len(lines) == 1
    assert said in lines[0]


def test_nothing_is_saved_where_the_playlist_cannot_be_made(run: Here, recipes: Path) -> None:
    assert run("playlist", "bpm:>299.9", "--save", "none").code == 1
    assert run("playlist", "-o", "/nowhere/a.m3u8", "--save", "none").code == 1
    assert not recipes.exists()
    assert "There are no recipes yet." in run("refresh").err


def test_a_recipe_is_replaced_only_by_force(run: Here) -> None:
    run("playlist", "--length", "3", "--save", "a")
    again = run("playlist", "--length", "4", "--save", "a")
    assert again.code == 1
    assert 'There is a recipe "a" already; save it under another name, or add --force.' in again.err
    assert run("playlist", "--length", "4", "--save", "a", "--force").code == 0
    assert run("refresh", "a").out.startswith("a: 4 tracks")


def test_a_recipe_of_another_collection_says_which_tracks_are_not_here(
    run: Here, recipes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("playlist", "--like", "70", "--like", "3", "--save", "two")
    run("playlist", "--like", "70", "--save", "one")
    made_library(tmp_path / "other", 20)
    other = Here(tmp_path / "other" / "catalog.db", capsys)
    (tmp_path / "music" / "069.flac").unlink()
    assert "Not in this collection, though the recipe names it: Artist 9 - Title 69." in other("playlist", "two").err
    answer = other("playlist", "one")
    assert answer.code == 1
    assert "There is no track to sound like" in answer.err
    assert "names it: Artist 9 - Title 69." in answer.err


def test_history_and_taste(run: Here, tmp_path: Path) -> None:
    (tmp_path / "scrobbles.csv").write_text(
        "Artist 3,Album 1,Title 3,13 Sep 2020 12:26\n"
        "Nobody,X,Y,13 Sep 2020 12:30\n"
        "Artist 3,,Title 3,14 Sep 2020 12:26\n"
    )
    imported = run("history", "import", str(tmp_path / "scrobbles.csv"))
    assert imported.out.endswith("scrobbles.csv: 3 plays; 2 of them of 1 track here\n")
    assert "Not in the collection: 1 of 1 title, most often\n      1  Nobody - Y\n" in imported.err
    (row,) = json.loads(run("history", "import", "--json", str(tmp_path / "scrobbles.csv")).out)
    assert (row["plays"], row["matched"], row["tracks"], row["unknown"]) == (3, 2, 1, {"Nobody - Y": 1})
    assert [row["title"] for row in json.loads(run("tracks", "plays:2", "--format", "json").out)] == ["Title 3"]
    assert (
        run("like", "5", str(tmp_path / "music" / "006.flac")).out
        == "Liked: Artist 4 - Title 4\nLiked: Artist 6 - Title 6\n"
    )
    assert run("dislike", "5").out == "Disliked: Artist 4 - Title 4\n"
    assert json.loads(run("history", "show", "--json").out) == {"plays": 2, "played": 1, "liked": 1, "disliked": 1}
    assert run("history").out == "played    1 track, 2 plays\nliked     1 track\ndisliked  1 track\n"
    assert run("dislike", "5", "--undo").out == "Taken back: Artist 4 - Title 4\n"
    assert run("history", "forget").code == 0
    assert json.loads(run("history", "show", "--json").out)["plays"] == 0


def test_reasons_say_how_a_track_stands(run: Here) -> None:
    why = run("playlist", "arousal:..p10", "--why").out
    assert why.count(", lowest ") == 8
    assert why.count("lowest 10 %") == 1
