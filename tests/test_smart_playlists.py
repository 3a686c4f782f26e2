"""Recipes as smart playlists of Navidrome: its rules find what the query finds, or the recipe is refused."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from command_line import Here
from essentialist import Length, Wishes
from essentialist.errors import ExportError
from essentialist.playlists.filter import Filter
from essentialist.playlists.similar import Similar
from essentialist.query import parse
from essentialist.recipes.nsp import document
from essentialist.recipes.recipe import Recipe
from essentialist.recipes.rules import rule
from kept import library as made_library
from queried import FIELDS, NOW, ROWS, Row, catalogue, found

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SAID = (
    "",
    "sinnerman",
    "artist:simone",
    'artist:="Nina Simone"',
    "-artist:simone",
    '-artist:="Nina Simone"',
    "genre:jazz,house",
    "year:1990..2005",
    "year:=1965",
    "year:<2000",
    "year:>1965",
    "year:1965..<2005",
    "year:any",
    "duration:<6m",
    "duration:268.4..",
    "duration:..210",
    "bpm:100..125",
    "bpm:>120 or genre:jazz",
    "plays:0",
    "plays:>0",
    "added:<30d",
    "added:>30d",
    "added:1w..60d",
    "added:2024-01-15..2024-05-31",
    "-added:<30d",
    "played:none,>30d",
    "-played:<2w",
    "-liked:yes",
    "liked:yes",
    "(artist:simone or year:>1990) -(genre:house title:pure)",
    "-(genre:jazz or genre:rock)",
    "path:odd",
    "-sinnerman",
)
NOT_SAID = {
    "bpm:p80..": "which depends on the collection",
    "key:Am": 'key:"A minor"',
    "tag:piano": "tags:piano",
    "voice:<0.3": "voice:<0.3",
    "-year:1990..": "-year:1990..",
    "year:none": "-year:any",
    "liked:no": "liked:=no",
    "added:<12h": "whole days",
    "title:50%": "% or _",
    "genre:any": "genre:any",
}


def known(row: Row) -> dict[str, Any]:
    """A track as Navidrome knows it."""
    added = dt.datetime.fromtimestamp(row.added).isoformat(sep=" ")
    values = {"title": row.title, "artist": row.artist, "albumartist": "", "album": row.album, "genre": row.genre}
    numbers = {"year": row.year or 0, "duration": row.duration, "bpm": round(float(row.values.get("bpm", 0)))}
    history = {"playcount": 0, "loved": False, "lastplayed": None, "dateadded": added}
    return {**values, **numbers, **history, "filepath": row.path.decode(errors="replace")}


def day(n_ago: int) -> str:
    return (dt.datetime.fromtimestamp(NOW) - dt.timedelta(days=n_ago)).date().isoformat()


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, asked: value == asked,
    "isNot": lambda value, asked: value != asked,
    "gt": lambda value, asked: value is not None and value > asked,
    "lt": lambda value, asked: value is not None and value < asked,
    "after": lambda value, asked: value is not None and value > asked,
    "before": lambda value, asked: value is not None and value < asked,
    "contains": lambda value, asked: asked.lower() in value.lower(),
    "notContains": lambda value, asked: asked.lower() not in value.lower(),
    "inTheRange": lambda value, asked: asked[0] <= value <= asked[1],
    "inTheLast": lambda value, asked: value is not None and value > day(asked),
    "notInTheLast": lambda value, asked: value is None or value < day(asked),
}
"""What Navidrome does with each, after its source."""


def holds(said: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether Navidrome would take a track."""
    ((operator, asked),) = said.items()
    if operator in {"all", "any"}:
        return {"all": all, "any": any}[operator](holds(each, values) for each in asked)
    ((field, value),) = asked.items()
    return OPERATORS[operator](values[field], value)


@pytest.mark.parametrize("query", SAID)
def test_the_rules_find_what_the_query_finds(tmp_path: Path, query: str) -> None:
    tree = parse(query, FIELDS)
    there = [(number, row) for number, row in enumerate(ROWS, 1) if not row.missing]
    with catalogue(tmp_path / "catalog.db", ROWS) as connection:
        assert [number for number, row in there if holds(rule(tree), known(row))] == found(connection, tree)


