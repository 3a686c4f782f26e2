"""Reasons say how a track stands to what was asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from essentialist.choosing.wishes import Length, Wishes
from essentialist.descriptors import Descriptor
from essentialist.playlist import Playlist
from essentialist.query import fields_of, parse
from essentialist.recipes.reasons import columns_of, numbers_asked, standing, with_standing
from essentialist.track import Track
from kept import library as made_library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from essentialist.track import Value

FIELDS = fields_of(
    [
        Descriptor("bpm", "Tempo", "number", "BPM", (0, 300), ""),
        Descriptor("arousal", "Arousal", "number", "", (1, 9), ""),
        Descriptor("tags", "Tags", "distribution", "", (0, 1), "", labels=("piano", "Jazz")),
        Descriptor("styles", "Styles", "distribution", "", (0, 1), "", labels=("Electronic---Deep House",)),
        Descriptor("key", "Key", "label", "", None, "", labels=("A",)),
        Descriptor("camelot", "Camelot", "label", "", None, "", labels=("8A",)),
    ]
)
COLUMNS = {"arousal": np.linspace(1, 9, 100), "bpm": np.array([120.0] * 50 + [150.0] * 50)}
VALUES: dict[str, Value] = {
    "bpm": 120.0,
    "arousal": 1.5,
    "tags": {"piano": 0.62, "Jazz": 0.1},
    "styles": {"Electronic---Deep House": 0.3},
    "key": "A",
    "camelot": "8A",
}
TRACK = Track(1, Path("a.flac"), "A", duration=245.0, year=1994, values=VALUES)


def told(query: str, track: Track = TRACK) -> Sequence[str]:
    return list(standing(parse(query, FIELDS), track, COLUMNS))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("arousal:..p20", ["arousal 1.5, lowest 7 %"]),
        ("arousal:<3 or bpm:>100", ["arousal 1.5, lowest 7 %", "bpm 120, ordinary here"]),
        ("arousal:1..2 (arousal:..p10)", ["arousal 1.5, lowest 7 %"]),
        ("tag:piano tag:jazz>0.05", ["piano 0.62", "Jazz 0.10"]),
        ('style:"deep house"', ["Deep House 0.30"]),
        ("style:electronic", ["Deep House 0.30"]),
        ("key:8A", ["8A"]),
        ("duration:<5m year:1990..", ["duration 4:05", "year 1994"]),
        ("-arousal:>5 -tag:jazz a", []),
        ("", []),
    ],
)
def test_a_condition_in_words(query: str, words: list[str]) -> None:
    assert told(query) == words


def test_both_ends_of_the_collection_and_its_middle() -> None:
    for value, words in [(1.0, "lowest 1 %"), (9.0, "highest 1 %"), (5.0, "ordinary here"), (4.15, "lowest 39 %")]:
        track = Track(1, Path("a"), "A", values={"arousal": value})
        assert told("arousal:any arousal:>=1", track) == [f"arousal {value:.2g}, {words}"]


def test_what_is_not_known_is_not_told() -> None:
    assert told("arousal:>1 or tag:piano or key:8A or duration:<3m or bpm:1..", Track(1, Path("a"), "A")) == []


def test_a_ranking_is_not_told_twice() -> None:
    tree = parse("arousal:..p20 bpm:120", FIELDS)
    made = Playlist("A", (TRACK,), {1: "arousal 1.5, lowest of 9"})
    assert with_standing(made, tree, COLUMNS).reasons == {1: "arousal 1.5, lowest of 9; bpm 120, ordinary here"}
    assert numbers_asked(tree) == ("arousal", "bpm")


def test_ranks_are_those_of_the_whole_collection(tmp_path: Path) -> None:
    library = made_library(tmp_path, 50)
    calm = library.playlist("arousal:..p10", wishes=Wishes(Length()))
    assert len(calm.tracks) == 5
    ranks = sorted(int(reason.split("lowest ")[1].split(" %")[0]) for reason in calm.reasons.values())
    assert ranks == [2, 4, 6, 8, 10]
    assert columns_of(library.catalog, ["arousal"])["arousal"].tolist() == sorted(
        track.number("arousal") or 0 for track in library.tracks()
    )


def test_tables_of_a_playlist_hold_the_reasons(tmp_path: Path) -> None:
    library = made_library(tmp_path, 20)
    playlist = library.playlist("arousal:..p50", wishes=Wishes(Length(tracks=5)))
    library.export(playlist, tmp_path / "a.json")
    rows = json.loads((tmp_path / "a.json").read_text())
    assert [row["why"] for row in rows] == [playlist.reasons[track.id] for track in playlist.tracks]
    library.export(playlist, tmp_path / "a.csv")
    assert "why" in (tmp_path / "a.csv").read_text().partition("\n")[0].split(",")
    library.export_table(tmp_path / "all.json")
    assert "why" not in json.loads((tmp_path / "all.json").read_text())[0]
