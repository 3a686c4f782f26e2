"""The evaluation of playlists: its measures, its report on the synthetic collection, its errors."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from essentialist.choosing import transitions
from essentialist.choosing.similarity import Embeddings
from essentialist.evaluation._presets import FEWEST
from essentialist.evaluation._quality import (
    greedy_cost,
    random_costs,
    share_by_chance,
    shares_of_own_kind,
    steps,
    straight_line,
)
from essentialist.evaluation._synthetic import synthetic
from essentialist.evaluation.playlists import below
from essentialist.recipes.shelf import PRESETS
from test_ordering import library

if TYPE_CHECKING:
    from command_line import Here
    from conftest import Collection


def on_a_line(*places: float) -> Embeddings:
    angles = np.array(places)
    return Embeddings(np.arange(len(angles)), np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32))


def test_the_share_of_neighbours_of_a_kind() -> None:
    space = on_a_line(0.0, 0.1, 0.25, 1.0)
    assert shares_of_own_kind(space, [0, 1, 2, 3], ["a", "a", "b", "b"], (1, 2)) == [0.75, 0.375]
    assert share_by_chance(["a", "a", "b", "b"]) == pytest.approx(1 / 3)


def test_steps_and_the_straight_line() -> None:
    space = on_a_line(0.0, 1.0, 0.5, 0.24, 0.76)
    line = straight_line(space, [0, 1, 2, 3, 4], (0, 1), 5)
    assert line == [0, 3, 2, 4, 1]
    assert steps(space, line) == pytest.approx([2 * np.sin(each / 2) for each in (0.24, 0.26, 0.26, 0.24)], abs=1e-3)


def test_costs_of_other_orders() -> None:
    tracks = library(5)
    every = [transitions.mean_cost(each) for each in permutations(tracks)]
    random = random_costs(tracks, None, 3_000)
    assert random.mean() == pytest.approx(np.mean(every), rel=0.02)
    assert random.min() == pytest.approx(min(every), abs=1e-6)
    assert min(every) <= greedy_cost(tracks, None) + 1e-6


def test_the_synthetic_collection_is_the_same_each_time_and_its_kinds_sound_alike() -> None:
    (first, kinds), (again, _) = synthetic(), synthetic()
    assert first.tracks == again.tracks
    shares = shares_of_own_kind(first.space(), [track.id for track in first.tracks], kinds, (5,))
    assert shares[0] > 0.95 > 5 * share_by_chance(kinds)


def test_the_folder_that_stands_for_a_kind() -> None:
    file = Path("/music/games/quest/01.ogg")
    assert below(file, Path("/music")) == (2, "games")
    assert below(file, Path("/music/games")) == (3, "quest")
    assert below(file, Path("/music/games/quest")) == (4, "")
    assert below(file, Path("/other")) == (-1, "")


def test_a_report_has_a_table_of_everything_on_both_collections(here: Here, collection: Collection) -> None:
    answer = here("evaluate", "playlists", str(collection.music), "--json")
    assert answer.code == 0, answer.err
    report = json.loads(answer.out)
    for table in ("similar", "artists", "paths", "orders", "clusters"):
        assert {row["collection"] for row in report[table]} == {"music", "synthetic"}
    assert all(row["most"] <= row["at most"] for row in report["artists"])
    (path, line) = (row for row in report["paths"] if row["collection"] == "synthetic")
    assert path["mean step"] < line["mean step"]
    assert path["largest step"] < line["largest step"]
    smooth = next(row for row in report["orders"] if row["collection"] == "synthetic")
    assert smooth["smooth/random"] <= 0.6
    assert smooth["smooth"] < smooth["greedy"] < smooth["best of 10,000"] < smooth["random"]
    assert {row["preset"] for row in report["presets"]} == {path.stem for path in PRESETS.glob("*.toml")}
    for row in report["presets"]:
        assert 0 <= row["tracks"] <= (row["match"] or 0)
        assert row["tracks"] >= FEWEST or row[f"why not {FEWEST}"]
    kinds = next(row for row in report["clusters"] if row["collection"] == "synthetic")
    assert kinds["kinds"] == kinds["true"]
    assert kinds["rand of two samples"] > 0.9


@pytest.mark.parametrize(
    ("arguments", "said"), [([], "Fewer than two folders"), (["--predictions", "predictions.csv"], "leave out")]
)
def test_what_cannot_be_evaluated_is_one_line(
    here: Here, collection: Collection, tmp_path: Path, arguments: list[str], said: str
) -> None:
    table = tmp_path / "predictions.csv"
    table.write_text("file,bpm\na.mp3,120\n")
    arguments = [str(table) if each == table.name else each for each in arguments]
    answer = here("evaluate", "playlists", str(collection.music / "Beats"), *arguments)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert said in answer.err