def test_the_queries_find_some_and_not_all(tmp_path: Path) -> None:
    with catalogue(tmp_path / "catalog.db", ROWS) as connection:
        numbers = [len(found(connection, parse(query, FIELDS))) for query in SAID]
    assert sum(0 < number < 4 for number in numbers) > 20


@pytest.mark.parametrize(("query", "why"), NOT_SAID.items())
def test_what_cannot_be_said_is_refused_by_name(query: str, why: str) -> None:
    with pytest.raises(ExportError, match=f"{re.escape(why)}.*; write the tracks with -o FILE.m3u8"):
        rule(parse(query, FIELDS))


def test_name_order_and_limit() -> None:
    recipe = Recipe("House", about="Dance", query="genre:house", choose=Filter("-year"), wishes=Wishes(Length(40)))
    assert document(recipe, recipe.tree(FIELDS)) == {
        "name": "House",
        "comment": "Dance",
        "all": [{"contains": {"genre": "house"}}],
        "sort": "year",
        "order": "desc",
        "limit": 40,
    }
    by_chance = document(Recipe(query="genre:house,techno"), parse("genre:house,techno", FIELDS))
    assert by_chance["any"] == [{"contains": {"genre": "house"}}, {"contains": {"genre": "techno"}}]
    assert (by_chance["sort"], by_chance["limit"]) == ("random", 25)
    ordered = Recipe(order="bpm", wishes=Wishes(Length()))
    assert document(ordered, ordered.tree(FIELDS)) == {
        "name": "Playlist",
        "all": [{"gt": {"playcount": -1}}],
        "sort": "bpm",
        "order": "asc",
    }


@pytest.mark.parametrize(
    ("recipe", "why"),
    [
        (Recipe(choose=Similar()), "the way similar"),
        (Recipe(wishes=Wishes(Length(seconds=3600))), "a length in time"),
        (Recipe(wishes=Wishes(max_per_artist=2)), "how many tracks an artist"),
        (Recipe(wishes=Wishes(diversity=0.5)), "diversity"),
        (Recipe(wishes=Wishes(excluded=frozenset({1}))), "single tracks"),
        (Recipe(order="rise"), "the order rise"),
        (Recipe(order="bpm"), "the order bpm of tracks that are chosen otherwise"),
        (Recipe(choose=Filter("loudness")), "an order by loudness"),
    ],
)
def test_wishes_that_it_does_not_know_are_refused(recipe: Recipe, why: str) -> None:
    with pytest.raises(ExportError, match=why):
        document(recipe, parse("", FIELDS))


def test_a_recipe_is_written_refreshed_and_never_over_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ESSENTIALIST_RECIPES", str(tmp_path / "recipes"))
    made_library(tmp_path, 12)
    run = Here(tmp_path / "catalog.db", capsys)
    path = tmp_path / "few.nsp"
    made = run("playlist", "artist:Artist", "-o", str(path), "--save", "few")
    assert made.code == 0, made.err
    assert "few.nsp: rules by which Navidrome finds its tracks" in made.out
    assert json.loads(path.read_text())["all"] == [{"contains": {"artist": "Artist"}}]
    path.unlink()
    assert "few.nsp: rules" in run("refresh", "few").out
    assert json.loads(path.read_text())["name"] == "few"
    assert json.loads(run("refresh", "few", "--json").out)[0]["files"] == [{"path": str(path), "written": None}]
    refused = run("playlist", "arousal:..p50", "-o", str(path))
    assert (refused.code, "write the tracks" in refused.err) == (1, True)
    assert "leave out what is about paths" in run("playlist", "-o", str(path), "--paths", "uri").err
    other = tmp_path / "other.nsp"
    other.write_text("mine")
    assert "holds something else" in run("playlist", "artist:Artist", "-o", str(other)).err
    assert other.read_text() == "mine"
